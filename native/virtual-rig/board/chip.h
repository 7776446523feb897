// The ATmega328P in libsimavr, one instance per boot from power-off. Not thread-safe.
#pragma once

#include <simavr/sim_avr.h>
#include <simavr/avr_uart.h>

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

#include "board/output_pins.h"
#include "board/pins.h"

namespace nearfar::rig {

/// A firmware image read from an ELF file.
class FirmwareImage {
 public:
  /// Throws std::runtime_error when the file cannot be read or is no AVR image.
  explicit FirmwareImage(const std::filesystem::path& file);
  ~FirmwareImage();
  FirmwareImage(const FirmwareImage&) = delete;
  FirmwareImage& operator=(const FirmwareImage&) = delete;

  void load_into(avr_t& avr) const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

class Chip {
 public:
  static constexpr std::size_t kEepromBytes = 1024;
  using Eeprom = std::array<std::uint8_t, kEepromBytes>;

  struct Hooks {
    /// An output changed; `cycle` is corrected to the compare match for compare outputs.
    std::function<void(Pin, bool level, Cycle cycle)> output_changed;
    /// The firmware wrote a byte to the UART.
    std::function<void(std::uint8_t)> byte_sent;
    /// The chip reached the cycle given to set_alarm().
    std::function<void()> alarm;
    /// The chip sleeps and nothing of its own happens within `cycles`: how many really pass.
    std::function<Cycle(Cycle cycles)> sleep;
    /// The chip was reset by its watchdog and is about to execute its first instruction.
    std::function<void()> reset;
  };

  Chip(const FirmwareImage& image, const Eeprom& eeprom, Hooks hooks);
  ~Chip();
  Chip(const Chip&) = delete;
  Chip& operator=(const Chip&) = delete;

  /// One instruction, or one stretch of sleep. False: the firmware has crashed, for good.
  bool step();

  Cycle cycle() const { return avr_->cycle; }
  /// Cycle at which the running boot started Timer 1, or at which it left reset.
  Cycle origin() const { return origin_; }
  void set_alarm(Cycle cycle) { alarm_ = cycle; }

  /// Drives an input pin from outside.
  void drive(Pin pin, bool level);
  /// A byte starts to arrive on the UART; the firmware sees it one byte time later.
  void receive(std::uint8_t byte);
  /// Time of one byte on the wire: ten bit times at the rate the firmware has set.
  Cycle wire_cycles_per_byte() const;
  /// How often the simulated UART can take a byte (simavr counts a parity bit that is not there).
  Cycle receive_interval() const;

  Eeprom eeprom() const;

 private:
  static void on_uart(avr_irq_t* irq, std::uint32_t value, void* param);
  static void on_timer_control(avr_irq_t* irq, std::uint32_t value, void* param);

  void connect();
  void after_reset();
  void clear_input(Pin pin);
  avr_uart_t* uart() const;

  avr_t* avr_;
  avr_run_t normal_run_;
  Hooks hooks_;
  std::unique_ptr<OutputPins> outputs_;
  avr_uart_t* uart_ = nullptr;
  avr_irq_t* uart_input_ = nullptr;
  std::array<bool, kPins.size()> input_levels_{};
  Cycle alarm_ = ~Cycle{0};
  Cycle origin_ = 0;
  bool timer_started_ = false;
};

}  // namespace nearfar::rig
