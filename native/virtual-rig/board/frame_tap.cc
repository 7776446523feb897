#include "board/frame_tap.h"

#include <cstdio>
#include <cstring>

#include "protocol.h"

namespace nearfar::rig {
namespace {

constexpr std::size_t kHeaderBytes = 3;
constexpr std::size_t kCrcBytes = 2;

/// The value behind the tick that starts every payload of the board.
template <class Value>
bool value_of(const BoardFrame& frame, Value& value) {
  if (frame.payload.size() != NF_TICK_BYTES + sizeof(Value)) return false;
  std::memcpy(&value, frame.payload.data() + NF_TICK_BYTES, sizeof(Value));
  return true;
}

std::string hex_of(std::uint32_t id) {
  char text[9];
  std::snprintf(text, sizeof text, "%08x", id);
  return text;
}

}  // namespace

std::uint16_t crc16(const std::uint8_t* bytes, std::size_t count) {
  std::uint16_t crc = 0xFFFF;
  for (std::size_t i = 0; i < count; ++i) {
    crc = static_cast<std::uint16_t>(crc ^ (bytes[i] << 8));
    for (int bit = 0; bit < 8; ++bit)
      crc = static_cast<std::uint16_t>((crc & 0x8000) != 0 ? (crc << 1) ^ 0x1021 : crc << 1);
  }
  return crc;
}

bool cobs_decode(const std::vector<std::uint8_t>& encoded, std::vector<std::uint8_t>& decoded) {
  decoded.clear();
  for (std::size_t at = 0; at < encoded.size();) {
    const std::size_t code = encoded[at];
    if (code == 0 || at + code > encoded.size()) return false;
    decoded.insert(decoded.end(), encoded.begin() + static_cast<std::ptrdiff_t>(at) + 1,
                   encoded.begin() + static_cast<std::ptrdiff_t>(at + code));
    at += code;
    if (code < 0xFF && at < encoded.size()) decoded.push_back(0);
  }
  return true;
}

void FrameTap::take(std::uint8_t byte) {
  if (byte == 0)
    end_of_frame();
  else if (encoded_.size() <= NF_MAX_FRAME)  // one too many marks a frame that is too long
    encoded_.push_back(byte);
}

void FrameTap::end_of_frame() {
  std::vector<std::uint8_t> message;
  const bool whole = encoded_.size() < NF_MAX_FRAME && cobs_decode(encoded_, message);
  encoded_.clear();
  if (!whole || message.size() < kHeaderBytes + kCrcBytes) return;
  const std::size_t covered = message.size() - kCrcBytes;
  const auto sent = static_cast<std::uint16_t>(message[covered] | (message[covered + 1] << 8));
  if (crc16(message.data(), covered) != sent) return;
  listener_({message[0], message[1], message[2],
             {message.begin() + kHeaderBytes, message.begin() + static_cast<std::ptrdiff_t>(covered)}});
}

void learn_from(const BoardFrame& frame, ShotContext& shot) {
  if (frame.kind == NF_KIND_EVENT && frame.address == NF_EVENT_BOOTED) {
    nf_event_booted booted{};
    if (value_of(frame, booted)) shot.boot_id = hex_of(booted.boot_id);
  } else if (frame.kind == NF_KIND_READ_REPLY && frame.address == NF_REG_BOOT_ID) {
    nf_reg_boot_id boot{};
    if (value_of(frame, boot)) shot.boot_id = hex_of(boot.id);
  } else if (frame.kind == NF_KIND_WRITE_REPLY && frame.address == NF_REG_ARM) {
    nf_reg_arm arm{};
    if (value_of(frame, arm)) shot.shot_id = arm.shot_id;
  }
}

}  // namespace nearfar::rig
