#include "board/tty.h"

#include <fcntl.h>
#include <pty.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace nearfar::rig {

Tty::Tty() {
  termios settings{};
  cfmakeraw(&settings);
  cfsetspeed(&settings, B115200);
  settings.c_cflag |= CS8 | CREAD | CLOCAL;
  char name[128];
  if (openpty(&master_, &slave_, name, &settings, nullptr) != 0)
    throw std::system_error(errno, std::generic_category(), "cannot open a pseudo terminal");
  path_ = name;
  fcntl(master_, F_SETFL, fcntl(master_, F_GETFL) | O_NONBLOCK);
  fcntl(master_, F_SETFD, FD_CLOEXEC);
  fcntl(slave_, F_SETFD, FD_CLOEXEC);
}

Tty::~Tty() {
  close(slave_);
  close(master_);
}

std::size_t Tty::read(std::span<std::uint8_t> into) {
  const ssize_t count = ::read(master_, into.data(), into.size());
  return count > 0 ? static_cast<std::size_t>(count) : 0;
}

bool Tty::write(std::uint8_t byte) { return ::write(master_, &byte, 1) == 1; }

}  // namespace nearfar::rig
