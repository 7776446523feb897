// One camera's frame.
#pragma once

#include "render/renderer.h"

namespace nearfar::rig {

/// Renderer::render(); runs on the caller's thread alone.
SignalImage render_frame(const Stage& stage, const FrameRequest& request);

}  // namespace nearfar::rig
