#include "render/truth_color.h"

#include <cmath>

#include "render/response.h"
#include "spectra/colorimetry.h"
#include "spectra/spectra.h"

namespace nearfar::rig {

namespace {

/// Exposure in which continuous light of strength 1 exposes a white well (world.h).
constexpr double kReferenceExposure_s = 0.005;

/// Amounts of both lights in an exposure; a dark scene still has a color, that of the continuous light.
std::array<float, 2> light_amounts(const LightSpec& light, const Instant& instant) {
  const double continuous = light.continuous * instant.exposure_s / kReferenceExposure_s;
  const double strobe = instant.strobe ? light.strobe : 0;
  if (continuous + strobe == 0) return {1, 0};
  return {static_cast<float>(continuous), static_cast<float>(strobe)};
}

/// What reaches the sensor of the radiance from where the principal point looks; all of it where the plate cuts it off.
Spectrum path_weight(const ArmOptics& arm) {
  const PixelPaths paths = arm.paths({arm.truth().cx_px, arm.truth().cy_px}, {0, 0});
  return paths.main ? paths.main->weight : Spectrum::constant(1);
}

/// Response of one channel to both lights together, through plate and lens.
Spectrum channel_response(const ArmResponse& response, Channel channel, const std::array<float, 2>& amounts) {
  return response.color(Light::continuous, channel) * amounts[0] + response.color(Light::strobe, channel) * amounts[1];
}

std::array<Rgb, 24> patches_of(Renderer& renderer, const World& world, Arm arm, const Instant& instant) {
  const std::string& camera = renderer.options().sensitivity[static_cast<std::size_t>(arm)];
  World as_built = world;
  as_built.plate_bump_x_deg = as_built.plate_bump_y_deg = 0;
  as_built.light.polarisation = Polarisation::none;
  const ArmResponse response(*renderer.arm_optics(as_built, arm), camera_sensitivity(camera));
  const std::array<float, 2> amounts = light_amounts(world.light, instant);
  const Spectrum weight = path_weight(*renderer.arm_optics(world, arm));
  std::array<Rgb, 24> colors{};
  for (const Channel channel : {Channel::red, Channel::green, Channel::blue}) {
    const Spectrum seen = channel_response(response, channel, amounts) * weight;
    for (std::size_t patch = 0; patch < colors.size(); ++patch)
      colors[patch][static_cast<std::size_t>(channel)] = dot(seen, color_checker_patches()[patch]);
  }
  return colors;
}

/// XYZ of D65: chromaticity (0.3127, 0.3290) of ITU-R BT.2020, Y = 1.
constexpr Vec3 kD65{0.3127 / 0.3290, 1, (1 - 0.3127 - 0.3290) / 0.3290};
/// XYZ to linear RGB of BT.2020's primaries (0.708, 0.292), (0.170, 0.797), (0.131, 0.046) and D65.
constexpr Mat3 kRec2020FromXyz{{1.7166511880, -0.3556707838, -0.2533662814,  //
                                -0.6666843518, 1.6164812366, 0.0157685458,   //
                                0.0176398574, -0.0427706133, 0.9421031212}};

std::optional<Mat3> inverse(const Mat3& a) {
  const auto& m = a.m;
  const Vec3 r0{m[0], m[1], m[2]}, r1{m[3], m[4], m[5]}, r2{m[6], m[7], m[8]};
  const Vec3 c0 = cross(r1, r2), c1 = cross(r2, r0), c2 = cross(r0, r1);
  const double determinant = dot(r0, c0);
  const double scale = length(r0) * length(r1) * length(r2);
  if (!(std::abs(determinant) > 1e-12 * scale)) return std::nullopt;
  const double s = 1 / determinant;
  return Mat3{{c0.x * s, c1.x * s, c2.x * s, c0.y * s, c1.y * s, c2.y * s, c0.z * s, c1.z * s, c2.z * s}};
}

}  // namespace

std::optional<Mat3> least_squares_matrix(const std::array<Rgb, 24>& from, const std::array<Rgb, 24>& to) {
  Mat3 from_from{{}}, to_from{{}};
  for (std::size_t patch = 0; patch < from.size(); ++patch) {
    for (std::size_t i = 0; i < 3; ++i) {
      for (std::size_t j = 0; j < 3; ++j) {
        from_from.m[i * 3 + j] += from[patch][i] * from[patch][j];
        to_from.m[i * 3 + j] += to[patch][i] * from[patch][j];
      }
    }
  }
  const auto from_from_inverse = inverse(from_from);
  if (!from_from_inverse) return std::nullopt;
  return to_from * *from_from_inverse;
}

std::array<Rgb, 24> patches_in_rec2020() {
  std::array<Rgb, 24> colors{};
  for (std::size_t patch = 0; patch < colors.size(); ++patch) {
    const auto [x, y, z] = relative_xyz(color_checker_patches()[patch], illuminant_d65());
    const Vec3 rgb = kRec2020FromXyz * Vec3{x * kD65.x, y * kD65.y, z * kD65.z};
    colors[patch] = {rgb.x, rgb.y, rgb.z};
  }
  return colors;
}

ColorTruth color_truth(Renderer& renderer, const World& world, const ShotTimes& times) {
  ColorTruth truth;
  truth.patches = {patches_of(renderer, world, Arm::near, times.near),
                   patches_of(renderer, world, Arm::far, times.far)};
  truth.near_to_far = least_squares_matrix(truth.patches[0], truth.patches[1]);
  truth.far_to_rec2020 = least_squares_matrix(truth.patches[1], patches_in_rec2020());
  return truth;
}

}  // namespace nearfar::rig
