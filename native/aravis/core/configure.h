#pragma once

#include <arv.h>

#include "settings.h"

namespace nearfar::aravis {

/// Writes all settings to the camera. Automatic exposure and gain and binning are switched off,
/// acquisition is continuous, and every frame waits for a rising edge on the trigger line.
/// Blocks. @throws CameraError refused (value out of range, format or line not offered), lost.
void write_settings(ArvCamera* camera, const Settings& settings);

/// What the camera really holds. Blocks. @throws CameraError refused when it is not triggered as
/// asked, lost.
Settings read_settings(ArvCamera* camera);

/// Shape of the frames it will send. Blocks. @throws CameraError lost.
FrameFormat read_frame_format(ArvCamera* camera);

}  // namespace nearfar::aravis
