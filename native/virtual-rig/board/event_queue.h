// What is to happen at which cycle. Equal cycles keep the order of adding.
#pragma once

#include <cstdint>
#include <functional>
#include <queue>
#include <utility>
#include <vector>

#include "board/chip.h"

namespace nearfar::rig {

class EventQueue {
 public:
  using Action = std::function<void()>;

  void add(Cycle at, Action action) { events_.push({at, order_++, std::move(action)}); }

  void clear() { events_ = {}; }

  /// Cycle of the next event; the largest number when there is none.
  Cycle next() const { return events_.empty() ? ~Cycle{0} : events_.top().at; }

  /// Runs everything due at `now`, including what these events add for `now` or before.
  void run_due(Cycle now) {
    while (next() <= now) {
      // The action may add events, so it leaves the queue first.
      Action action = std::move(const_cast<Event&>(events_.top()).action);
      events_.pop();
      action();
    }
  }

 private:
  struct Event {
    Cycle at;
    std::uint64_t order;
    Action action;

    bool operator<(const Event& other) const {  // priority_queue puts the largest on top
      return at != other.at ? at > other.at : order > other.order;
    }
  };

  std::priority_queue<Event> events_;
  std::uint64_t order_ = 0;
};

}  // namespace nearfar::rig
