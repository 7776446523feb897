#include "solver_wrap.h"

#include <memory>

#include "../core/bundle/solve.h"
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
  // Shared, because functions are copied and problems are large.
  const auto problem = std::make_shared<const bundle::Problem>(problem_from(info[0]));
  const bundle::Options options = options_from(info[1]);
  return JobDesk::of(desk_, info).ask(info, [problem, options](const CancelFlag& flag) -> JobDesk::Build {
    const auto solution = std::make_shared<const bundle::Solution>(bundle::solve(*problem, options, flag));
    return [solution](Napi::Env env) { return solution_to(env, *solution); };
  });
}

Napi::Value SolverWrap::projection_uncertainty(const Napi::CallbackInfo& info) {
  const auto problem = std::make_shared<const bundle::Problem>(problem_from(info[0]));
  const Napi::Object request = object_from(info[1], "the request");
  const auto compute = [problem, camera = integer_from(request, "camera"),
                        distance_mm = number_from(request, "distanceMm"),
                        pixels_px = pixels_from(request)](const CancelFlag& flag) -> JobDesk::Build {
    const auto sigmas_px = bundle::projection_uncertainty(*problem, camera, distance_mm, pixels_px, flag);
    return [sigmas_px](Napi::Env env) { return sigmas_to(env, sigmas_px); };
  };
  return JobDesk::of(desk_, info).ask(info, compute);
}

Napi::Value SolverWrap::close(const Napi::CallbackInfo& info) { return JobDesk::of(desk_, info).close(info.Env()); }

}  // namespace nearfar::vision
