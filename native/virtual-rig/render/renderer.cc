#include "render/renderer.h"

#include <cstring>
#include <utility>

#include "render/frame.h"
#include "render/stage.h"

namespace nearfar::rig {
namespace {

/// Both arms at a few stops of the rail.
constexpr std::size_t kViewsKept = 12;

/// Departures of printed boards in honest mode: what a good office printer and a board of 3 mm foam show.
PrintFlaws print_flaws(const RigOptics& optics) {
  if (!optics.honest) return {};
  return {.print_error_mm = 0.05, .bend_mm = 0.3, .seed = optics.seed};
}

std::string bits_of(const std::array<double, 5>& numbers) {
  std::string bits(sizeof numbers, '\0');
  std::memcpy(bits.data(), numbers.data(), sizeof numbers);
  return bits;
}

}  // namespace

class Renderer::Impl {
 public:
  explicit Impl(Options options)
      : options_(std::move(options)),
        sensitivities_{camera_sensitivity(options_.sensitivity[0]), camera_sensitivity(options_.sensitivity[1])},
        scenery_(std::make_shared<Scenery>(options_.folders, print_flaws(options_.optics),
                                           options_.optics.far_distance_mm)),
        views_(kViewsKept) {}

  const Options& options() const { return options_; }

  std::shared_ptr<const Stage> stage(const World& world) {
    return std::make_shared<const Stage>(world, Stage::Views{view(world, Arm::near), view(world, Arm::far)}, scenery_,
                                         options_.optics.far_distance_mm, options_.optics.honest);
  }

  std::shared_ptr<const ArmView> view(const World& world, Arm arm) {
    // The far camera does not know where the near one stands.
    const double distance_mm = arm == Arm::near ? world.distance_mm : options_.optics.far_distance_mm;
    const Vec2 bump{world.plate_bump_x_deg, world.plate_bump_y_deg};
    const Polarisation light = world.light.polarisation;
    const std::string key =
        bits_of({static_cast<double>(arm), distance_mm, bump.x, bump.y, static_cast<double>(light)});
    return views_.get(key, [&] {
      const ArmOptics as_built = optics(arm, world.distance_mm, {}, Polarisation::none);
      const auto now = std::make_shared<const ArmOptics>(optics(arm, world.distance_mm, bump, light));
      const SensorMount mount(options_.optics.camera(arm), options_.width_px, options_.height_px);
      return std::make_shared<const ArmView>(now, as_built, sensitivities_[static_cast<std::size_t>(arm)], mount,
                                             options_.optics.far_distance_mm);
    });
  }

 private:
  ArmOptics optics(Arm arm, double distance_mm, Vec2 bump, Polarisation light) const {
    return ArmOptics(options_.optics, arm, distance_mm, options_.width_px, options_.height_px, bump, light);
  }

  Options options_;
  std::array<CameraSensitivity, 2> sensitivities_;
  std::shared_ptr<Scenery> scenery_;
  Recent<ArmView> views_;
};

Renderer::Renderer(Options options) : impl_(std::make_unique<Impl>(std::move(options))) {}
Renderer::~Renderer() = default;

std::shared_ptr<const Stage> Renderer::stage(const World& world) { return impl_->stage(world); }

SignalImage Renderer::render(const Stage& stage, const FrameRequest& request) const {
  return render_frame(stage, request);
}

std::shared_ptr<const ArmOptics> Renderer::arm_optics(const World& world, Arm arm) const {
  return impl_->view(world, arm)->optics();
}

const Renderer::Options& Renderer::options() const { return impl_->options(); }

}  // namespace nearfar::rig
