#pragma once

#include <napi.h>

#include <vector>

#include "../core/bundle/problem.h"

namespace nearfar::vision {

/// Plain structs from (bundle_from.cc) and to (bundle_to.cc) the objects of src/native/solver.ts. JS thread; a value of
/// the wrong type throws a JS TypeError that names the property. What the numbers mean is checked later, on the pool.

/// Copies everything, because JS may change its arrays while the problem is solved.
bundle::Problem problem_from(const Napi::Value& value);
bundle::Options options_from(const Napi::Value& value);
/// The member `pixels`, [x, y] flat.
std::vector<double> pixels_from(const Napi::Object& request);

Napi::Value solution_to(Napi::Env env, const bundle::Solution& solution);
Napi::Value sigmas_to(Napi::Env env, const std::vector<double>& sigmas_px);

}  // namespace nearfar::vision
