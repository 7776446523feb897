// A pseudo terminal: the rig holds the master, the host opens the slave's path.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace nearfar::rig {

class Tty {
 public:
  Tty();  ///< Throws std::system_error.
  ~Tty();
  Tty(const Tty&) = delete;
  Tty& operator=(const Tty&) = delete;

  const std::string& path() const { return path_; }
  int fd() const { return master_; }

  /// Bytes from the host, as many as wait; 0 when none does.
  std::size_t read(std::span<std::uint8_t> into);
  /// False when the host reads too slowly and the byte is lost, as on a real adapter.
  bool write(std::uint8_t byte);

 private:
  int master_ = -1;
  int slave_ = -1;  // kept open, or the master would see a hang-up whenever the host closes
  std::string path_;
};

}  // namespace nearfar::rig
