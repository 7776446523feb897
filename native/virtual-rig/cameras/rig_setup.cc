#include "cameras/rig_setup.h"

#include <fstream>
#include <stdexcept>
#include <string>

#include "cameras/scene/random.h"
#include "optics/optics_json.h"
#include "world/world_json.h"

namespace nearfar::rig {
namespace {

Json read_json(const std::filesystem::path& path) {
  std::ifstream file(path);
  if (!file) throw std::invalid_argument("the optics file " + path.string() + " cannot be read");
  Json json = Json::parse(file, nullptr, false);
  if (json.is_discarded()) throw std::invalid_argument("the optics file " + path.string() + " is not JSON");
  return json;
}

SensorModel sensor_model(const RigOptions& options, const Json& lens, bool honest) {
  SensorModel model;
  model.bit_depth = options.bit_depth;
  model.black_level = options.black_level;
  model.full_well_e = lens.at("fullWellE").get<double>();
  model.read_noise_e = lens.at("readNoiseE").get<double>();
  // Data sheets of global shutter sensors give 0.5 to 1 %.
  model.response_non_uniformity = honest ? 0.007 : 0;
  return model;
}

/// Size of the upright image of a camera that may stand on its side.
void set_upright_size(Renderer::Options& renderer, const RigOptions& options) {
  const bool on_its_side = renderer.optics.near.mount_rotation_deg % 180 != 0;
  if (on_its_side != (renderer.optics.far.mount_rotation_deg % 180 != 0))
    throw std::invalid_argument("both cameras must stand upright, or both on their side");
  renderer.width_px = on_its_side ? options.height_px : options.width_px;
  renderer.height_px = on_its_side ? options.width_px : options.height_px;
}

std::unique_ptr<TracedRig> traced_rig(const RigOptions& options, const Json& setup) {
  const Json& optics = setup.at("optics");
  Renderer::Options renderer;
  renderer.optics = rig_optics_of(optics);
  renderer.folders.targets = setup.at("folders").at("targets").get<std::string>();
  renderer.folders.ict_face_kit = setup.at("folders").at("ictFaceKit").get<std::string>();
  for (const Arm arm : kArms)
    renderer.sensitivity[static_cast<std::size_t>(arm)] =
        optics.at(std::string(name_of(arm))).at("sensitivity").get<std::string>();
  set_upright_size(renderer, options);

  auto traced = std::make_unique<TracedRig>();
  const bool honest = renderer.optics.honest;
  traced->renderer = std::make_unique<Renderer>(std::move(renderer));
  for (const Arm arm : kArms) {
    TracedView::Options view;
    view.arm = arm;
    view.sensor = sensor_model(options, optics.at(std::string(name_of(arm))), honest);
    view.sensor_width = options.width_px;
    view.sensor_height = options.height_px;
    view.bayer = options.pixel_format.starts_with("Bayer");
    view.seed = mix_seed({options.seed, static_cast<std::uint64_t>(arm)});
    traced->views[static_cast<std::size_t>(arm)] = std::make_unique<TracedView>(*traced->renderer, view);
  }
  return traced;
}

}  // namespace

RigSetup set_up_rig(const RigOptions& options) {
  RigSetup setup;
  if (options.optics_file.empty()) return setup;
  const Json json = read_json(options.optics_file);
  try {
    require_only(json, {"optics", "folders", "scene"}, "the optics file");
    setup.traced = traced_rig(options, json);
    setup.first_world.eye_plane_mm = setup.traced->renderer->options().optics.far_distance_mm;
    setup.first_world = merged_world(setup.first_world, json.at("scene"));
    if (setup.first_world.kind != SceneKind::plane) setup.traced->renderer->stage(setup.first_world);
  } catch (const Json::exception& error) {
    throw std::invalid_argument("the optics file: " + std::string(error.what()));
  } catch (const RequestError& error) {
    throw std::invalid_argument("the first scene: " + std::string(error.what()));
  } catch (const AssetError& error) {
    throw std::invalid_argument("the first scene: " + std::string(error.what()));
  }
  return setup;
}

}  // namespace nearfar::rig
