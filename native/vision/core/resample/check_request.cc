#include <algorithm>
#include <cmath>
#include <span>
#include <stdexcept>
#include <string>

#include "request.h"

namespace nearfar::vision::resample {
namespace {

constexpr int greatest_side_px = 65535;

void require(bool holds, const std::string& what) {
  if (!holds) throw std::invalid_argument(what);
}

void check_side(const char* name, int px) {
  require(px >= 1 && px <= greatest_side_px,
          std::string(name) + " is " + std::to_string(px) + ", not 1 to " + std::to_string(greatest_side_px) + " px");
}

template <typename Numbers>
void check_finite(const char* name, const Numbers& numbers) {
  require(std::all_of(numbers.begin(), numbers.end(), [](double value) { return std::isfinite(value); }),
          std::string(name) + " has a number that is not finite");
}

void check_source(const Source& source) {
  check_side("source.widthPx", source.width_px);
  check_side("source.heightPx", source.height_px);
  require(source.bits_per_sample == 8 || source.bits_per_sample == 16, "source.bitsPerSample is not 8 or 16");
  require(source.samples_per_pixel == 1 || source.samples_per_pixel == 3, "source.samplesPerPixel is not 1 or 3");
  require(!source.cfa || source.samples_per_pixel == 1, "a mosaic has one sample per pixel");
  require(!source.cfa || std::min(source.width_px, source.height_px) >= 4, "a mosaic is at least 4 px wide and high");
  require(std::isfinite(source.black_level) && std::isfinite(source.white_level) &&
              source.white_level > source.black_level,
          "source.whiteLevel is not above source.blackLevel");
  const int turn = source.mount.rotation_deg;
  require(turn == 0 || turn == 90 || turn == 180 || turn == 270, "mount.rotationDeg is not 0, 90, 180 or 270");
  const auto* memory = std::get_if<MemorySamples>(&source.samples);
  const std::size_t needed = source.row_bytes() * source.height_px;
  require(memory == nullptr || memory->size == needed,
          "source.samples does not hold widthPx × heightPx × samplesPerPixel samples");
}

void check_flat(const Flat& flat) {
  require(flat.columns >= 2 && flat.rows >= 2, "flat has fewer than 2 × 2 nodes");
  require(flat.gains.size() == static_cast<std::size_t>(flat.columns) * flat.rows * 3,
          "flat.gains does not hold rows × columns × 3 numbers");
  check_finite("flat.gains", flat.gains);
}

}  // namespace

void check_request(const Request& request) {
  check_source(request.source);
  check_side("widthPx", request.width_px);
  check_side("heightPx", request.height_px);
  if (const auto* camera = std::get_if<CameraMap>(&request.map)) {
    check_finite("map.rayOfPixel", camera->ray_of_pixel);
    check_finite("map.intrinsics", camera->intrinsics);
    require(camera->intrinsics[0] > 0 && camera->intrinsics[1] > 0,
            "map.intrinsics has a focal length that is not positive");
  } else {
    check_finite("map.homography", std::get<HomographyMap>(request.map).homography);
  }
  check_finite("dark", request.dark);
  if (request.flat) check_flat(*request.flat);
  require(request.color.empty() || request.source.channels() == 3, "a single channel takes no color steps");
  for (const ColorStep& step : request.color) check_finite("color", step.weights);
  require(std::isfinite(request.white) && request.white > 0, "white is not positive");
}

}  // namespace nearfar::vision::resample
