// The chip's output lines as silicon would show them.
//
// simavr 1.6 does not get compare outputs right: at every timer overflow it undoes a set-on-match or
// clear-on-match, in normal mode too; it skips a match that falls into the instruction during which
// the timer overflows; it lets a port write change a pin that a compare unit owns; and it has
// neither the compare unit's latch nor forced matches. So the levels are worked out here: a pin
// shows its latch while its unit is connected (COM not 0) and its PORT bit otherwise; the latch
// changes at a match, one clock after the counter equals OCR, or at a forced one, and keeps its
// level while the pin is disconnected (data sheet, 16-bit timer, compare match output unit).
#pragma once

#include <simavr/avr_timer.h>
#include <simavr/sim_avr.h>

#include <array>
#include <cstdint>
#include <functional>

#include "board/pins.h"

namespace nearfar::rig {

using Cycle = std::uint64_t;

class OutputPins {
 public:
  using Listener = std::function<void(Pin, bool level, Cycle cycle)>;

  OutputPins(avr_t& avr, Listener listener);
  OutputPins(const OutputPins&) = delete;
  OutputPins& operator=(const OutputPins&) = delete;

  /// After a reset of the chip: all lines are low (pulled down), the listener is not told.
  void reset();
  /// Makes up for the matches that simavr skips. Call it after the cycle timers.
  void catch_up_matches();

 private:
  /// One compare unit that drives a pin.
  struct Unit {
    OutputPins* pins = nullptr;
    Pin pin = Pin::near_trigger;
    avr_timer_t* timer = nullptr;
    std::size_t compare = 0;
    std::uint8_t force_mask = 0;
    Cycle last_overflow = 0;
    bool latch = false;

    const avr_timer_comp_t& registers() const { return timer->comp[compare]; }
  };

  static void on_register(avr_irq_t* irq, std::uint32_t value, void* param);
  static void on_forced(avr_irq_t* irq, std::uint32_t value, void* param);
  static void on_compare(avr_irq_t* irq, std::uint32_t value, void* param);

  void connect(Unit& unit, char timer, avr_io_addr_t force_register);
  void match(Unit& unit, Cycle cycle);
  void catch_up(Unit& unit);
  void refresh(Cycle cycle);
  bool level_of(const PinPlace& place) const;
  unsigned mode_of(const Unit& unit) const;
  Cycle match_cycle(const Unit& unit) const;

  avr_t& avr_;
  Listener listener_;
  std::array<Unit, 3> units_{};
  std::array<bool, kPins.size()> levels_{};
};

}  // namespace nearfar::rig
