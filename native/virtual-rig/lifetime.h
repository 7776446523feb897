// How long the process lives: until SIGTERM, SIGINT, `quit`, or the end of stdin (the parent died).
#pragma once

namespace nearfar::rig {

class Lifetime {
 public:
  /// Blocks the signals, so make it before any thread. Throws std::system_error.
  Lifetime();
  ~Lifetime();
  Lifetime(const Lifetime&) = delete;
  Lifetime& operator=(const Lifetime&) = delete;

  void wait();
  void end();  ///< From any thread.

 private:
  int signals_ = -1;
  int ended_ = -1;
};

}  // namespace nearfar::rig
