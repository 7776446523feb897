// Who can stand before the rig.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/asset_error.h"
#include "subjects/mesh.h"
#include "world/world.h"

namespace nearfar::rig {

/// Folders that objects are read from.
struct AssetFolders {
  /// calibration/targets of the repository.
  std::filesystem::path targets;
  /// An ICT-FaceKit folder (official OBJ layout or the packed form), or empty.
  std::filesystem::path ict_face_kit;
};

/// Names that every head knows, in a fixed order.
const std::vector<std::string>& expression_names();

/// Builds the head in its own frame: pose, offset and motion are the renderer's.
/// Point set "landmarks68" holds the iBUG landmarks on the surface.
/// @param eyelid_closure 0 open to 1 shut, besides what the expression does.
/// Throws AssetError for an unknown source, expression or identity. Takes up to a second.
std::shared_ptr<const Object> build_subject(const SubjectSpec& spec, double eyelid_closure,
                                            const AssetFolders& folders);

/// Sway or way of the moving object relative to where it stands still, at a time since the scene was set: its
/// rotation turns the object about its own origin, in the directions of the rig's axes.
/// A pure function of its arguments, smooth in time.
Rigid motion_at(const MotionSpec& motion, double time_s);
/// Turn of the head that `poses` holds at that time, in the object's own frame, about the pivot of subject_pose();
/// none for other kinds. Continuous with its first derivative.
Rigid held_pose_at(const MotionSpec& motion, double time_s);
/// T_rig_object at that time, of an object that stands at `at_rest` when it keeps still.
Rigid moved_pose(const Rigid& at_rest, const MotionSpec& motion, double time_s);
/// Eyelid closure at that time, 0 to 1.
double blink_at(const MotionSpec& motion, double time_s);
/// T_rig_subject of the subject at rest for a spec: eye plane centre, offset, pose (yaw, pitch, roll turn
/// about a point 90 mm behind the eyes, between neck and ears). Right-handed turns about the head's own y
/// (down), x and z: positive yaw looks to the image's left, pitch down, roll leans clockwise in the image.
/// @param eye_plane_mm far entrance pupil to eye plane.
Rigid subject_pose(const SubjectSpec& spec, double eye_plane_mm);

}  // namespace nearfar::rig
