#pragma once

#include <optional>
#include <vector>

#include "../cancel_flag.h"
#include "problem.h"

namespace nearfar::vision::bundle {

/// A board as one camera sees it.
struct StartView {
  std::vector<std::int32_t> ids;
  std::vector<double> points_px;  ///< [corner][x, y]
};

struct StartCamera {
  Intrinsics intrinsics{};
  std::vector<std::optional<Pose>> poses;  ///< T_camera_board
};

/// Where the board stands before the camera, the better of the two poses that a plane has (Collins and Bartoli 2014),
/// each refined. None from fewer than four corners, or corners on one line, or when no pose puts all before the camera.
/// @throws std::invalid_argument for indices, sizes or numbers that make no sense.
std::optional<Pose> start_pose(const Intrinsics& intrinsics, const StartView& view,
                               const std::vector<double>& corners_mm);

/// A camera without distortion, its principal point in the middle of the image: the focal length that explains the
/// views best, out of Zhang's closed form and a geometric series from half to fifty times the image's longer side. The
/// closed form alone fails for boards that stand square to the axis and is noisy for long lenses.
/// @throws std::invalid_argument as above; Undetermined when no view has a pose; Cancelled.
StartCamera start_camera(const std::vector<StartView>& views, int width_px, int height_px,
                         const std::vector<double>& corners_mm, const CancelFlag& flag);

}  // namespace nearfar::vision::bundle
