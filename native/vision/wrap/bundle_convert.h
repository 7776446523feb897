#pragma once

#include <napi.h>

#include <optional>
#include <vector>

#include "../core/bundle/problem.h"
#include "../core/bundle/start.h"

namespace nearfar::vision {

/// Plain structs from and to the objects of src/native/solver.ts. JS thread; a value of the wrong type throws a JS
/// TypeError that names the property. What the numbers mean is checked later, on the pool.

/// Copies everything, because JS may change its arrays while the problem is solved.
bundle::Problem problem_from(const Napi::Value& value);
bundle::Options options_from(const Napi::Value& value);
Napi::Value solution_to(Napi::Env env, const bundle::Solution& solution);


std::vector<bundle::StartView> start_views_from(const Napi::Value& value);
bundle::StartView start_view_from(const Napi::Value& value);
bundle::Intrinsics intrinsics_from(const Napi::Value& value);
std::vector<double> places_from(const Napi::Value& value);
/// The member `pixels`, [x, y] flat.
std::vector<double> pixels_from(const Napi::Object& request);
Napi::Value sigmas_to(Napi::Env env, const std::vector<double>& sigmas_px);
Napi::Value start_to(Napi::Env env, const bundle::StartCamera& start);
Napi::Value pose_to(Napi::Env env, const std::optional<bundle::Pose>& pose);

}  // namespace nearfar::vision
