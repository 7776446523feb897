// The 45° plate as a slab of glass: where rays that meet it leave it.
#pragma once

#include "optics/flaws.h"
#include "optics/rig_optics.h"
#include "optics/vec.h"

namespace nearfar::rig {

/// Geometry only; coating.h has the weights. Immutable.
class Plate {
 public:
  /// @param flaws of the faces; zero for an ideal slab.
  /// @param bump_deg turn about the centre of the coated face, a rotation vector along the rig's x and y axes.
  Plate(const PlateOptics& plate, const PlateFlaws& flaws, Vec2 bump_deg);

  /// A ray that leaves the coated face towards the subject.
  struct Exit {
    Ray ray;
    /// The ray met the plate's planes and was not totally reflected.
    bool open = false;
    /// Every point where it met a face lies inside the plate's edges.
    bool inside = false;

    bool lit() const { return open && inside; }
  };
  struct Exits {
    Exit main;
    /// Of the second surface; not open without glass or when not asked for.
    Exit ghost;
  };

  /// Main: off the coated face, from outside. Ghost: into the glass, off the back face, out again.
  Exits near_exits(const Ray& ray, bool with_ghost) const;
  /// Main: in at the back face, out of the coated one. Ghost: before leaving, off the coated and the back face inside.
  Exits far_exits(const Ray& ray, bool with_ghost) const;

  /// Reflection in the mean coated plane (an improper Rigid).
  Rigid mirror() const;
  /// Of the mean coated plane, towards the subject; unit length.
  const Vec3& normal() const { return coated_.normal; }

 private:
  struct Face {
    Vec3 point;
    Vec3 normal;
    FaceFigure figure;
  };
  /// A ray on its way through the slab.
  struct Way {
    Ray ray;
    /// Of the face it has just met, against the ray.
    Vec3 normal;
    bool open = true;
    bool inside = true;
  };

  void meet(const Face& face, Way& way) const;
  static void reflect(Way& way);
  static void refract(Way& way, double index_ratio);
  static Exit exit_of(const Way& way) { return {way.ray, way.open, way.inside}; }

  /// From mm along the plate's axes to -1 to 1 over it.
  double u_per_mm_;
  double v_per_mm_;
  double refractive_index_;
  bool glass_;
  bool flat_;
  Vec3 u_;
  Vec3 v_;
  Face coated_;
  Face back_;
};

}  // namespace nearfar::rig
