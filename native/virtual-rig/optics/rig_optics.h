// The rig's optics as numbers: what `virtual.optics` of a rig config becomes (src/schema/virtual-optics.ts).
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "board/pins.h"
#include "optics/vec.h"

namespace nearfar::rig {

/// Focal length of the near lens by rail position; linear between entries, constant outside.
struct ZoomStop {
  double distance_mm = 0;
  /// Effective, focused on the eye plane at this stop.
  double focal_length_mm = 0;
};

/// One camera. Image coordinates are those of the upright, un-mirrored image.
struct CameraOptics {
  std::vector<ZoomStop> focal_lengths;
  double f_number = 16;
  /// Pixel pitch on the sensor, µm.
  double pixel_pitch_um = 23.4375;
  /// Distance of the focused plane from the entrance pupil; 0: refocused on the eye plane at every stop.
  double focus_mm = 0;
  /// Brown's k1 k2 p1 p2 k3 (OpenCV's order), on coordinates normalised by the focal length.
  std::array<double, 5> distortion{};
  /// Light lost at the corner beyond cos^4, 0 to 1.
  double vignetting = 0;
  /// Principal point from the image centre, px, upright un-mirrored image.
  Vec2 principal_point_px;
  /// Error of the camera's pose: of the entrance pupil, mm, rig axes (near: of its virtual camera).
  Vec3 pupil_offset_mm;
  /// Rotation vector of the camera's error about its own axes, degrees.
  Vec3 rotation_deg;
  /// As the rig config's mount: clockwise turn that makes the un-mirrored raw image upright.
  int mount_rotation_deg = 0;
  bool mirrored = false;
  /// Time between the starts of two sensor rows, µs; 0 is a global shutter. Rows of the raw frame.
  double row_time_us = 0;
  bool curtain_up = false;
};

/// The 45° plate. Its coated face looks at the subject and the near camera; the cut edges do not show.
struct PlateOptics {
  /// false: the near camera is its unfolded virtual self and nothing stands before the far camera.
  bool present = true;
  double thickness_mm = 3;
  double refractive_index = 1.52;
  /// Centre of the coated face on the rig axis, z in the rig frame.
  double centre_z_mm = 1495;
  /// Along the slant (horizontal) and vertical.
  double width_mm = 300;
  double height_mm = 380;
  /// Reflectance of the uncoated side against air at normal incidence times this gives the ghost; 1: bare glass.
  double back_reflection = 1;
  /// Coating tints reflection and transmission differently.
  bool tint = true;
  bool ghost = true;
};

struct RigOptics {
  CameraOptics near;
  CameraOptics far;
  PlateOptics plate;
  /// Direction error of the near camera's rail, as seen unfolded: degrees about the rig's x and y axes. The rail
  /// turns about its stop at 230 mm, so the pupil's sideways error grows with the distance (0.1°: 2 mm at 1370 mm).
  double rail_x_deg = 0;
  double rail_y_deg = 0;
  /// Far entrance pupil to eye plane.
  double far_distance_mm = 1600;
  /// Physics that no calibration model has: entrance-pupil walk with field angle, more distortion terms,
  /// plate wedge and figure, angle- and polarisation-dependent coating, board bend that is no parabola,
  /// print error, pixel response non-uniformity, specular skin. Sizes of the optical ones: flaws.cc, coating.cc.
  bool honest = true;
  std::uint64_t seed = 1;

  const CameraOptics& camera(Arm arm) const { return arm == Arm::near ? near : far; }
};

}  // namespace nearfar::rig
