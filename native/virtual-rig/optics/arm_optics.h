// One arm's light path: pixels to rays in front of the plate's subject side, and points back to pixels.
//
// Built for one stop of the rail; immutable and thread-safe.
#pragma once

#include <array>
#include <optional>

#include "optics/coating.h"
#include "optics/lens.h"
#include "optics/plate.h"
#include "optics/rig_optics.h"
#include "optics/vec.h"
#include "spectra/spectrum.h"

namespace nearfar::rig {

/// A ray as it leaves the plate (or the unfolded camera) towards the subject.
struct PathRay {
  Ray ray;
  /// What of the radiance arriving along the ray reaches the sensor: plate and lens, by band.
  Spectrum weight;
  /// Linear polarisation that the plate analyses: light polarised along `s_axis` has weight × (1 + diattenuation),
  /// light across it weight × (1 - diattenuation).
  /// 0 where the light is polarised already: the weight has it all.
  double diattenuation = 0;
  /// Unit vector across the ray and in the plate's plane, rig frame.
  Vec3 s_axis;
};

/// All ways from one place of the sensor into the scene.
struct PixelPaths {
  /// Absent where the plate's edge or the camera's own field cuts it off.
  std::optional<PathRay> main;
  /// The second-surface ghost; absent when switched off.
  std::optional<PathRay> ghost;
  /// Share of the trap's radiance that reaches the sensor (far: reflected; near: transmitted), by band; nothing
  /// where `main` is absent: what the plate's frame covers is dark.
  Spectrum trap_weight;
};

/// Where on the lens: unit disc, (0, 0) is the centre of the entrance pupil.
using LensPoint = Vec2;

/// What a calibration would like to know; of the virtual (unfolded) camera for the near arm, and of the
/// bare camera without the plate for the far arm.
struct CameraTruth {
  double fx_px = 0;
  double fy_px = 0;
  double cx_px = 0;
  double cy_px = 0;
  std::array<double, 5> distortion{};
  /// Entrance pupil on the optical axis and axes of the camera, in the rig frame.
  Rigid T_rig_camera;
  double f_number = 0;
  /// Focused distance from the pupil.
  double focus_mm = 0;
};

class ArmOptics {
 public:
  /// @param distance_mm the near camera's stop; the far arm depends on it no more than by nothing.
  /// @param width_px, height_px of the upright image.
  /// @param plate_bump_deg turn of the plate about the rig's x and y axes since calibration.
  /// @param light of all that comes from the subject's side; light from the trap is unpolarised.
  ArmOptics(const RigOptics& optics, Arm arm, double distance_mm, int width_px, int height_px,
            Vec2 plate_bump_deg = {}, Polarisation light = Polarisation::none);

  /// @param pixel in the upright, un-mirrored image; (0, 0) is the centre of the top left pixel.
  /// @param lens (0, 0) gives the chief ray.
  PixelPaths paths(Vec2 pixel, LensPoint lens) const;

  /// Inverse of the chief ray of `main`: the pixel that sees a point of the rig frame, to 1e-6 px.
  /// @returns nothing when the point is behind the camera, cut off by the plate's edge, or more than a
  /// quarter of the image outside it.
  std::optional<Vec2> project(const Vec3& point) const;

  /// Centre of perspective on the axis as the subject sees it: for the near arm the pupil of the virtual
  /// camera, for the far arm the pupil moved by the plate's paraxial shift.
  const Vec3& pupil() const { return pupil_; }

  const CameraTruth& truth() const { return truth_; }
  int width_px() const { return width_px_; }
  int height_px() const { return height_px_; }

 private:
  /// The way of a chief ray without its weights, for the projection.
  Plate::Exit chief_exit(Vec2 pixel) const;
  Ray into_rig(const Ray& lens_ray) const;
  Vec3 bundle_centre() const;
  PathRay weighted(const Ray& exit, const PolarShare& share, const Spectrum& base, double falloff) const;
  void fill_near(const Ray& ray, double falloff, PixelPaths& paths) const;
  void fill_far(const Ray& ray, double falloff, PixelPaths& paths) const;

  Arm arm_;
  int width_px_;
  int height_px_;
  bool ghost_;
  Lens lens_;
  std::optional<Plate> plate_;
  Coating coating_;
  Polarisation light_;
  Spectrum ghost_base_;
  /// The camera as it stands: before the plate the near one is a mirror image (improper rotation).
  Rigid T_rig_lens_;
  Vec3 pupil_;
  /// Into the frame of a pinhole at pupil_ with the camera's axes.
  Rigid T_model_rig_;
  CameraTruth truth_;
};

}  // namespace nearfar::rig
