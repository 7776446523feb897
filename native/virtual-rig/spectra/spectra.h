// The spectra of the virtual rig: light sources, cameras, plate coating, papers, chart patches and skin.
// Sources of the constants are given where they stand (spectra.cc, skin.cc, color_checker.cc).
#pragma once

#include <array>
#include <filesystem>
#include <string>

#include "spectra/spectrum.h"

namespace nearfar::rig {

enum class Channel { red, green, blue };

/// Quantum efficiency × filter of one camera model by band, scaled so that the channel that sees a white
/// (reflectance 1) under continuous_light() most gives 1.
struct CameraSensitivity {
  Spectrum red;
  Spectrum green;
  Spectrum blue;
  /// Of a monochrome sensor; a white under continuous_light() gives 1.
  Spectrum mono;
};

/// "a" and "b" are two analytic camera models in the repository; any other name is a CSV file of columns
/// nm, r, g, b (at least 400 to 700 nm, rising), or FILE.csv#NAME for its columns NAME_R, NAME_G, NAME_B.
/// Throws AssetError.
CameraSensitivity camera_sensitivity(const std::string& model);

/// Relative radiance of a perfect white under each light, mean 1 over the bands.
const Spectrum& strobe_light();
const Spectrum& continuous_light();

/// Unpolarised reflectance and transmittance of the plate's coating at 45° by band: 50/50 in the mean;
/// with `tint` reflection is warmer than transmission. Absorbs a few percent.
Spectrum coating_reflectance(bool tint);
Spectrum coating_transmittance(bool tint);

/// The 24 patches (after November 2014 edition), row-major from dark skin to black.
const std::array<Spectrum, 24>& color_checker_patches();

Spectrum paper_white();
Spectrum printed_black();

/// Reflectance of skin after a two-layer melanin/hemoglobin model.
/// @param melanin volume share of the epidermis, 0.01 (very light) to 0.43 (very dark).
/// @param blood volume share of the dermis, 0.02 to 0.07 (0.1 and more for lips).
Spectrum skin_reflectance(double melanin, double blood);
/// Melanin share that gives an individual typology angle (ITA, degrees; 60 very light to -60 very dark)
/// to a cheek (blood 0.035) under D65.
double melanin_of_ita(double ita_deg);

/// @param melanin_share 0 (blond) to 1 (black).
/// @param redness 0 to 1: share of pheomelanin.
Spectrum hair_reflectance(double melanin_share, double redness);
/// @param kind 0 brown, 1 hazel, 2 green, 3 blue, 4 grey.
Spectrum iris_reflectance(int kind);
Spectrum sclera_reflectance();

}  // namespace nearfar::rig
