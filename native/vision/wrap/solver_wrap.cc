#include "solver_wrap.h"

#include <utility>

#include "../core/bundle/solve.h"
#include "../core/bundle/start.h"
#include "../core/bundle/uncertainty.h"
#include "addon.h"
#include "bundle_convert.h"
#include "read_value.h"
#include "threads.h"

namespace nearfar::vision {

Napi::Function SolverWrap::define(Napi::Env env) {
  return DefineClass(env, "NativeSolver",
                     {InstanceMethod<&SolverWrap::solve_bundle>("solveBundle"),
                      InstanceMethod<&SolverWrap::projection_uncertainty>("projectionUncertainty"),
                      InstanceMethod<&SolverWrap::start_camera>("startCamera"),
                      InstanceMethod<&SolverWrap::start_pose>("startPose"),
                      InstanceMethod<&SolverWrap::close>("close")});
}

Napi::Value SolverWrap::create(const Napi::CallbackInfo& info, Addon& addon) {
  const std::size_t threads = threads_from(info[0]);
  const Napi::Object object = addon.solver_class().New({});
  Unwrap(object)->desk_ = std::make_unique<JobDesk>(addon.bridge(), addon.new_session(threads));
  return object;
}

SolverWrap::SolverWrap(const Napi::CallbackInfo& info) : Napi::ObjectWrap<SolverWrap>(info) {}

Napi::Value SolverWrap::solve_bundle(const Napi::CallbackInfo& info) {
  const auto compute = [problem = problem_from(info[0]),
                        options = options_from(info[1])](const CancelFlag& flag) -> JobDesk::Build {
    auto solution = std::make_shared<const bundle::Solution>(bundle::solve(problem, options, flag));
    return [solution](Napi::Env env) { return solution_to(env, *solution); };
  };
  return JobDesk::of(desk_, info).ask(info, compute);
}

Napi::Value SolverWrap::projection_uncertainty(const Napi::CallbackInfo& info) {
  const Napi::Object request = object_from(info[1], "the request");
  const auto compute = [problem = problem_from(info[0]), camera = integer_from(request, "camera"),
                        distance_mm = number_from(request, "distanceMm"),
                        pixels_px = pixels_from(request)](const CancelFlag& flag) -> JobDesk::Build {
    const auto sigmas_px = bundle::projection_uncertainty(problem, camera, distance_mm, pixels_px, flag);
    return [sigmas_px](Napi::Env env) { return sigmas_to(env, sigmas_px); };
  };
  return JobDesk::of(desk_, info).ask(info, compute);
}

Napi::Value SolverWrap::start_camera(const Napi::CallbackInfo& info) {
  const Napi::Object size = object_from(info[1], "the image size");
  const int width_px = integer_from(size, "widthPx"), height_px = integer_from(size, "heightPx");
  const auto compute = [views = start_views_from(info[0]), width_px, height_px,
                        corners_mm = places_from(info[2])](const CancelFlag& flag) -> JobDesk::Build {
    const bundle::StartCamera start = bundle::start_camera(views, width_px, height_px, corners_mm, flag);
    return [start](Napi::Env env) { return start_to(env, start); };
  };
  return JobDesk::of(desk_, info).ask(info, compute);
}

Napi::Value SolverWrap::start_pose(const Napi::CallbackInfo& info) {
  const auto compute = [intrinsics = intrinsics_from(info[0]), view = start_view_from(info[1]),
                        corners_mm = places_from(info[2])](const CancelFlag&) -> JobDesk::Build {
    const auto pose = bundle::start_pose(intrinsics, view, corners_mm);
    return [pose](Napi::Env env) { return pose_to(env, pose); };
  };
  return JobDesk::of(desk_, info).ask(info, compute);
}

Napi::Value SolverWrap::close(const Napi::CallbackInfo& info) { return JobDesk::of(desk_, info).close(info.Env()); }

}  // namespace nearfar::vision
