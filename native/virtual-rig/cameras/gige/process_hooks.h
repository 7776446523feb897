// Functions of libc and GLib that this program replaces for the camera library.
//
// The library's camera takes no hooks: it asks libc for the interfaces it may listen on, waits in
// g_poll and sends with g_socket_send_to. The program therefore defines those functions itself
// (process_hooks.cc); the dynamic linker prefers them to the originals. They have no argument that
// could carry our state, so the list of hosted cameras below them is this program's one global.
#pragma once

#include <netinet/in.h>

#include <cstddef>
#include <cstdint>
#include <string>

typedef struct _GPollFD GPollFD;

namespace nearfar::rig {

/// What the library is about to send.
struct Packet {
  const std::uint8_t* data;
  std::size_t size;
  int socket;
  sockaddr_in receiver;
};

/// What a hosted camera does in the place of the replaced functions; called on its own thread.
class CameraThread {
 public:
  virtual ~CameraThread() = default;
  /// In place of g_poll.
  virtual int poll(GPollFD* sockets, unsigned count, int timeout_ms) = 0;
  /// Before each packet. @returns false: the packet vanishes, the library believes it was sent.
  virtual bool admit(const Packet& packet) = 0;
};

/// While it lives, getifaddrs lists `address`, so that the camera library can host a camera there.
class HostedAddress {
 public:
  explicit HostedAddress(std::string address);  ///< Dotted IPv4, e.g. 127.7.0.1.
  ~HostedAddress();
  HostedAddress(const HostedAddress&) = delete;
  HostedAddress& operator=(const HostedAddress&) = delete;

  /// A thread that first waits from now on, on sockets bound to the address, asks `camera`; nullptr
  /// ends it, which is allowed only when that thread has ended.
  void attach(CameraThread* camera);

 private:
  std::string address_;
};

}  // namespace nearfar::rig
