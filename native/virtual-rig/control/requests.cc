#include <algorithm>
#include <cmath>
#include <cstring>

#include "control/control_server.h"

namespace nearfar::rig {
namespace {

std::string quoted(const char* member) { return std::string("`") + member + "`"; }

}  // namespace

void require_only(const Json& object, std::initializer_list<const char*> members, const std::string& what) {
  if (!object.is_object()) throw RequestError(what + " must be an object");
  for (const auto& [name, value] : object.items()) {
    const bool known =
        std::any_of(members.begin(), members.end(), [&name](const char* member) { return name == member; });
    if (!known) throw RequestError(what + " has no member `" + name + "`");
  }
}

double number_or(const Json& object, const char* member, double low, double high, double fallback) {
  const auto found = object.find(member);
  if (found == object.end()) return fallback;
  const double value = found->is_number() ? found->get<double>() : NAN;
  if (!(value >= low && value <= high))
    throw RequestError(quoted(member) + " must be a number from " + Json(low).dump() + " to " +
                       Json(high).dump());
  return value;
}

std::int64_t require_integer(const Json& object, const char* member, std::int64_t low, std::int64_t high) {
  const auto found = object.find(member);
  const bool whole = found != object.end() && found->is_number_integer();
  const std::int64_t value = whole ? found->get<std::int64_t>() : 0;
  if (!whole || value < low || value > high)
    throw RequestError(quoted(member) + " must be an integer from " + std::to_string(low) + " to " +
                       std::to_string(high));
  return value;
}

bool boolean_or(const Json& object, const char* member, bool fallback) {
  const auto found = object.find(member);
  if (found == object.end()) return fallback;
  if (!found->is_boolean()) throw RequestError(quoted(member) + " must be true or false");
  return found->get<bool>();
}

std::string require_string(const Json& object, const char* member) {
  const auto found = object.find(member);
  if (found == object.end() || !found->is_string()) throw RequestError(quoted(member) + " must be a string");
  return found->get<std::string>();
}

}  // namespace nearfar::rig
