#include "lifetime.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>

namespace nearfar::rig {

Lifetime::Lifetime() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  signals_ = signalfd(-1, &set, SFD_CLOEXEC);
  ended_ = eventfd(0, EFD_CLOEXEC);
  if (signals_ < 0 || ended_ < 0) throw std::system_error(errno, std::generic_category(), "signalfd");
}

Lifetime::~Lifetime() {
  close(signals_);
  close(ended_);
}

void Lifetime::end() { eventfd_write(ended_, 1); }

void Lifetime::wait() {
  std::array<pollfd, 3> files{{{signals_, POLLIN, 0}, {ended_, POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}}};
  for (;;) {
    if (poll(files.data(), files.size(), -1) < 0) continue;
    if (files[0].revents != 0 || files[1].revents != 0) return;
    if (files[2].revents == 0) continue;
    std::array<char, 256> ignored;
    if (read(STDIN_FILENO, ignored.data(), ignored.size()) <= 0) return;
  }
}

}  // namespace nearfar::rig
