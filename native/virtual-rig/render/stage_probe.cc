#include <algorithm>
#include <limits>

#include "render/stage.h"
#include "render/vec3f.h"

namespace nearfar::rig {

/// Rays are moved into the object's frame in double precision and start just before the object, so that the
/// float distances are good to about 1e-5 mm. The wall behind the object counts as nothing.
class StageProbe::Impl {
 public:
  Impl(std::shared_ptr<const Stage> stage, double time_s)
      : stage_(std::move(stage)),
        pose_(stage_->pose(time_s)),
        T_object_rig_(pose_.inverse()),
        lit_(stage_->shape_at(time_s)) {}

  double hit(const Ray& ray) const {
    if (!lit_) return kNothing;
    const Vec3 origin = T_object_rig_ * ray.origin, way = T_object_rig_.rotation * ray.direction;
    const double skipped = std::max(0.0, -dot(origin, way) - lit_->shape->radius_mm() - 1);
    const Vec3f start = narrow(origin + way * skipped), direction = narrow(way);
    RTCRayHit query{};
    query.ray.org_x = start.x;
    query.ray.org_y = start.y;
    query.ray.org_z = start.z;
    query.ray.dir_x = direction.x;
    query.ray.dir_y = direction.y;
    query.ray.dir_z = direction.z;
    query.ray.tfar = 1e6F;
    query.ray.mask = 0xFFFFFFFFU;
    query.hit.geomID = RTC_INVALID_GEOMETRY_ID;
    intersect_one(lit_->shape->scene(), query);
    if (query.hit.geomID == RTC_INVALID_GEOMETRY_ID) return kNothing;
    return skipped + static_cast<double>(query.ray.tfar);
  }

  std::vector<PointSet> point_sets() const {
    if (!lit_) return {};
    std::vector<PointSet> sets = lit_->shape->object().point_sets;
    for (PointSet& set : sets)
      for (NamedPoint& point : set.points) point.position = pose_ * point.position;
    return sets;
  }

  const Rigid& pose() const { return pose_; }

 private:
  static constexpr double kNothing = std::numeric_limits<double>::infinity();

  std::shared_ptr<const Stage> stage_;
  Rigid pose_;
  Rigid T_object_rig_;
  std::shared_ptr<const LitShape> lit_;
};

StageProbe::StageProbe(std::shared_ptr<const Stage> stage, double time_s)
    : impl_(std::make_unique<Impl>(std::move(stage), time_s)) {}
StageProbe::~StageProbe() = default;

double StageProbe::hit(const Ray& ray) const { return impl_->hit(ray); }

void StageProbe::hits(const std::vector<Ray>& rays, std::vector<float>& distances) const {
  distances.resize(rays.size());
  for (std::size_t i = 0; i < rays.size(); ++i) distances[i] = static_cast<float>(impl_->hit(rays[i]));
}

std::vector<PointSet> StageProbe::point_sets() const { return impl_->point_sets(); }
Rigid StageProbe::pose() const { return impl_->pose(); }

}  // namespace nearfar::rig
