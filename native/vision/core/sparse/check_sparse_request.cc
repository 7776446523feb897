#include <cmath>
#include <stdexcept>
#include <string>

#include "request.h"

namespace nearfar::vision::sparse {
namespace {

void require(bool holds, const std::string& otherwise) {
  if (!holds) throw std::invalid_argument(otherwise);
}

void check_length(const std::string& name, std::size_t length, std::size_t needed) {
  require(length == needed,
          name + " has " + std::to_string(length) + " entries, but this size needs " + std::to_string(needed));
}

void check_image(const std::string& name, const match::Image& image, std::size_t pixels) {
  require(image.channels == 1 || image.channels == 3, name + ".channels is neither 1 nor 3");
  check_length(name + ".samples", image.samples.size(), pixels * static_cast<std::size_t>(image.channels));
  check_length(name + ".flags", image.flags.size(), pixels);
}

void check_geometry(const match::Geometry& geometry) {
  require(geometry.size >= 64 && geometry.size <= 8192, "sizePx is not from 64 to 8192");
  require(geometry.px_per_mm > 0, "pxPerMm is not positive");
  require(geometry.near_depth_mm > 0 && geometry.far_depth_mm > 0, "nearDepthMm and farDepthMm are not both positive");
  const match::RigErrors& errors = geometry.errors;
  for (const double value : {geometry.px_per_mm, geometry.epipole_x, geometry.epipole_y, geometry.near_depth_mm,
                             geometry.far_depth_mm, errors.offset_x_mm, errors.offset_y_mm, errors.roll_rad,
                             errors.shift_x_px, errors.shift_y_px}) {
    require(std::isfinite(value), "a number of the geometry or of rigErrors is not finite");
  }
}

}  // namespace

void check(const Request& request) {
  check_geometry(request.geometry);
  require(request.window_px >= 7 && request.window_px <= 127 && request.window_px % 2 == 1,
          "windowPx is not an odd number from 7 to 127");
  require(request.step_px >= 1, "stepPx is less than 1");
  const auto pixels = static_cast<std::size_t>(request.geometry.size) * static_cast<std::size_t>(request.geometry.size);
  check_image("near", request.near, pixels);
  check_image("far", request.far, pixels);
  check_length("depthMap", request.depth_mm.size(), pixels);
}

}  // namespace nearfar::vision::sparse
