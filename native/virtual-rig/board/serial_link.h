// The serial line between the tty and the chip's UART: bytes take their time on the wire, and
// suffer the link noise. Board thread only, but for the counters.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>

#include "board/chip.h"
#include "board/event_queue.h"
#include "board/link_noise.h"
#include "board/tty.h"

namespace nearfar::rig {

class SerialLink {
 public:
  struct Counters {
    std::atomic<std::uint64_t> to_board{0};
    std::atomic<std::uint64_t> to_host{0};
    std::atomic<std::uint64_t> lost{0};
  };

  SerialLink(Tty& tty, EventQueue& events, std::uint64_t seed);

  /// Connects a chip that has just booted; nothing is under way any more.
  void connect(Chip& chip);

  /// Takes what the host has written, unless enough is under way already.
  void poll_host();
  /// Whether the host's bytes are awaited, i.e. the tty is worth polling.
  bool wants_input() const { return !receiving_; }
  /// The firmware wrote a byte to its UART.
  void send(std::uint8_t byte);

  void set_noise(const LinkNoise& noise);
  const LinkNoise& noise() const { return noise_; }
  void seed(std::uint64_t seed);
  const Counters& counters() const { return counters_; }

 private:
  void receive_next();
  void deliver(std::uint8_t byte);

  Tty& tty_;
  EventQueue& events_;
  Chip* chip_ = nullptr;
  std::deque<std::uint8_t> from_host_;
  bool receiving_ = false;
  Cycle line_free_at_ = 0;
  LinkNoise noise_;
  NoisyLine to_board_;
  NoisyLine to_host_;
  Counters counters_;
};

}  // namespace nearfar::rig
