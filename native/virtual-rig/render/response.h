// From radiance by band to the signal of a channel.
#pragma once

#include <array>

#include "optics/arm_optics.h"
#include "spectra/spectra.h"

namespace nearfar::rig {

enum class Light { continuous, strobe };

/// Signal of an arm's channels for a white under each light, by band, before plate and lens.
///
/// Scaled for each light so that a white in full light on the image's middle gives 0.75 of full scale in the
/// channel that sees it best (mono: in its only one), through the plate and lens of the arm, and so that the
/// channels of a color camera are balanced for the light itself: the laboratory has set its lights, gains and
/// white balance so. Vignetting, the plate's tint and shading by angle stay.
class ArmResponse {
 public:
  /// @param optics with the plate as it was built.
  ArmResponse(const ArmOptics& optics, const CameraSensitivity& sensitivity);

  const Spectrum& mono(Light light) const { return mono_[static_cast<std::size_t>(light)]; }
  const Spectrum& color(Light light, Channel channel) const {
    return color_[static_cast<std::size_t>(light)][static_cast<std::size_t>(channel)];
  }

 private:
  std::array<Spectrum, 2> mono_;
  std::array<std::array<Spectrum, 3>, 2> color_;
};

/// Share of full scale that a white gives at 5000 µs and 0 dB.
inline constexpr double kWhiteShare = 0.75;

}  // namespace nearfar::rig
