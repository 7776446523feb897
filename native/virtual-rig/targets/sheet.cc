#include "targets/sheet.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace nearfar::rig {
namespace {

constexpr double kChordErrorMm = 0.001;
constexpr int kFewestCells = 48;
/// Only a strip that is bent far more than paper would need more.
constexpr int kMostCells = 400;
constexpr float kBackReflectance = 0.3f;

/// Cells along one side so that triangles stay within the chord error of the surface: h² · curvature / 8.
int cells_for(const SheetBend& bend, double side_mm) {
  const double curvature = bend.greatest_curvature();
  if (curvature == 0) return 1;
  const double cells = std::ceil(side_mm * std::sqrt(curvature / (8 * kChordErrorMm)));
  return static_cast<int>(std::clamp<double>(cells, kFewestCells, kMostCells));
}

/// @param behind_mm distance behind the printed face; a back looks the other way.
Mesh tessellated(const SizeMm& sheet, const SheetBend& bend, const Rigid& T_object_sheet, double behind_mm) {
  const int columns = cells_for(bend, sheet.width), rows = cells_for(bend, sheet.height);
  const bool back = behind_mm > 0;
  Mesh mesh;
  for (int row = 0; row <= rows; ++row) {
    for (int column = 0; column <= columns; ++column) {
      const double u = sheet.width * (static_cast<double>(column) / columns - 0.5);
      const double v = sheet.height * (static_cast<double>(row) / rows - 0.5);
      const Vec3 normal = bend.normal(u, v);
      mesh.positions.push_back(to_float(T_object_sheet * (bend.position(u, v) - normal * behind_mm)));
      mesh.normals.push_back(to_float(T_object_sheet.rotation * (back ? -normal : normal)));
      mesh.uvs.push_back({static_cast<float>(u), static_cast<float>(v)});
    }
  }
  const auto stride = static_cast<std::uint32_t>(columns + 1);
  for (std::uint32_t row = 0; row < static_cast<std::uint32_t>(rows); ++row) {
    for (std::uint32_t column = 0; column < static_cast<std::uint32_t>(columns); ++column) {
      const std::uint32_t a = row * stride + column, b = a + 1, c = a + stride, d = c + 1;
      if (back) {
        mesh.triangles.insert(mesh.triangles.end(), {{a, b, c}, {b, d, c}});
      } else {
        mesh.triangles.insert(mesh.triangles.end(), {{a, c, b}, {b, c, d}});
      }
    }
  }
  return mesh;
}

}  // namespace

PlainMaterial::PlainMaterial(const Spectrum& diffuse, float specular) {
  surface_.diffuse = diffuse;
  surface_.specular = specular;
}

void PlainMaterial::shade(const SurfacePoint&, Surface& surface) const { surface = surface_; }

Mesh front_of_sheet(const SizeMm& sheet, const SheetBend& bend, std::shared_ptr<const Material> front,
                    const Rigid& T_object_sheet) {
  Mesh mesh = tessellated(sheet, bend, T_object_sheet, 0);
  mesh.material = std::move(front);
  return mesh;
}

Mesh back_of_sheet(const SizeMm& sheet, const SheetBend& bend, const Rigid& T_object_sheet) {
  Mesh mesh = tessellated(sheet, bend, T_object_sheet, kBoardThicknessMm);
  mesh.material = std::make_shared<PlainMaterial>(Spectrum::constant(kBackReflectance));
  return mesh;
}

std::vector<Mesh> flat_sheet(const SizeMm& sheet, std::shared_ptr<const Material> front) {
  const SheetBend flat(sheet, 0, 0);
  return {front_of_sheet(sheet, flat, std::move(front)), back_of_sheet(sheet, flat)};
}

Vec3f to_float(const Vec3& v) {
  return {static_cast<float>(v.x), static_cast<float>(v.y), static_cast<float>(v.z)};
}

}  // namespace nearfar::rig
