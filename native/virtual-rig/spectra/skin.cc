// Skin as two layers: an epidermis that absorbs by its melanin on the way in and out, over a deep dermis
// that scatters and holds blood.
#include <algorithm>
#include <array>
#include <cmath>

#include "spectra/colorimetry.h"
#include "spectra/shapes.h"
#include "spectra/spectra.h"

namespace nearfar::rig {
namespace {

// Absorption and scattering in 1/cm after Jacques, "Skin optics" (OMLC 1998) and Phys. Med. Biol. 58 (2013)
// R37. What those leave open (path, scattering, vessels, blood share seen) was set so that the melanin range
// spans ITA 60° to -60° and measured skin curves are met.
constexpr double kEpidermisCm = 0.006;
/// Diffuse light crosses a layer on a longer path; both ways together.
constexpr double kPathFactor = 2.6;
constexpr double kScattering500 = 36;
constexpr double kScatteringExponent = 0.8;
/// Of the rough surface, before light enters the skin.
constexpr double kSurfaceReflectance = 0.045;
/// Internal reflection at the skin's boundary in diffusion theory.
constexpr double kBoundary = 1.5;
/// Share of the dermis' blood that lies where light reaches it.
constexpr double kShallowBlood = 0.6;
constexpr double kVesselRadiusCm = 0.0045;
constexpr double kOxygenSaturation = 0.8;
/// Whole blood: 150 g of hemoglobin per litre, 64500 g per mol, decadic to natural.
constexpr double kBloodPerExtinction = 2.303 * 150 / 64500;

/// Molar extinction of hemoglobin at the bands, 1/(cm M): S. Prahl's compilation (OMLC), to three digits.
constexpr std::array<double, kBandCount> kOxyHemoglobin = {266000, 480000, 103000, 44500, 26600, 20900, 24200, 53200,
                                                           32600,  50100,  3200,   942,   442,   320,   278,   290};
constexpr std::array<double, kBandCount> kDeoxyHemoglobin = {223000, 408000, 413000, 23400, 14600, 20900, 31600, 46600,
                                                             53800,  37000,  14700,  6510,  4350,  3230,  2410,  1790};

double melanosome_absorption(double nm) { return 6.6e11 * std::pow(nm, -3.33); }
double bloodless_absorption(double nm) { return 0.244 + 85.3 * std::exp(-(nm - 154) / 66.2); }

/// Blood lies in vessels: where it absorbs much their cores see no light (van Veen et al. 2002).
double blood_absorption(std::size_t band) {
  const double molar = kOxygenSaturation * kOxyHemoglobin[band] + (1 - kOxygenSaturation) * kDeoxyHemoglobin[band];
  const double absorption = kBloodPerExtinction * molar;
  const double depth = 2 * kVesselRadiusCm * absorption;
  return absorption * (1 - std::exp(-depth)) / depth;
}

/// Diffuse reflectance of a deep turbid medium: Flock et al., IEEE Trans. Biomed. Eng. 36 (1989) 1162.
double deep_reflectance(double absorption, double scattering) {
  const double albedo = scattering / (absorption + scattering);
  return albedo / (1 + 2 * kBoundary * (1 - albedo) + (1 + 2 * kBoundary / 3) * std::sqrt(3 * (1 - albedo)));
}

constexpr double kMinMelanin = 0.002;
constexpr double kMaxMelanin = 0.5;
/// Blood at which ITA is defined: a cheek at rest.
constexpr double kTypicalBlood = 0.035;

}  // namespace

Spectrum skin_reflectance(double melanin, double blood) {
  const double shallow = blood * kShallowBlood;
  Spectrum skin;
  for (std::size_t i = 0; i < kBandCount; ++i) {
    const double nm = band_nm(i);
    const double base = bloodless_absorption(nm);
    const double epidermis = melanin * melanosome_absorption(nm) + (1 - melanin) * base;
    const double through = std::exp(-kPathFactor * kEpidermisCm * epidermis);
    const double dermis = deep_reflectance(shallow * blood_absorption(i) + (1 - shallow) * base,
                                           kScattering500 * std::pow(nm / 500, -kScatteringExponent));
    skin.v[i] = static_cast<float>(kSurfaceReflectance + (1 - kSurfaceReflectance) * through * dermis);
  }
  return skin;
}

double melanin_of_ita(double ita_deg) {
  double light = kMinMelanin, dark = kMaxMelanin;
  for (int step = 0; step < 40; ++step) {
    const double middle = (light + dark) / 2;
    (typology_angle_deg(skin_reflectance(middle, kTypicalBlood)) > ita_deg ? light : dark) = middle;
  }
  return (light + dark) / 2;
}

Spectrum hair_reflectance(double melanin_share, double redness) {
  // Eumelanin absorbs the more the shorter the wave; pheomelanin nearly only below 550 nm.
  const double share = std::clamp(melanin_share, 0.0, 1.0), red = std::clamp(redness, 0.0, 1.0);
  return sample_bands([&](double nm) {
    const double eumelanin = (1 - 0.7 * red) * std::pow(nm / 550, -2.5);
    const double pheomelanin = red * std::exp(-(nm - 550) / 70);
    return 0.02 + 0.5 * std::exp(-(0.4 + 4.2 * share) * (eumelanin + pheomelanin));
  });
}

Spectrum iris_reflectance(int kind) {
  // A blue iris is unpigmented stroma that scatters like a fine powder; melanin turns it green, hazel, brown.
  struct Iris {
    double melanin, powder;
  };
  constexpr std::array<Iris, 5> kIrises = {{{1.6, 0.6}, {0.75, 0.8}, {0.42, 1.6}, {0.06, 2.6}, {0.10, 1.0}}};
  const Iris& iris = kIrises[static_cast<std::size_t>(std::clamp(kind, 0, 4))];
  return sample_bands([&](double nm) {
    const double scattered = 0.19 * std::pow(nm / 550, -iris.powder);
    return 0.015 + scattered * std::exp(-iris.melanin * std::pow(nm / 550, -3.33));
  });
}

Spectrum sclera_reflectance() {
  return sample_bands([](double nm) {
    // Thin vessels redden it.
    return 0.62 - 0.06 * std::exp(-(nm - 400) / 60) - 0.05 * gaussian(nm, 555, 28);
  });
}

}  // namespace nearfar::rig
