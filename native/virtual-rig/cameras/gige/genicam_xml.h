// The cameras' GenICam description: the library's own, adapted at run time.
#pragma once

#include <string>

namespace nearfar::rig {

/// Reads the description built into the installed libaravis and changes what this rig needs:
/// the pixel formats of pixel_format.h, and `Gain` in dB over the gain register in 0.01 dB.
/// Throws std::runtime_error when the library's description is not laid out as expected.
std::string adapted_genicam_xml();

/// Unit of the gain register.
inline constexpr double kGainStepDb = 0.01;
inline constexpr int kMaxGainDb = 48;

}  // namespace nearfar::rig
