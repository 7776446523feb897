// Pixel formats the cameras offer, by their GenICam PFNC names and codes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace nearfar::rig {

enum class Packing { bytes, words, packed12 };

struct PixelFormat {
  std::string_view name;
  std::uint32_t code;
  /// Bits that a sample may use; deeper sensor values are shifted down to fit.
  int sample_bits;
  Packing packing;
  /// Red, green / green, blue, starting at the sensor's top left pixel.
  bool bayer;
};

inline constexpr std::array<PixelFormat, 7> kPixelFormats{{
    {"Mono8", 0x01080001, 8, Packing::bytes, false},
    {"Mono12", 0x01100005, 12, Packing::words, false},
    {"Mono12p", 0x010C0047, 12, Packing::packed12, false},
    {"Mono16", 0x01100007, 16, Packing::words, false},
    {"BayerRG8", 0x01080009, 8, Packing::bytes, true},
    {"BayerRG12", 0x01100011, 12, Packing::words, true},
    {"BayerRG16", 0x0110002E, 16, Packing::words, true},
}};

/// @returns nullptr for a format that the cameras do not have.
const PixelFormat* find_pixel_format(std::string_view name);
const PixelFormat* find_pixel_format(std::uint32_t code);

/// Bytes of a frame on the wire; lines of a packed format are not padded.
std::size_t payload_bytes(const PixelFormat& format, std::size_t sample_count);

/// Samples of the sensor's depth as they travel; deeper ones are shifted down to the format's.
std::vector<std::uint8_t> payload_of(const PixelFormat& format, int bit_depth, std::vector<std::uint16_t>& samples);

/// @param out payload_bytes long. Samples must fit in the format's sample_bits.
void pack_samples(const PixelFormat& format, std::span<const std::uint16_t> samples, std::span<std::uint8_t> out);

}  // namespace nearfar::rig
