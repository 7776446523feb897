#include "board/output_pins.h"

#include <simavr/sim_interrupts.h>

#include <cstring>
#include <stdexcept>
#include <utility>

namespace nearfar::rig {
namespace {

// Data addresses of the registers that decide a level.
constexpr avr_io_addr_t kDdrB = 0x24, kPortB = 0x25, kDdrD = 0x2A, kPortD = 0x2B;
constexpr avr_io_addr_t kTccr0a = 0x44, kTccr0b = 0x45, kTccr1a = 0x80, kTccr1c = 0x82;
constexpr std::uint8_t kForceA = 0x80, kForceB = 0x40;

constexpr bool bit_of(std::uint8_t value, std::uint8_t bit) { return ((value >> bit) & 1U) != 0; }

avr_timer_t* timer_of(const avr_t& avr, char name) {
  for (avr_io_t* io = avr.io_port; io != nullptr; io = io->next)
    if (std::strcmp(io->kind, "timer") == 0 && reinterpret_cast<avr_timer_t*>(io)->name == name)
      return reinterpret_cast<avr_timer_t*>(io);
  throw std::runtime_error(std::string("this libsimavr's atmega328p has no timer ") + name);
}

}  // namespace

OutputPins::OutputPins(avr_t& avr, Listener listener) : avr_(avr), listener_(std::move(listener)) {
  units_[0] = {this, Pin::near_trigger, timer_of(avr, '1'), AVR_TIMER_COMPA, kForceA};
  units_[1] = {this, Pin::far_trigger, timer_of(avr, '1'), AVR_TIMER_COMPB, kForceB};
  units_[2] = {this, Pin::strobe, timer_of(avr, '0'), AVR_TIMER_COMPA, kForceA};
  connect(units_[0], '1', kTccr1c);
  connect(units_[1], '1', kTccr1c);
  connect(units_[2], '0', kTccr0b);
  for (const avr_io_addr_t address : {kDdrB, kPortB, kDdrD, kPortD, kTccr0a, kTccr1a})
    avr_irq_register_notify(avr_iomem_getirq(&avr_, address, nullptr, AVR_IOMEM_IRQ_ALL), &on_register, this);
}

void OutputPins::connect(Unit& unit, char timer, avr_io_addr_t force_register) {
  avr_irq_t* const forced = avr_iomem_getirq(&avr_, force_register, nullptr, AVR_IOMEM_IRQ_ALL);
  avr_irq_register_notify(forced, &on_forced, &unit);
  const auto outputs = static_cast<std::uint32_t>(AVR_IOCTL_TIMER_GETIRQ(timer));
  const int output = TIMER_IRQ_OUT_COMP + static_cast<int>(unit.compare);
  avr_irq_t* const matched = avr_io_getirq(&avr_, outputs, output);
  avr_irq_register_notify(matched, &on_compare, &unit);
}

void OutputPins::reset() {
  levels_ = {};
  for (Unit& unit : units_) {
    unit.latch = false;
    unit.last_overflow = 0;
  }
}

unsigned OutputPins::mode_of(const Unit& unit) const {
  const avr_regbit_t& bits = unit.registers().com;
  return (avr_.data[bits.reg] >> bits.bit) & bits.mask;
}

/// simavr reports a match at the end of the running instruction; this is when it really was.
Cycle OutputPins::match_cycle(const Unit& unit) const {
  const Cycle period = unit.timer->tov_cycles;
  const Cycle since_overflow = avr_.cycle - unit.timer->tov_base;
  return avr_.cycle - (since_overflow + period - unit.registers().comp_cycles) % period;
}

void OutputPins::catch_up_matches() {
  for (Unit& unit : units_)
    if (unit.timer->tov_base != unit.last_overflow) catch_up(unit);
}

void OutputPins::catch_up(Unit& unit) {
  const Cycle overflow = unit.timer->tov_base;
  const bool overflowed = overflow == unit.last_overflow + unit.timer->tov_cycles;
  unit.last_overflow = overflow;
  if (!overflowed) return;  // the firmware has started the timer or written its counter
  const Cycle after = unit.registers().comp_cycles;
  if (after == 0 || after >= avr_.cycle - overflow) return;
  avr_raise_interrupt(&avr_, &unit.timer->comp[unit.compare].interrupt);
  match(unit, overflow + after);
}

void OutputPins::match(Unit& unit, Cycle cycle) {
  switch (mode_of(unit)) {
    case avr_timer_com_toggle:
      unit.latch = !unit.latch;
      break;
    case avr_timer_com_clear:
      unit.latch = false;
      break;
    case avr_timer_com_set:
      unit.latch = true;
      break;
    default:
      return;
  }
  refresh(cycle);
}

bool OutputPins::level_of(const PinPlace& place) const {
  if (!bit_of(avr_.data[place.port == 'B' ? kDdrB : kDdrD], place.bit)) return false;
  for (const Unit& unit : units_)
    if (unit.pin == place.pin && mode_of(unit) != avr_timer_com_normal) return unit.latch;
  return bit_of(avr_.data[place.port == 'B' ? kPortB : kPortD], place.bit);
}

void OutputPins::refresh(Cycle cycle) {
  for (const PinPlace& place : kPins) {
    bool& known = levels_[static_cast<std::size_t>(place.pin)];
    if (!place.output || level_of(place) == known) continue;
    known = !known;
    listener_(place.pin, known, cycle);
  }
}

void OutputPins::on_register(avr_irq_t*, std::uint32_t, void* param) {
  auto* pins = static_cast<OutputPins*>(param);
  pins->refresh(pins->avr_.cycle);
}

void OutputPins::on_forced(avr_irq_t*, std::uint32_t value, void* param) {
  auto* unit = static_cast<Unit*>(param);
  if ((value & unit->force_mask) != 0) unit->pins->match(*unit, unit->pins->avr_.cycle);
}

void OutputPins::on_compare(avr_irq_t*, std::uint32_t value, void* param) {
  auto* unit = static_cast<Unit*>(param);
  OutputPins& pins = *unit->pins;
  const unsigned mode = pins.mode_of(*unit);
  // The level that the mode does not lead to is simavr's undoing at an overflow.
  if (mode == avr_timer_com_set && value == 0) return;
  if (mode == avr_timer_com_clear && value != 0) return;
  pins.match(*unit, pins.match_cycle(*unit));
}

}  // namespace nearfar::rig
