// The control socket: JSON lines over a Unix stream socket (src/schema/virtual-rig.ts).
//
// One request a line, `{id, op, …}`; one answer a line, `{id, ok: true, result}` or
// `{id, ok: false, error}`. Handlers of one op run one at a time on the server's thread. A client
// that sends nonsense gets an error, one that goes away or does not read is dropped.
#pragma once

#include <functional>
#include <initializer_list>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

namespace nearfar::rig {

using Json = nlohmann::json;

/// Thrown by a handler: the request is refused with this text. Nothing may have been changed.
class RequestError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class ControlServer {
 public:
  /// Gets the whole request, returns (its part of) the result.
  using Handler = std::function<Json(const Json& request)>;
  /// Gets those members of `faults` that it owns and that are present. First called with
  /// `apply` false, to check; only when every owner is content, again with `apply` true.
  using FaultHandler = std::function<void(const Json& faults, bool apply)>;

  /// Binds and listens at `path`; throws std::runtime_error. Serves from start() on.
  explicit ControlServer(std::string path);
  ~ControlServer();  ///< Stops and removes the socket file.
  ControlServer(const ControlServer&) = delete;
  ControlServer& operator=(const ControlServer&) = delete;

  // Before start() only.

  /// Several handlers may serve one op: all run, in order of registration, and their result
  /// objects are merged (`status`, `seed`). `fields` lists every member besides id and op that
  /// this handler understands; a request with a member nobody understands is refused.
  void handle(const std::string& op, std::initializer_list<const char*> fields, Handler handler);
  /// Owns the named members of the `faults` op's object (`near`, `far`, `link`, `killedFirmware`).
  void handle_faults(std::initializer_list<const char*> members, FaultHandler handler);

  void start();
  void stop();  ///< Idempotent; not from a handler.

  const std::string& path() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

// What handlers take requests apart with; each throws RequestError naming the member.

/// Refuses members of `object` other than these, and anything that is not an object.
void require_only(const Json& object, std::initializer_list<const char*> members, const std::string& what);
/// A number within [low, high], or `fallback` when absent.
double number_or(const Json& object, const char* member, double low, double high, double fallback);
/// An integer within [low, high]; refused when absent.
std::int64_t require_integer(const Json& object, const char* member, std::int64_t low, std::int64_t high);
/// A boolean, or `fallback` when absent.
bool boolean_or(const Json& object, const char* member, bool fallback);
/// A string; refused when absent.
std::string require_string(const Json& object, const char* member);

}  // namespace nearfar::rig
