// An arm's light paths as polynomials on tiles of the image: what ArmOptics::paths() gives, at a hundredth of the time.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "optics/arm_optics.h"
#include "spectra/spectrum.h"

namespace nearfar::rig {

/// A ray by its place on the reference plane z = z_ref and its slopes dx/dz, dy/dz; mm, rig frame.
struct SlopeRay {
  float x = 0;
  float y = 0;
  float slope_x = 0;
  float slope_y = 0;
};

/// Coefficients c[i][j] of Σ c[i][j] v^i u^j, i and j 0 to 2; u and v run from -1 to 1 over a tile.
template <typename T>
using Quadratic = std::array<std::array<T, 3>, 3>;
/// Coefficients of c0 + c1 u + c2 v + c3 u v.
using Bilinear = std::array<float, 4>;

/// One kind of path (main or ghost) over one tile.
struct TilePaths {
  enum class Kind { none, whole, partial } kind = Kind::none;
  /// Chief ray: x, y, slope_x, slope_y.
  std::array<Quadratic<float>, 4> chief;
  /// Change of those four with the lens point's x, then with its y.
  std::array<Bilinear, 8> lens;
  /// Of a partial tile: the mean, for pixels that the edge covers but for a part.
  Quadratic<Spectrum> weight;
  /// Diattenuation and the analysed axis (rig frame). Of a partial tile: the mean.
  std::array<Bilinear, 4> polarisation;
};

struct Tile {
  float centre_x = 0;
  float centre_y = 0;
  /// Tile coordinate u = (x - centre_x) × scale_x.
  float scale_x = 1;
  float scale_y = 1;
  TilePaths main;
  TilePaths ghost;
  /// Where `main` is whole.
  Quadratic<Spectrum> trap;
};

/// Immutable and thread-safe. Building it takes some 26,000 calls of paths() for 1024 × 1280 px.
///
/// Tiles measure at most 32 px; positions differ from paths() by less than 0.001 px (render_test.cc) because
/// distortion and refraction are smooth: the third-order term over half a tile is about 1e-4 px. A tile that
/// is cut by the plate's edge or the field's is `partial`: its rays, and what its pixels make of them, come from
/// paths() one by one.
class RayTable {
 public:
  RayTable(std::shared_ptr<const ArmOptics> optics, double z_ref_mm);

  int tile_columns() const { return columns_; }
  int tile_rows() const { return rows_; }
  /// First pixel of a tile column or row; that of the index one too far is the image's size.
  int first_x(int column) const;
  int first_y(int row) const;
  const Tile& tile(int column, int row) const { return tiles_[static_cast<std::size_t>(row * columns_ + column)]; }

  const ArmOptics& optics() const { return *optics_; }
  double z_ref_mm() const { return z_ref_mm_; }
  SlopeRay slope_ray(const Ray& ray) const;

 private:
  std::shared_ptr<const ArmOptics> optics_;
  double z_ref_mm_;
  int columns_;
  int rows_;
  std::vector<Tile> tiles_;
};

}  // namespace nearfar::rig
