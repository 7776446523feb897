#include "render/frame_plan.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "cameras/scene/random.h"

namespace nearfar::rig {
namespace {

/// Movement during a frame that no pixel shows.
constexpr double kStillPx = 0.02;
/// Half the size of a head: how far points turn with it.
constexpr double kReachMm = 120;

Window window_of(const FrameRequest& request, const ArmOptics& optics) {
  const Window whole{0, 0, optics.width_px(), optics.height_px()};
  if (!request.window) return whole;
  const Window& w = *request.window;
  if (w.x < 0 || w.y < 0 || w.width < 1 || w.height < 1 || w.x + w.width > whole.width || w.y + w.height > whole.height)
    throw std::invalid_argument("the window does not lie inside the image");
  return w;
}

/// Greatest distance between points of the object at two times, mm.
double way_between(const Rigid& a, const Rigid& b) {
  double greatest = 0;
  for (const Vec3& point : {Vec3{0, 0, 0}, Vec3{kReachMm, 0, 0}, Vec3{0, kReachMm, 0}, Vec3{0, 0, kReachMm}})
    greatest = std::max(greatest, length(a * point - b * point));
  return greatest;
}

bool moves(const Stage& stage, const ArmOptics& optics, const TimeSpan& span) {
  if (stage.world().motion.kind == MotionSpec::Kind::none) return false;
  const double px_per_mm = optics.truth().fx_px / (stage.eye_plane_mm() - optics.pupil().z);
  const Rigid middle = stage.pose(span.middle_s());
  double way = 0;
  for (const double share : {0.0, 0.25, 0.75, 1.0})
    way = std::max(way, way_between(stage.pose(span.start_s + share * span.length_s()), middle));
  return way * px_per_mm > kStillPx;
}

std::vector<LightPass> passes_of(const World& world, const Shutter& shutter, bool moving) {
  if (!moving || !shutter.strobe_fires()) return {{true, true}};
  // Targets may shine by themselves, so they are exposed in the dark as well.
  if (world.light.continuous == 0 && world.kind == SceneKind::subject) return {{false, true}};
  return {{true, false}, {false, true}};
}

}  // namespace

FramePlan::FramePlan(const Stage& the_stage, const FrameRequest& the_request)
    : stage(the_stage),
      request(the_request),
      view(stage.view(request.arm)),
      window(window_of(request, *view.optics())),
      channels(request.sampling == Sampling::rgb ? 3 : 1),
      shutter(view.mount(), request.times, stage.world().light, stage.world().brightness),
      background(stage.world()),
      samples(std::max(1, stage.world().samples_per_pixel)),
      ghost_samples(std::max(1, samples.count() / 4)),
      sampling_seed(
          static_cast<std::uint32_t>(mix_seed({request.sampling_seed, static_cast<std::uint64_t>(request.arm)}))),
      passes{{true, true}} {
  if (stage.has_object()) place_object();
}

void FramePlan::place_object() {
  const TimeSpan span = shutter.whole();
  const bool moving = moves(stage, *view.optics(), span);
  passes = passes_of(stage.world(), shutter, moving);
  lit = stage.shape_at(span.middle_s());
  materials = lit->shape->materials();
  if (stage.world().kind == SceneKind::target && stage.world().target == "led-counter") {
    materials.clear();
    const std::shared_ptr<const Object> counter = build_led_counter(request.led_bits);
    for (const Mesh& mesh : counter->meshes) materials.push_back(mesh.material);
  }
  const auto pose = [this](double time_s) { return stage.pose(time_s); };
  track.emplace(pose, span, moving, stage.eye_plane_mm());
  const Rigid middle = stage.pose(span.middle_s());
  studio_in_object = stage.studio().moved(middle.inverse());
  const double front = middle.translation.z - lit->shape->radius_mm() -
                       way_between(stage.pose(span.start_s), stage.pose(span.end_s)) - 1;
  start_dz = static_cast<float>(std::max(front, view.optics()->pupil().z + 1) - stage.eye_plane_mm());
}

}  // namespace nearfar::rig
