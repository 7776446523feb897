// Keeps the chip's cycles and CLOCK_MONOTONIC together. Any thread may ask; the board thread steers.
#pragma once

#include <cstdint>
#include <mutex>

#include "board/chip.h"

namespace nearfar::rig {

enum class Pace : std::uint8_t;  // board.h

std::int64_t monotonic_ns();

class Pacer {
 public:
  explicit Pacer(Pace pace);

  Pace pace() const;
  void set_pace(Pace pace, Cycle now);
  /// From now on `now` is the present moment; used at boots.
  void anchor(Cycle now);
  /// The chip stands still at `now` until the next anchor().
  void freeze(Cycle now);

  /// CLOCK_MONOTONIC when the chip reaches (or reached) `cycle`.
  std::int64_t host_ns(Cycle cycle) const;
  /// The cycle the chip should be at; exact only at real pace.
  Cycle cycle_now() const;

  /// ns the board thread has to wait before the chip may be at `cycle`; 0: go on. Call it with
  /// `asleep` when the cycles up to `cycle` are sleep, not instructions.
  std::int64_t wait_ns(Cycle now, Cycle cycle, bool asleep);
  /// The cycle reached when a wait for `cycle` was cut short.
  Cycle reached(Cycle now, Cycle cycle) const;

  std::int64_t lag_ns(Cycle now) const;
  std::uint32_t slips() const;

 private:
  std::int64_t free_wait_ns(Cycle now, Cycle cycle, bool asleep);
  std::int64_t host_ns_locked(Cycle cycle) const;
  void anchor_locked(Cycle now, std::int64_t now_ns);

  mutable std::mutex mutex_;
  Pace pace_;
  bool frozen_ = true;
  Cycle anchor_cycle_ = 0;
  std::int64_t anchor_ns_ = 0;
  std::uint32_t slips_ = 0;
};

}  // namespace nearfar::rig
