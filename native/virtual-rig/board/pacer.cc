#include "board/pacer.h"

#include <time.h>

#include <algorithm>

#include "board/board.h"

namespace nearfar::rig {
namespace {

// Farther behind than this the chip no longer hurries to catch up.
constexpr std::int64_t kSlipNs = 1'000'000'000;
// At free pace sleep still takes this share of its real time, or an idle board would burn a core
// and its host time-out would pass between two requests of the host.
constexpr std::int64_t kFreeSleepFactor = 32;
// Waits shorter than this are collected.
constexpr std::int64_t kShortestWaitNs = 20'000;

std::int64_t ns_of_cycles(Cycle cycles) { return static_cast<std::int64_t>(cycles * 125 / 2); }
Cycle cycles_of_ns(std::int64_t ns) { return static_cast<Cycle>(ns) * 2 / 125; }

}  // namespace

std::int64_t monotonic_ns() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::int64_t>(now.tv_sec) * 1'000'000'000 + now.tv_nsec;
}

Pacer::Pacer(Pace pace) : pace_(pace) {}

Pace Pacer::pace() const {
  std::lock_guard lock(mutex_);
  return pace_;
}

void Pacer::set_pace(Pace pace, Cycle now) {
  std::lock_guard lock(mutex_);
  pace_ = pace;
  if (!frozen_) anchor_locked(now, monotonic_ns());
}

void Pacer::anchor(Cycle now) {
  std::lock_guard lock(mutex_);
  frozen_ = false;
  anchor_locked(now, monotonic_ns());
}

void Pacer::freeze(Cycle now) {
  std::lock_guard lock(mutex_);
  frozen_ = true;
  anchor_locked(now, monotonic_ns());
}

void Pacer::anchor_locked(Cycle now, std::int64_t now_ns) {
  anchor_cycle_ = now;
  anchor_ns_ = now_ns;
}

std::int64_t Pacer::host_ns_locked(Cycle cycle) const {
  return cycle >= anchor_cycle_ ? anchor_ns_ + ns_of_cycles(cycle - anchor_cycle_)
                                : anchor_ns_ - ns_of_cycles(anchor_cycle_ - cycle);
}

std::int64_t Pacer::host_ns(Cycle cycle) const {
  std::lock_guard lock(mutex_);
  return host_ns_locked(cycle);
}

Cycle Pacer::cycle_now() const {
  std::lock_guard lock(mutex_);
  if (frozen_ || pace_ == Pace::free) return anchor_cycle_;
  return anchor_cycle_ + cycles_of_ns(std::max<std::int64_t>(0, monotonic_ns() - anchor_ns_));
}

std::int64_t Pacer::wait_ns(Cycle now, Cycle cycle, bool asleep) {
  std::lock_guard lock(mutex_);
  if (pace_ == Pace::free) return free_wait_ns(now, cycle, asleep);
  const std::int64_t wait = host_ns_locked(cycle) - monotonic_ns();
  if (wait < -kSlipNs) {
    ++slips_;
    anchor_locked(cycle, monotonic_ns());
  }
  return std::max<std::int64_t>(0, wait);
}

// The anchor's ns run as a debt: every stretch of sleep adds its shortened time, and the thread
// waits when the debt is worth a wait.
std::int64_t Pacer::free_wait_ns(Cycle now, Cycle cycle, bool asleep) {
  const std::int64_t now_ns = monotonic_ns();
  anchor_cycle_ = cycle;
  if (!asleep) return 0;
  anchor_ns_ = std::max(anchor_ns_, now_ns) + ns_of_cycles(cycle - now) / kFreeSleepFactor;
  const std::int64_t wait = anchor_ns_ - now_ns;
  return wait < kShortestWaitNs ? 0 : wait;
}

Cycle Pacer::reached(Cycle now, Cycle cycle) const {
  std::lock_guard lock(mutex_);
  if (pace_ == Pace::free) return now + 1;
  const std::int64_t passed = monotonic_ns() - host_ns_locked(now);
  return std::clamp<Cycle>(now + cycles_of_ns(std::max<std::int64_t>(0, passed)), now + 1, cycle);
}

std::int64_t Pacer::lag_ns(Cycle now) const {
  std::lock_guard lock(mutex_);
  return pace_ == Pace::free || frozen_ ? 0 : monotonic_ns() - host_ns_locked(now);
}

std::uint32_t Pacer::slips() const {
  std::lock_guard lock(mutex_);
  return slips_;
}

}  // namespace nearfar::rig
