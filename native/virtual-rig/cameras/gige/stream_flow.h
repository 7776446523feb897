// Keeps the stream within what its receiver can take.
//
// The library sends a frame as one burst. A client without privileges has a receive buffer of
// 208 KiB by default and loses most of that burst; a real camera is slowed down by its cable. So we
// ask the kernel (sock_diag) how much the receiving socket holds, and wait while it holds too much.
// Where the kernel does not tell, or the client reads packets another way (a packet socket, as root),
// a short pause every few packets stands in.
#pragma once

#include <netinet/in.h>

#include <cstddef>
#include <optional>

namespace nearfar::rig {

class StreamFlow {
 public:
  StreamFlow();
  ~StreamFlow();
  StreamFlow(const StreamFlow&) = delete;
  StreamFlow& operator=(const StreamFlow&) = delete;

  /// Before a packet of `size` bytes: returns when it may be sent. `socket` is the sender's.
  void pace(int socket, const sockaddr_in& receiver, std::size_t size);

 private:
  std::optional<std::size_t> held_by(const sockaddr_in& receiver, const sockaddr_in& sender) const;
  void wait_for_room(int socket, const sockaddr_in& receiver);

  int netlink_;
  std::size_t bytes_since_check_ = 0;
  /// The receiving socket stayed full for long: nobody reads it.
  bool unread_ = false;
};

}  // namespace nearfar::rig
