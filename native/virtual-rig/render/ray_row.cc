#include "render/ray_row.h"

namespace nearfar::rig {
namespace {

float value(const Quadratic<float>& c, float u, float v) {
  const float a = c[0][0] + u * (c[0][1] + u * c[0][2]);
  const float b = c[1][0] + u * (c[1][1] + u * c[1][2]);
  const float d = c[2][0] + u * (c[2][1] + u * c[2][2]);
  return a + v * (b + v * d);
}

float value(const Bilinear& c, float u, float v) { return c[0] + u * c[1] + v * (c[2] + u * c[3]); }

/// Where the samples lie: offsets from the pixel's centre, and the lens points.
struct Aims {
  alignas(64) Lanes<float> x;
  alignas(64) Lanes<float> y;
  alignas(64) Lanes<float> lens_x;
  alignas(64) Lanes<float> lens_y;
};

void through_table(const Tile& tile, const TilePaths& paths, const Aims& aims, int count, RayRow& rays) {
  Lanes<float> u, v;
  for (std::size_t i = 0; i < kRowRays; ++i) {
    u[i] = (aims.x[i] - tile.centre_x) * tile.scale_x;
    v[i] = (aims.y[i] - tile.centre_y) * tile.scale_y;
  }
  for (std::size_t q = 0; q < 4; ++q) {
    const Quadratic<float> chief = paths.chief[q];
    const Bilinear along_x = paths.lens[q], along_y = paths.lens[4 + q];
    for (std::size_t i = 0; i < kRowRays; ++i)
      rays.slope[q][i] = value(chief, u[i], v[i]) + aims.lens_x[i] * value(along_x, u[i], v[i]) +
                         aims.lens_y[i] * value(along_y, u[i], v[i]);
  }
  for (std::size_t i = 0; i < kRowRays; ++i) rays.alive[i] = i < static_cast<std::size_t>(count);
}

void through_optics(const RayTable& table, std::optional<PathRay> PixelPaths::* kind, const Aims& aims, int count,
                    RayRow& rays) {
  rays.alive.fill(false);
  for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
    const PixelPaths paths = table.optics().paths({aims.x[i], aims.y[i]}, {aims.lens_x[i], aims.lens_y[i]});
    const auto& path = paths.*kind;
    if (!path) continue;
    const SlopeRay ray = table.slope_ray(path->ray);
    rays.alive[i] = true;
    rays.slope[0][i] = ray.x;
    rays.slope[1][i] = ray.y;
    rays.slope[2][i] = ray.slope_x;
    rays.slope[3][i] = ray.slope_y;
  }
}

}  // namespace

RunShifts::RunShifts(const PixelRun& run, std::uint32_t seed) {
  const std::uint32_t row = mixed(static_cast<std::uint32_t>(run.y) + seed);
  for (std::uint32_t i = 0; i < kRowRays; ++i) {
    const std::uint32_t pixel = mixed(static_cast<std::uint32_t>(run.x) + i + row);
    for (std::uint32_t d = 0; d < kSampleDimensions; ++d) bits[d][i] = mixed(pixel + 0x9E3779B9U * (d + 1));
  }
}

void RayRow::aim(const RayTable& table, const Tile& tile, std::optional<PathRay> PixelPaths::* kind,
                 const PixelRun& run, const RunShifts& shifts,
                 const std::array<std::uint32_t, kSampleDimensions>& sample) {
  Aims aims;
  for (std::size_t i = 0; i < kRowRays; ++i) {
    const auto at = [&](std::size_t d) { return unit_float(shifts.bits[d][i] ^ sample[d]); };
    aims.x[i] = static_cast<float>(run.x + static_cast<int>(i)) - 0.5F + at(pixel_x);
    aims.y[i] = static_cast<float>(run.y) - 0.5F + at(pixel_y);
    to_disc(at(lens_u), at(lens_v), aims.lens_x[i], aims.lens_y[i]);
    time[i] = at(shutter_time);
  }
  const TilePaths& paths = kind == &PixelPaths::main ? tile.main : tile.ghost;
  if (paths.kind == TilePaths::Kind::whole) {
    through_table(tile, paths, aims, run.count, *this);
  } else {
    through_optics(table, kind, aims, run.count, *this);
  }
}

void RayRow::enter(const ObjectFromRig& object, float start_dz) {
  const ObjectFromRig o = object;
  for (std::size_t a = 0; a < 3; ++a) {
    const float rx = o.rotation[3 * a], ry = o.rotation[3 * a + 1], rz = o.rotation[3 * a + 2];
    const float t = o.translation[a] + rz * start_dz;
    for (std::size_t i = 0; i < kRowRays; ++i) {
      const float x = slope[0][i] + slope[2][i] * start_dz, y = slope[1][i] + slope[3][i] * start_dz;
      origin[a][i] = rx * x + ry * y + t;
      way[a][i] = rx * slope[2][i] + ry * slope[3][i] + rz;
    }
  }
}

void RayRow::enter(const ObjectFromRig& object, float start_dz, std::size_t i) {
  const float x = slope[0][i] + slope[2][i] * start_dz, y = slope[1][i] + slope[3][i] * start_dz;
  for (std::size_t a = 0; a < 3; ++a) {
    const float rx = object.rotation[3 * a], ry = object.rotation[3 * a + 1], rz = object.rotation[3 * a + 2];
    origin[a][i] = rx * x + ry * y + rz * start_dz + object.translation[a];
    way[a][i] = rx * slope[2][i] + ry * slope[3][i] + rz;
  }
}

}  // namespace nearfar::rig
