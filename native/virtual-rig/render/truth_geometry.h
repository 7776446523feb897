// Where cameras and object are in one shot; what every kind of truth starts from.
#pragma once

#include <array>
#include <cstddef>
#include <memory>

#include "optics/arm_optics.h"
#include "render/renderer.h"
#include "render/truth_canonical.h"
#include "world/world.h"

namespace nearfar::rig {

/// One arm's exposure as far as truth needs it.
struct Instant {
  /// Centre of the light of the exposure, of a rolling shutter that of the middle row; s since the motion began.
  double mid_s = 0;
  double exposure_s = 0.005;
  /// A strobe pulse fell into it.
  bool strobe = false;
};

struct ShotTimes {
  Instant near;
  Instant far;
};

struct ShotGeometry {
  std::array<std::shared_ptr<const ArmOptics>, 2> optics;
  CanonicalPair canonical;
  /// The object at each arm's mid-exposure; null in a scene without one.
  std::array<std::unique_ptr<const StageProbe>, 2> probes;

  const ArmOptics& optics_of(Arm arm) const { return *optics[static_cast<std::size_t>(arm)]; }
  const StageProbe* probe_of(Arm arm) const { return probes[static_cast<std::size_t>(arm)].get(); }
};

/// Throws AssetError as Renderer::stage() does.
ShotGeometry shot_geometry(Renderer& renderer, const World& world, const ShotTimes& times);

constexpr Arm other(Arm arm) { return arm == Arm::near ? Arm::far : Arm::near; }

}  // namespace nearfar::rig
