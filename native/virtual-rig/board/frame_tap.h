// Reads the board's own frames off the line: COBS, CRC-16 (native/protocol/PROTOCOL.md).
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "board/board.h"

namespace nearfar::rig {

class FrameTap {
 public:
  explicit FrameTap(std::function<void(const BoardFrame&)> listener) : listener_(std::move(listener)) {}

  /// Takes the next byte of the stream; a bad frame is skipped.
  void take(std::uint8_t byte);
  /// The chip was reset in the middle of whatever it was sending.
  void restart() { encoded_.clear(); }

 private:
  void end_of_frame();

  std::function<void(const BoardFrame&)> listener_;
  std::vector<std::uint8_t> encoded_;
};

/// CRC-16/CCITT-FALSE.
std::uint16_t crc16(const std::uint8_t* bytes, std::size_t count);

/// Unstuffs COBS (without the closing zero); false when it is malformed.
bool cobs_decode(const std::vector<std::uint8_t>& encoded, std::vector<std::uint8_t>& decoded);

/// What the frames tell about the shot in progress: boot id and armed shot id.
void learn_from(const BoardFrame& frame, ShotContext& shot);

}  // namespace nearfar::rig
