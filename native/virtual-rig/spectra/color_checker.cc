// The 24 patches of the ColorChecker Classic, after November 2014 edition.
#include <cmath>
#include <numbers>

#include "spectra/shapes.h"
#include "spectra/spectra.h"

namespace nearfar::rig {
namespace {

/// ln(R / (1 - R)) of a patch as a sum of six cosines over 400 to 700 nm and one decay from 400 nm
/// (the ultraviolet edge of titanium white).
/// Fitted to average reflectances of the chart, bound to X-Rite's Lab D50 values of the edition: with the
/// observer of colorimetry.h the patches lie within 0.4 ΔE00 of those.
using PatchCurve = std::array<float, 7>;

constexpr std::array<PatchCurve, 24> kCurves = {{
    {{-2.25f, -0.73f, 0.14f, 0.07f, -0.02f, 0.00f, 0.05f}},  // dark skin
    {{-0.60f, -1.04f, 0.20f, -0.18f, -0.20f, 0.02f, 0.28f}},  // light skin
    {{-1.36f, 0.62f, 0.17f, -0.08f, -0.03f, 0.03f, -0.45f}},  // blue sky
    {{-2.17f, -0.30f, -0.30f, 0.00f, 0.27f, 0.15f, -0.52f}},  // foliage
    {{-0.83f, 0.27f, 0.50f, -0.13f, -0.07f, -0.02f, -0.60f}},  // blue flower
    {{-0.63f, 0.57f, -0.50f, -0.36f, 0.10f, 0.00f, -0.27f}},  // bluish green
    {{-1.24f, -2.05f, -0.05f, 0.27f, -0.15f, -0.22f, 0.59f}},  // orange
    {{-1.64f, 0.82f, 0.60f, -0.24f, -0.06f, -0.21f, -0.46f}},  // purplish blue
    {{-1.30f, -1.42f, 0.76f, 0.17f, -0.39f, -0.02f, 0.32f}},  // moderate red
    {{-2.15f, -0.19f, 0.97f, -0.08f, 0.11f, -0.10f, -0.34f}},  // purple
    {{-1.08f, -1.00f, -0.97f, -0.25f, 0.33f, 0.10f, 0.17f}},  // yellow green
    {{-0.81f, -1.87f, -0.24f, 0.32f, 0.25f, 0.06f, -0.45f}},  // orange yellow
    {{-2.43f, 1.15f, 0.53f, -0.17f, -0.27f, -0.20f, -0.79f}},  // blue
    {{-1.97f, -0.23f, -0.94f, -0.46f, 0.18f, 0.10f, 0.48f}},  // green
    {{-1.77f, -1.99f, 0.99f, -0.18f, -0.27f, 0.26f, -0.02f}},  // red
    {{-0.35f, -2.19f, -0.70f, 0.00f, 0.29f, 0.16f, -0.12f}},  // yellow
    {{-0.74f, -0.96f, 1.43f, -0.05f, -0.23f, 0.14f, -0.52f}},  // magenta
    {{-1.59f, 1.16f, -0.14f, -0.53f, -0.11f, 0.05f, -0.28f}},  // cyan
    {{2.10f, -0.28f, 0.01f, -0.14f, 0.04f, 0.07f, -2.10f}},  // white
    {{0.36f, 0.05f, -0.01f, 0.03f, 0.01f, 0.01f, -1.01f}},  // neutral 8
    {{-0.57f, 0.06f, -0.02f, 0.03f, 0.00f, 0.00f, -0.47f}},  // neutral 6.5
    {{-1.46f, 0.03f, -0.02f, 0.02f, -0.01f, 0.00f, -0.20f}},  // neutral 5
    {{-2.34f, 0.04f, -0.01f, 0.01f, 0.00f, 0.00f, -0.08f}},  // neutral 3.5
    {{-3.41f, 0.01f, 0.02f, 0.00f, 0.01f, 0.01f, -0.05f}},  // black
}};

constexpr double kUltravioletEdgeNm = 12;

Spectrum patch(const PatchCurve& curve) {
  return sample_bands([&](double nm) {
    double logit = curve.back() * std::exp(-(nm - 400) / kUltravioletEdgeNm);
    for (std::size_t k = 0; k + 1 < curve.size(); ++k) {
      logit += curve[k] * std::cos(std::numbers::pi * static_cast<double>(k) * (nm - 400) / 300);
    }
    return 1 / (1 + std::exp(-logit));
  });
}

std::array<Spectrum, 24> make_patches() {
  std::array<Spectrum, 24> patches;
  for (std::size_t i = 0; i < patches.size(); ++i) patches[i] = patch(kCurves[i]);
  return patches;
}

}  // namespace

const std::array<Spectrum, 24>& color_checker_patches() {
  static const std::array<Spectrum, 24> patches = make_patches();
  return patches;
}

}  // namespace nearfar::rig
