// Sheets: the meshes that carry printed patterns, and plain ones behind them.
#pragma once

#include <memory>
#include <vector>

#include "subjects/mesh.h"
#include "targets/sheet_bend.h"

namespace nearfar::rig {

inline constexpr double kBoardThicknessMm = 1;

/// A surface that is the same everywhere.
class PlainMaterial : public Material {
 public:
  explicit PlainMaterial(const Spectrum& diffuse, float specular = 0.02f);
  void shade(const SurfacePoint& point, Surface& surface) const override;

 private:
  Surface surface_;
};

/// Front of a sheet of that size with `front` on it; uvs are mm on the paper from its centre. Triangles follow
/// the bent shape within 0.002 mm.
Mesh front_of_sheet(const SizeMm& sheet, const SheetBend& bend, std::shared_ptr<const Material> front,
                    const Rigid& T_object_sheet = {});

/// Its grey back, one board's thickness behind.
Mesh back_of_sheet(const SizeMm& sheet, const SheetBend& bend, const Rigid& T_object_sheet = {});

/// Both sides of a flat sheet.
std::vector<Mesh> flat_sheet(const SizeMm& sheet, std::shared_ptr<const Material> front);

Vec3f to_float(const Vec3& v);

}  // namespace nearfar::rig
