// From the ticks of a shot to the times at which the world is looked at: one rule for the frames and for
// the truth about them.
#pragma once

#include <optional>

#include "cameras/scene_state.h"
#include "cameras/truth_log.h"
#include "render/renderer.h"
#include "render/truth_geometry.h"

namespace nearfar::rig {

/// What the renderer needs. A pulse whose end nobody knows burns until the end of the exposure.
ExposureTimes exposure_times(const Scene& scene, const ExposureSpan& exposure,
                             const std::optional<StrobePulse>& strobe);

/// Both arms of a trigger. An arm that did not expose has the other's instant.
ShotTimes shot_times(const TriggerTruth& trigger);

}  // namespace nearfar::rig
