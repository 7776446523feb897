#include "render/response.h"

#include <algorithm>

namespace nearfar::rig {
namespace {

Spectrum weight_in_the_middle(const ArmOptics& optics) {
  const Vec2 middle{(optics.width_px() - 1) / 2.0, (optics.height_px() - 1) / 2.0};
  const PixelPaths paths = optics.paths(middle, {});
  return paths.main ? paths.main->weight : Spectrum::constant(1);
}

}  // namespace

ArmResponse::ArmResponse(const ArmOptics& optics, const CameraSensitivity& sensitivity) {
  const Spectrum weight = weight_in_the_middle(optics);
  const Spectrum* lights[] = {&continuous_light(), &strobe_light()};
  for (std::size_t l = 0; l < 2; ++l) {
    mono_[l] = *lights[l] * sensitivity.mono;
    color_[l] = {*lights[l] * sensitivity.red, *lights[l] * sensitivity.green, *lights[l] * sensitivity.blue};
    for (Spectrum& channel : color_[l]) channel *= 1 / dot(channel, Spectrum::constant(1));
    mono_[l] *= static_cast<float>(kWhiteShare / dot(mono_[l], weight));
    float best = 0;
    for (const Spectrum& channel : color_[l]) best = std::max(best, dot(channel, weight));
    for (Spectrum& channel : color_[l]) channel *= static_cast<float>(kWhiteShare / best);
  }
}

}  // namespace nearfar::rig
