// What lens, mirror and plate do to small images, against what geometry says.
#include <algorithm>
#include <cmath>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "cameras/scene/random.h"
#include "optics/sensor_mount.h"
#include "render/highlight.h"
#include "render/ray_table.h"
#include "test/render_fixture.h"
#include "test/suites.h"

namespace nearfar::rig::test {
namespace {

using namespace render_fixture;

void mirror_of_no_thickness_unfolds() {
  RigOptics optics = clean_optics();
  optics.plate.thickness_mm = 0;
  World world = target_world("chessboard-9x6");
  world.T_rig_target = Rigid{rotation_about({0.2, -0.15, 0.1}), {0, 0, kEyePlane}};
  Renderer through_mirror(small(optics));
  optics.plate.present = false;
  Renderer unfolded(small(optics));
  const SignalImage a = frame(through_mirror, world, Arm::near), b = frame(unfolded, world, Arm::near);
  int differing = 0;
  for (std::size_t i = 0; i < a.values.size(); ++i) differing += std::abs(a.values[i] - b.values[i]) > 1e-5;
  // A sample that meets an edge to within rounding may fall on either side of it.
  expect(differing <= 3, std::to_string(differing) + " pixels differ");
}

/// What a veil adds to a view: as it is rendered, and as the plate's weights have it.
class VeiledView {
 public:
  VeiledView(const RigOptics& rig, Arm arm, double share) : renderer_(small(rig)) {
    World world = flat_world();
    closed_ = frame(renderer_, world, arm);
    world.light.veil = share;
    open_ = frame(renderer_, world, arm);
    optics_ = renderer_.arm_optics(world, arm);
    scale_ = share * 0.75 / dot(optics_->paths({127.5, 159.5}, {}).main->weight, seen_as_);
  }

  double rendered(int x, int y) const { return at(open_, x, y) - at(closed_, x, y); }
  Spectrum trap(int x, int y) const { return optics_->paths({x + 0.0, y + 0.0}, {}).trap_weight; }
  double expected(int x, int y) const { return scale_ * dot(trap(x, y), seen_as_); }

 private:
  Renderer renderer_;
  Spectrum seen_as_ = continuous_light() * camera_sensitivity("a").mono;
  SignalImage closed_;
  SignalImage open_;
  std::shared_ptr<const ArmOptics> optics_;
  double scale_ = 0;
};

void veil_adds_the_trap() {
  const VeiledView view(real_optics(), Arm::far, 0.05);
  expect(view.expected(40, 60) > 0.01, "there is a veil to see");
  expect_near(view.rendered(40, 60), view.expected(40, 60), 1e-5, "veil");
}

/// A plate that is too small for the near view.
RigOptics small_plate_optics() {
  RigOptics optics = real_optics();
  optics.plate.width_mm = 260;
  optics.plate.ghost = false;
  return optics;
}

void veil_ends_at_the_plates_edge() {
  const VeiledView view(small_plate_optics(), Arm::near, 0.1);
  int dark = 0, veiled = 0;
  for (int y = 0; y < 320; ++y) {
    for (int x = 0; x < 256; ++x) {
      expect_near(view.rendered(x, y), view.expected(x, y), 1e-5,
                  "veil at " + std::to_string(x) + ", " + std::to_string(y));
      ++(view.trap(x, y).v == Spectrum{}.v ? dark : veiled);
    }
  }
  expect(dark > 300 && veiled > 10'000, "the edge is in the view");
}

void plate_edge_analyses_like_the_rest() {
  // A face, whose highlights the plate analyses, seen by a plate whose edge cuts tiles and by one that cuts none.
  RigOptics cut = real_optics();
  cut.plate.ghost = false;
  RigOptics whole = cut;
  cut.plate.width_mm = 100;
  World world;
  world.kind = SceneKind::subject;
  Renderer with_edge(small(cut)), without(small(whole));
  const auto view = with_edge.arm_optics(world, Arm::near);
  const SignalImage a = frame(with_edge, world, Arm::near), b = frame(without, world, Arm::near);
  int compared = 0;
  double difference = 0, sum = 0;
  for (int y = 80; y < 240; ++y) {
    for (int x = 0; x < 256; ++x) {
      int passing = 0;
      for (const double side : {-0.5, 0.5})
        for (const double lens : {-1.0, 1.0}) passing += view->paths({x + side, y + 0.0}, {lens, 0}).main.has_value();
      if (passing < 4) continue;
      ++compared;
      difference += std::abs(at(a, x, y) - at(b, x, y));
      sum += at(b, x, y);
    }
  }
  expect(compared > 10'000, "much of the face is lit");
  // The plates' flaws differ a little. Highlights that are not analysed at the edge make 1.2e-3.
  expect_near(difference / sum, 0, 4e-4, "signal between the edges");
}

void plate_edge_is_black() {
  Renderer renderer(small(small_plate_optics()));
  World world = flat_world();
  world.samples_per_pixel = 16;
  const SignalImage image = frame(renderer, world, Arm::near);
  const auto view = renderer.arm_optics(world, Arm::near);
  const Spectrum seen_as = continuous_light() * camera_sensitivity("a").mono;
  const double scale = 0.75 / dot(view->paths({127.5, 159.5}, {}).main->weight, seen_as);
  int cut = 0;
  for (int y = 0; y < 320; y += 3) {
    for (int x = 0; x < 256; ++x) {
      // Left and right edges of the pixel and of the lens: all pass inside the view, none beyond the plate.
      int passing = 0;
      for (const double side : {-0.5, 0.5})
        for (const double lens : {-1.0, 1.0}) passing += view->paths({x + side, y + 0.0}, {lens, 0}).main.has_value();
      if (passing == 0) expect_near(at(image, x, y), 0, 0, "beyond the plate");
      if (passing == 4) {
        const PixelPaths paths = view->paths({x + 0.0, y + 0.0}, {});
        expect_near(at(image, x, y), scale * dot(paths.main->weight, seen_as), 2e-4, "inside");
      }
      cut += passing == 0;
    }
  }
  expect(cut > 100, "the plate is too small for this view");
}

void mosaic_begins_with_red_on_the_sensor() {
  Renderer renderer(small(real_optics()));
  const World world = target_world("colorchecker-mini");
  const SensorMount mount(renderer.options().optics.near, 256, 320);
  const SignalImage mosaic = frame(renderer, world, Arm::near, {}, Sampling::bayer_rg);
  const SignalImage color = frame(renderer, world, Arm::near, {}, Sampling::rgb);
  const int channel_of[2][2] = {{0, 1}, {1, 2}};
  for (int y = 0; y < 320; ++y) {
    for (int x = 0; x < 256; ++x) {
      const RawPixel raw = mount.raw_of_upright({static_cast<double>(x), static_cast<double>(y)});
      const int channel = channel_of[static_cast<int>(raw.y) % 2][static_cast<int>(raw.x) % 2];
      expect_near(at(mosaic, x, y), at(color, x, y, channel), 1e-6, "mosaic");
    }
  }
}

void ray_table_agrees_with_the_optics() {
  for (const Arm arm : kArms) {
    const auto optics = std::make_shared<const ArmOptics>(real_optics(1024), arm, 450, 1024, 1280);
    const RayTable table(optics, kEyePlane);
    const double px_per_unit = optics->truth().fx_px / (kEyePlane - optics->pupil().z);
    Random random(7);
    for (int i = 0; i < 500; ++i) {
      const int column = static_cast<int>(random.next() % 32), row = static_cast<int>(random.next() % 40);
      const Tile& tile = table.tile(column, row);
      const float u = static_cast<float>(2 * random.uniform() - 1), v = static_cast<float>(2 * random.uniform() - 1);
      const PixelPaths paths = optics->paths({tile.centre_x + u / tile.scale_x, tile.centre_y + v / tile.scale_y}, {});
      const SlopeRay exact = table.slope_ray(paths.main->ray);
      const float expected[] = {exact.x, exact.y, exact.slope_x * 100, exact.slope_y * 100};
      for (std::size_t q = 0; q < 4; ++q) {
        double value = 0;
        for (std::size_t j = 0; j < 3; ++j)
          for (std::size_t k = 0; k < 3; ++k)
            value += tile.main.chief[q][j][k] * std::pow(v, static_cast<float>(j)) * std::pow(u, static_cast<float>(k));
        expect_near((q < 2 ? value : value * 100) * px_per_unit, expected[q] * px_per_unit, 0.001, "ray in px");
      }
    }
  }
}

/// Corner of a checker pattern near a pixel: where the edges' fitted lines cross.
Vec2 fitted_corner(const SignalImage& image, Vec2 origin) {
  const int n = image.width, half = n / 2;
  const auto value = [&](int along, int across, bool vertical) {
    return static_cast<double>(vertical ? at(image, across, along) : at(image, along, across));
  };
  // Least squares of the edge's place across against along: one line for the vertical edges, one for the others.
  const auto line = [&](bool vertical) {
    double s = 0, sa = 0, saa = 0, sx = 0, sax = 0;
    for (int along = 0; along < n; ++along) {
      if (std::abs(along - half) < 5) continue;
      double before = 0, after = 0, covered = 0;
      for (int k = 0; k < 4; ++k) {
        before += value(along, k, vertical) / 4;
        after += value(along, n - 1 - k, vertical) / 4;
      }
      for (int across = 0; across < n; ++across)
        covered += (value(along, across, vertical) - before) / (after - before);
      const double edge = n - 0.5 - covered;
      s += 1;
      sa += along;
      saa += static_cast<double>(along) * along;
      sx += edge;
      sax += along * edge;
    }
    const double slope = (s * sax - sa * sx) / (s * saa - sa * sa);
    return Vec2{(sx - slope * sa) / s, slope};
  };
  const Vec2 x_of_y = line(true), y_of_x = line(false);
  const double y = (y_of_x.x + y_of_x.y * x_of_y.x) / (1 - y_of_x.y * x_of_y.y);
  return {origin.x + x_of_y.x + x_of_y.y * y, origin.y + y};
}

void corners_lie_where_the_optics_project_them() {
  RigOptics optics = real_optics(1024);
  optics.plate.ghost = false;
  Renderer renderer({optics, folders(), 1024, 1280, {"a", "a"}});
  World world = target_world("chessboard-9x6");
  world.samples_per_pixel = 64;
  world.T_rig_target = Rigid{rotation_about({0.1, 0.12, 0.02}), {0, 0, kEyePlane}};
  const auto stage = renderer.stage(world), flat_stage = renderer.stage(flat_world());
  const std::vector<NamedPoint> points = StageProbe(stage, 0).point_sets().front().points;
  for (const Arm arm : kArms) {
    Vec2 mean;
    double worst = 0;
    const int ids[] = {0, 4, 8, 20, 25, 33, 45, 49, 53};
    for (const int id : ids) {
      const Vec2 truth = *renderer.arm_optics(world, arm)->project(points[static_cast<std::size_t>(id)].position);
      const int x = static_cast<int>(std::lround(truth.x)) - 16, y = static_cast<int>(std::lround(truth.y)) - 16;
      FrameRequest request;
      request.arm = arm;
      request.window = Window{x, y, 33, 33};
      SignalImage image = renderer.render(*stage, request);
      // The fit takes white for equally bright all over.
      const SignalImage white = renderer.render(*flat_stage, request);
      for (std::size_t i = 0; i < image.values.size(); ++i) image.values[i] /= white.values[i];
      const Vec2 found = fitted_corner(image, {static_cast<double>(x), static_cast<double>(y)});
      mean.x += (found.x - truth.x) / std::size(ids);
      mean.y += (found.y - truth.y) / std::size(ids);
      worst = std::max(worst, std::hypot(found.x - truth.x, found.y - truth.y));
    }
    expect_near(mean.x, 0, 0.004, "mean error in x");
    expect_near(mean.y, 0, 0.004, "mean error in y");
    expect_near(worst, 0, 0.02, "worst error");
  }
}

void plate_analyses_highlights() {
  const Studio studio = Studio::before(kEyePlane);
  const Vec3f position{0, 0, 1600};
  const Vec3f& key = studio.boxes[0].centre;
  const Vec3 to_key = normalized(Vec3{key.x, key.y, key.z - kEyePlane});
  const Vec3 normal = normalized(to_key + Vec3{0, 0, -1}), across = normalized(cross(normal, {0, 0, -1}));
  const auto single = [](const Vec3& v) {
    return Vec3f{static_cast<float>(v.x), static_cast<float>(v.y), static_cast<float>(v.z)};
  };
  const Glossy glossy{position, single(normal), {0, 0, -1}, 0.3F, {1, 1}};
  const float plain = highlight(glossy, studio, {});
  const float with = highlight(glossy, studio, {0.5F, single(across)});
  const float against = highlight(glossy, studio, {-0.5F, single(across)});
  expect(plain > 0 && with > plain * 1.05F, "light that the skin polarised passes the plate better along its own axis");
  expect_near(with + against, 2 * static_cast<double>(plain), 1e-5, "mean of the two polarisations");
}

}  // namespace

void test_render_optics(Suite& suite) {
  suite.run("render: a mirror without thickness unfolds", mirror_of_no_thickness_unfolds);
  suite.run("render: veil", veil_adds_the_trap);
  suite.run("render: veil at the edge of the plate", veil_ends_at_the_plates_edge);
  suite.run("render: polarisation at the edge of the plate", plate_edge_analyses_like_the_rest);
  suite.run("render: edge of the plate", plate_edge_is_black);
  suite.run("render: mosaic", mosaic_begins_with_red_on_the_sensor);
  suite.run("render: ray table", ray_table_agrees_with_the_optics);
  suite.run("render: corners", corners_lie_where_the_optics_project_them);
  suite.run("render: polarised highlights", plate_analyses_highlights);
}

}  // namespace nearfar::rig::test
