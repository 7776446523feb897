// Our expressions as weights of ICT-FaceKit's shapes.
#pragma once

#include <string>
#include <vector>

namespace nearfar::rig::ict {

struct Weight {
  std::string shape;
  float value = 0;
};

/// @param eyelid_closure 0 open to 1 shut, besides what the expression does.
/// Throws AssetError for an unknown expression.
std::vector<Weight> expression_weights(const std::string& expression, double eyelid_closure);

/// Every shape that expression_weights() can name.
const std::vector<std::string>& used_shapes();

}  // namespace nearfar::rig::ict
