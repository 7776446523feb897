#include <array>
#include <cmath>
#include <memory>

#include "spectra/spectra.h"
#include "targets/board.h"
#include "targets/sheet.h"

namespace nearfar::rig {
namespace {

constexpr float kBodyReflectance = 0.035f;
/// Patches of such charts are sprayed matte.
constexpr float kPatchSpecular = 0.02f;

Vec2 patch_centre(const ColorChartDefinition& chart, int patch) {
  return {(patch % chart.columns - 0.5 * (chart.columns - 1)) * chart.pitch_mm,
          (patch / chart.columns - 0.5 * (chart.rows - 1)) * chart.pitch_mm};
}

class ChartMaterial : public Material {
 public:
  explicit ChartMaterial(const ColorChartDefinition& chart)
      : chart_(chart), patches_(color_checker_patches()), body_(Spectrum::constant(kBodyReflectance)) {}

  void shade(const SurfacePoint& point, Surface& surface) const override {
    surface = {};
    const int patch = patch_at(point.u, point.v);
    surface.diffuse = patch < 0 ? body_ : patches_[static_cast<std::size_t>(patch)];
    surface.specular = kPatchSpecular;
  }

 private:
  /// -1 between patches.
  int patch_at(double u, double v) const {
    const double x = u / chart_.pitch_mm + 0.5 * chart_.columns, y = v / chart_.pitch_mm + 0.5 * chart_.rows;
    if (!(x >= 0 && y >= 0 && x < chart_.columns && y < chart_.rows)) return -1;
    const double half = 0.5 * chart_.patch_mm / chart_.pitch_mm;
    const double column = std::floor(x), row = std::floor(y);
    if (std::abs(x - column - 0.5) > half || std::abs(y - row - 0.5) > half) return -1;
    return static_cast<int>(row) * chart_.columns + static_cast<int>(column);
  }

  ColorChartDefinition chart_;
  std::array<Spectrum, 24> patches_;
  Spectrum body_;
};

}  // namespace

Object color_chart(const ColorChartDefinition& chart) {
  Object object;
  object.meshes = flat_sheet(chart.body, std::make_shared<ChartMaterial>(chart));
  PointSet patches{"patches", {}};
  for (int patch = 0; patch < chart.columns * chart.rows; ++patch) {
    const Vec2 centre = patch_centre(chart, patch);
    patches.points.push_back({patch, {centre.x, centre.y, 0}});
  }
  object.point_sets.push_back(std::move(patches));
  return object;
}

}  // namespace nearfar::rig
