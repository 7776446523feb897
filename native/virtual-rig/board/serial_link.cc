#include "board/serial_link.h"

#include <algorithm>
#include <array>

namespace nearfar::rig {

SerialLink::SerialLink(Tty& tty, EventQueue& events, std::uint64_t seed)
    : tty_(tty), events_(events), to_board_(seed), to_host_(~seed) {}

void SerialLink::connect(Chip& chip) {
  chip_ = &chip;
  from_host_.clear();
  receiving_ = false;
  line_free_at_ = chip.cycle();
}

void SerialLink::poll_host() {
  if (!receiving_) receive_next();
}

// One byte per byte time. The host's surplus stays in the kernel's tty buffer, which holds the
// host back when it is full.
void SerialLink::receive_next() {
  receiving_ = false;
  if (chip_ == nullptr) return;
  if (from_host_.empty()) {
    std::array<std::uint8_t, 64> bytes;
    const std::size_t count = tty_.read(bytes);
    from_host_.insert(from_host_.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(count));
  }
  if (from_host_.empty()) return;
  const std::uint8_t byte = from_host_.front();
  from_host_.pop_front();
  if (const auto arriving = to_board_.pass(byte)) {
    chip_->receive(*arriving);
    counters_.to_board.fetch_add(1, std::memory_order_relaxed);
  }
  receiving_ = true;
  events_.add(chip_->cycle() + chip_->receive_interval(), [this] { receive_next(); });
}

void SerialLink::send(std::uint8_t byte) {
  line_free_at_ = std::max(line_free_at_, chip_->cycle()) + chip_->wire_cycles_per_byte();
  events_.add(line_free_at_, [this, byte] { deliver(byte); });
}

void SerialLink::deliver(std::uint8_t byte) {
  const auto arriving = to_host_.pass(byte);
  if (!arriving) return;
  auto& counter = tty_.write(*arriving) ? counters_.to_host : counters_.lost;
  counter.fetch_add(1, std::memory_order_relaxed);
}

void SerialLink::set_noise(const LinkNoise& noise) {
  noise_ = noise;
  to_board_.set(noise.to_board_bit_flip, noise.to_board_drop);
  to_host_.set(noise.to_host_bit_flip, noise.to_host_drop);
}

void SerialLink::seed(std::uint64_t seed) {
  to_board_ = NoisyLine(seed);
  to_host_ = NoisyLine(~seed);
  set_noise(noise_);
}

}  // namespace nearfar::rig
