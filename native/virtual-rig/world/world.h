// What stands before the rig, as data: one immutable snapshot answers every question about a shot.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "optics/polarisation.h"
#include "optics/vec.h"

namespace nearfar::rig {

/// `plane` is no traced scene: a texture straight on the sensor, for work on speed (cameras/scene).
enum class SceneKind { plane, flat, dark, target, subject };

/// A person: everything follows from these, so a snapshot of them is enough to render the face again.
struct SubjectSpec {
  /// "head" (the project's own) or "ict" (ICT-FaceKit).
  std::string source = "head";
  std::uint64_t identity = 0;
  /// "neutral", "smile", "surprise", "frown", "eyes-closed".
  std::string expression = "neutral";
  double yaw_deg = 0;
  double pitch_deg = 0;
  double roll_deg = 0;
  /// Offset of the midpoint between the pupils from the centre of the eye plane, mm, rig axes.
  Vec3 offset_mm{};
  /// rms of the skin's fine texture over its mean (subjects/skin_texture.h), 0 to 0.3.
  double skin_contrast = 0.03;
};

/// Movement of the object; `none` keeps it at its pose. `poses` sways, and holds one head pose after another.
struct MotionSpec {
  enum class Kind { none, sway, linear, poses } kind = Kind::none;
  std::uint64_t seed = 1;
  /// Of `sway`: 1 is a person trying to hold still (about 3 mm and 8 mm/s along an axis). Of `poses`: of the sway
  /// and of the poses' angles; 1 turns up to 20° aside, 10° up and down, and leans up to 6°. Of `linear`: unused.
  double strength = 1;
  /// Of `linear`, mm/s along the rig's axes.
  Vec3 velocity_mm_s{};
  bool blink = false;
};

struct LightSpec {
  /// `studio`: two area lights and a fill. `even`: the same irradiance everywhere, no shadows, no highlights.
  enum class Kind { studio, even } kind = Kind::studio;
  /// Light that burns all the time; 1 exposes a white well in 5000 µs.
  double continuous = 1;
  /// Light of one strobe pulse; 1 exposes a white as well as continuous 1 in 5000 µs.
  double strobe = 0;
  /// Radiance seen where the black trap should be, as a share of a white's; 0: the trap is closed.
  double veil = 0;
  /// As if a polariser stood before the lamps and nothing undid its work; the veil stays unpolarised.
  Polarisation polarisation = Polarisation::none;
};

struct World {
  SceneKind kind = SceneKind::plane;
  /// Of `target`: the id of a file in calibration/targets, "led-counter" or "point-light".
  std::string target;
  /// Far entrance pupil to eye plane. The optics' and no scene's choice: a stage puts the renderer's here.
  double eye_plane_mm = 1600;
  /// Of `target`: its pose before the rig; absent: in the centre of the eye plane, facing the cameras.
  std::optional<Rigid> T_rig_target;
  SubjectSpec subject;
  MotionSpec motion;
  LightSpec light;
  /// Near entrance pupil to eye plane.
  double distance_mm = 450;
  /// Radiance scale of everything.
  double brightness = 1;
  /// Shot and read noise.
  bool noise = true;
  /// Primary rays of a pixel.
  int samples_per_pixel = 2;
  /// The plate was bumped: its turn about the rig's x and y axes since calibration.
  double plate_bump_x_deg = 0;
  double plate_bump_y_deg = 0;

  Rigid target_pose() const { return T_rig_target.value_or(Rigid{{}, {0, 0, eye_plane_mm}}); }
};

}  // namespace nearfar::rig
