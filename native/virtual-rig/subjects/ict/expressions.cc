#include "subjects/ict/expressions.h"

#include <algorithm>
#include <set>

#include "base/asset_error.h"

namespace nearfar::rig::ict {
namespace {

struct Expression {
  const char* name;
  /// Shapes of both sides are named without their _L and _R.
  std::vector<Weight> weights;
};

const std::vector<Expression>& expressions() {
  // The kit's own neutral stares: a resting lid covers a little of the iris.
  static const std::vector<Expression> all = {
      {"neutral", {{"eyeBlink", 0.1f}}},
      {"smile", {{"mouthSmile", 0.8f}, {"mouthStretch", 0.1f}, {"eyeSquint", 0.4f}, {"eyeBlink", 0.1f}}},
      {"surprise", {{"browInnerUp", 0.9f}, {"jawOpen", 0.35f}, {"eyeWide", 0.8f}, {"eyeBlink", 0}}},
      {"frown", {{"browDown", 0.9f}, {"mouthFrown", 0.8f}, {"noseSneer", 0.15f}, {"eyeBlink", 0.1f}}},
      {"eyes-closed", {{"eyeBlink", 1}}},
  };
  return all;
}

constexpr const char* kOneSided = "jawOpen";

std::vector<Weight> both_sides(const std::vector<Weight>& weights) {
  std::vector<Weight> out;
  for (const Weight& w : weights) {
    if (w.shape == kOneSided) {
      out.push_back(w);
    } else {
      out.push_back({w.shape + "_L", w.value});
      out.push_back({w.shape + "_R", w.value});
    }
  }
  return out;
}

}  // namespace

std::vector<Weight> expression_weights(const std::string& expression, double eyelid_closure) {
  const auto& all = expressions();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Expression& e) { return e.name == expression; });
  if (found == all.end()) {
    std::string known;
    for (const Expression& e : all) known += (known.empty() ? "" : ", ") + std::string(e.name);
    throw AssetError("there is no expression \"" + expression + "\"; there are " + known);
  }
  std::vector<Weight> weights = found->weights;
  const auto closure = static_cast<float>(std::clamp(eyelid_closure, 0.0, 1.0));
  // Lids cannot close further than shut: what else moves them fades as they do.
  for (Weight& w : weights) {
    if (w.shape == "eyeBlink") w.value = std::max(w.value, closure);
    if (w.shape == "eyeWide" || w.shape == "eyeSquint") w.value *= 1 - closure;
  }
  return both_sides(weights);
}

const std::vector<std::string>& used_shapes() {
  static const std::vector<std::string> names = [] {
    std::set<std::string> unique;
    for (const Expression& e : expressions()) {
      for (const Weight& w : both_sides(e.weights)) unique.insert(w.shape);
    }
    return std::vector<std::string>(unique.begin(), unique.end());
  }();
  return names;
}

}  // namespace nearfar::rig::ict
