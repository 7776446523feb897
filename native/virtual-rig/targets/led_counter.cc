#include <memory>
#include <utility>

#include "cameras/scene/led_panel.h"
#include "targets/sheet.h"
#include "targets/targets.h"

namespace nearfar::rig {
namespace {

constexpr double kCellMm = 10;
constexpr SizeMm kPanel{kLedColumns * kCellMm, kLedRows * kCellMm};
/// As shares of a cell: the LED takes its central 60 %; the lit frame stays well outside the LEDs.
constexpr double kLedFrom = 0.2, kLedTo = 0.8, kFrame = 0.08;
constexpr float kLitRadiance = 1;
constexpr float kBodyReflectance = 0.02f, kUnlitReflectance = 0.04f;

/// Shows 96 bits.
class LedCounterMaterial : public Material {
 public:
  explicit LedCounterMaterial(std::array<std::uint8_t, 12> bits) : bits_(bits) {}

  void shade(const SurfacePoint& point, Surface& surface) const override {
    surface = {};
    surface.diffuse = Spectrum::constant(kBodyReflectance);
    const double x = point.u / kCellMm + 0.5 * kLedColumns, y = point.v / kCellMm + 0.5 * kLedRows;
    if (x < kFrame || y < kFrame || x >= kLedColumns - kFrame || y >= kLedRows - kFrame) {
      surface.emission = Spectrum::constant(kLitRadiance);
      return;
    }
    const int column = static_cast<int>(x), row = static_cast<int>(y);
    const double right = x - column, down = y - row;
    if (right < kLedFrom || right >= kLedTo || down < kLedFrom || down >= kLedTo) return;
    surface.diffuse = Spectrum::constant(kUnlitReflectance);
    if (lit(row * kLedColumns + column)) surface.emission = Spectrum::constant(kLitRadiance);
  }

 private:
  bool lit(int led) const { return ((bits_[static_cast<std::size_t>(led / 8)] >> (led % 8)) & 1) != 0; }

  std::array<std::uint8_t, 12> bits_;
};

}  // namespace

std::shared_ptr<const Object> build_led_counter(std::array<std::uint8_t, 12> bits) {
  Object object;
  object.meshes = flat_sheet(kPanel, std::make_shared<LedCounterMaterial>(bits));
  const double x = kPanel.width / 2, y = kPanel.height / 2;
  object.point_sets.push_back(
      {"panel", {{0, {-x, -y, 0}}, {1, {x, -y, 0}}, {2, {x, y, 0}}, {3, {-x, y, 0}}}});
  return std::make_shared<const Object>(std::move(object));
}

}  // namespace nearfar::rig
