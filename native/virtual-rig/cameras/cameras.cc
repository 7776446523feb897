#include "cameras/cameras.h"

#include <cstddef>
#include <stdexcept>

#include "cameras/camera_ops.h"
#include "cameras/scene_ops.h"
#include "cameras/scene/plane_texture.h"

namespace nearfar::rig {
namespace {

VirtualCamera::Options camera_options(const RigOptions& rig, Arm arm) {
  const CameraOptions& camera = rig.camera(arm);
  VirtualCamera::Options options;
  options.arm = arm;
  options.gige.serial = camera.serial;
  options.gige.address = camera.address;
  options.gige.sensor = {rig.width_px, rig.height_px, rig.bit_depth, rig.black_level};
  options.gige.format = find_pixel_format(rig.pixel_format);
  if (options.gige.format == nullptr) {
    throw std::invalid_argument("the virtual cameras have no pixel format \"" + rig.pixel_format + "\"");
  }
  options.timing = {camera.lag_us, camera.jitter_us};
  options.seed = rig.seed;
  return options;
}

}  // namespace

Cameras::Cameras(const RigOptions& options, Board& board, ControlServer& server) : setup_(set_up_rig(options)) {
  scene_.update([&](const Scene&) { return Scene{std::make_shared<const World>(setup_.first_world), 0}; });
  const auto texture = std::make_shared<const PlaneTexture>(
      make_plane_texture(options.width_px, options.height_px, options.seed));
  for (const Arm arm : kArms) {
    const TracedView* const traced = setup_.traced ? &setup_.traced->view(arm) : nullptr;
    cameras_[static_cast<std::size_t>(arm)] = std::make_unique<VirtualCamera>(
        camera_options(options, arm), VirtualCamera::Surroundings{texture, traced, board, scene_, truth_});
  }
  board.on_edge([this](const Edge& edge) { on_edge(edge); });
  board.on_boot([this] {
    scene_.restart();
    for (const auto& camera : cameras_) camera->on_boot();
  });
  register_camera_ops(server, *cameras_[0], *cameras_[1]);
  SceneOps{setup_.traced.get(), scene_, truth_, board, interrupted_}.register_on(server);
}

void Cameras::start() {
  for (const auto& camera : cameras_) camera->start();
}

void Cameras::stop() {
  for (const auto& camera : cameras_) camera->stop();
}

void Cameras::on_edge(const Edge& edge) {
  if (edge.pin == Pin::strobe) {
    truth_.record_strobe(edge);
    if (!edge.level)
      for (const auto& camera : cameras_) camera->on_strobe_end();
  }
  if (!edge.level) return;
  for (const Arm arm : kArms) {
    if (edge.pin == trigger_pin(arm)) cameras_[static_cast<std::size_t>(arm)]->on_trigger(edge);
  }
}

}  // namespace nearfar::rig
