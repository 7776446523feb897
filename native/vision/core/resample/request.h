#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace nearfar::vision::resample {

/// Plain form of src/native/resample.ts, which says what the members mean.

struct FileSamples {
  std::string path;
  std::uint64_t byte_offset = 0;
  bool little_endian = true;
};

/// In the machine's own byte order, at an address fit for words. They may be somebody else's, who keeps them as they
/// are while they are looked at.
struct MemorySamples {
  std::shared_ptr<const std::byte[]> bytes;
  std::size_t size = 0;
};

enum class Cfa { rggb, bggr, gbrg, grbg };

struct Mount {
  int rotation_deg = 0;
  bool mirrored = false;
};

struct Source {
  std::variant<FileSamples, MemorySamples> samples;
  int bits_per_sample = 16;
  int width_px = 0;
  int height_px = 0;
  /// Of the file: 1 or 3; 1 for a mosaic.
  int samples_per_pixel = 1;
  std::optional<Cfa> cfa;
  bool srgb = false;
  double black_level = 0;
  double white_level = 65535;
  Mount mount;

  /// Of the picture, a mosaic being full color: 1 or 3.
  int channels() const { return cfa ? 3 : samples_per_pixel; }
  std::size_t row_bytes() const {
    return static_cast<std::size_t>(width_px) * samples_per_pixel * (bits_per_sample / 8);
  }
};

struct CameraMap {
  std::array<double, 9> ray_of_pixel;
  std::array<double, 9> intrinsics;
};

struct HomographyMap {
  std::array<double, 9> homography;
};

/// Nodes from the first to the last pixel of the upright frame.
struct Flat {
  int columns = 0;
  int rows = 0;
  std::vector<float> gains;
};

/// Rows of three or six weights.
struct ColorStep {
  int terms = 3;
  std::array<float, 18> weights{};
};

struct Request {
  Source source;
  std::variant<CameraMap, HomographyMap> map;
  int width_px = 0;
  int height_px = 0;
  /// Light of the dark, shares; taken off before all else.
  std::array<float, 3> dark{};
  std::optional<Flat> flat;
  std::vector<ColorStep> color;
  double white = 0;
};

constexpr std::uint8_t valid_bit = 1;
constexpr std::uint8_t clipped_bit = 2;

struct Result {
  int width_px = 0;
  int height_px = 0;
  int channels = 1;
  std::vector<std::uint16_t> samples;
  std::vector<std::uint8_t> flags;
  std::size_t valid_px = 0;
  std::size_t clipped_px = 0;
  double source_px_per_px = 0;
};

/// @throws std::invalid_argument naming the member that makes no sense.
void check_request(const Request& request);

}  // namespace nearfar::vision::resample
