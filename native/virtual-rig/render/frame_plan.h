// What is the same for all pixels of a frame.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "render/background.h"
#include "render/motion_track.h"
#include "render/sampling.h"
#include "render/shader.h"
#include "render/shutter.h"
#include "render/stage.h"

namespace nearfar::rig {

/// Lights that one round of rays collects. If nothing moves both take one round.
struct LightPass {
  bool continuous = true;
  bool strobe = true;
};

struct FramePlan {
  FramePlan(const Stage& stage, const FrameRequest& request);

  const Stage& stage;
  const FrameRequest& request;
  const ArmView& view;
  Window window;
  int channels;
  Shutter shutter;
  Background background;
  SampleSet samples;
  /// The ghost carries 2 % of the light, so fewer will do.
  SampleSet ghost_samples;
  /// Of this arm's samples in this frame.
  std::uint32_t sampling_seed;
  std::vector<LightPass> passes;

  /// Of worlds with an object; the rest is unset without one.
  std::shared_ptr<const LitShape> lit;
  std::vector<std::shared_ptr<const Material>> materials;
  std::optional<MotionTrack> track;
  std::optional<Studio> studio_in_object;
  /// Rays start this far from the reference plane, before the object.
  float start_dz = 0;

 private:
  void place_object();
};

}  // namespace nearfar::rig
