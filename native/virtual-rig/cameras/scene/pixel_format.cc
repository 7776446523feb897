#include "cameras/scene/pixel_format.h"

#include <algorithm>
#include <cstring>

namespace nearfar::rig {
namespace {

/// PFNC Mono12p: least significant bits first, two samples in three bytes.
void pack12(std::span<const std::uint16_t> samples, std::span<std::uint8_t> out) {
  std::size_t at = 0;
  for (std::size_t i = 0; i + 1 < samples.size(); i += 2) {
    const unsigned first = samples[i], second = samples[i + 1];
    out[at++] = static_cast<std::uint8_t>(first);
    out[at++] = static_cast<std::uint8_t>((first >> 8) | (second << 4));
    out[at++] = static_cast<std::uint8_t>(second >> 4);
  }
  // The camera library counts bits / 8 rounded down, so half a trailing sample may be cut off.
  if (samples.size() % 2 != 0 && at < out.size()) out[at] = static_cast<std::uint8_t>(samples.back());
}

}  // namespace

const PixelFormat* find_pixel_format(std::string_view name) {
  const auto found = std::ranges::find(kPixelFormats, name, &PixelFormat::name);
  return found == kPixelFormats.end() ? nullptr : &*found;
}

const PixelFormat* find_pixel_format(std::uint32_t code) {
  const auto found = std::ranges::find(kPixelFormats, code, &PixelFormat::code);
  return found == kPixelFormats.end() ? nullptr : &*found;
}

std::size_t payload_bytes(const PixelFormat& format, std::size_t sample_count) {
  const std::size_t bits_per_sample = (format.code >> 16) & 0xFF;
  return sample_count * bits_per_sample / 8;
}

void pack_samples(const PixelFormat& format, std::span<const std::uint16_t> samples, std::span<std::uint8_t> out) {
  switch (format.packing) {
    case Packing::bytes:
      std::ranges::transform(samples, out.begin(), [](std::uint16_t v) { return static_cast<std::uint8_t>(v); });
      break;
    case Packing::words:
      std::memcpy(out.data(), samples.data(), samples.size_bytes());
      break;
    case Packing::packed12:
      pack12(samples, out);
      break;
  }
}

std::vector<std::uint8_t> payload_of(const PixelFormat& format, int bit_depth, std::vector<std::uint16_t>& samples) {
  const int excess_bits = bit_depth - format.sample_bits;
  if (excess_bits > 0) {
    for (std::uint16_t& sample : samples) sample = static_cast<std::uint16_t>(sample >> excess_bits);
  }
  std::vector<std::uint8_t> payload(payload_bytes(format, samples.size()));
  pack_samples(format, samples, payload);
  return payload;
}

}  // namespace nearfar::rig
