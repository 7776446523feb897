#pragma once

#include <stdexcept>
#include <string>

namespace nearfar::aravis {

/// What went wrong, as far as the caller can act on it. Each has a code of src/base/errors.ts.
enum class Fault {
  not_found,    ///< No camera with that serial answers.
  busy,         ///< Another program controls the camera.
  lost,         ///< The camera stopped answering, or control was taken away.
  refused,      ///< The camera answered, but does not do what was asked.
  wrong_order,  ///< A call that does not fit the camera's state.
};

/// The ErrorCode of src/base/errors.ts.
constexpr const char* code_of(Fault fault) {
  switch (fault) {
    case Fault::not_found: return "CAMERA_NOT_FOUND";
    case Fault::busy: return "CAMERA_BUSY";
    case Fault::lost: return "CAMERA_LOST";
    case Fault::refused: return "CAMERA_REFUSED";
    case Fault::wrong_order: return "USAGE";
  }
  return "";
}

class CameraError : public std::runtime_error {
 public:
  CameraError(Fault fault, const std::string& message) : std::runtime_error(message), fault_(fault) {}
  Fault fault() const noexcept { return fault_; }

 private:
  Fault fault_;
};

}  // namespace nearfar::aravis
