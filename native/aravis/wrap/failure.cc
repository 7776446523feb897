#include "failure.h"

#include "../core/camera_error.h"

namespace nearfar::aravis {

Failure failure_of(const std::exception_ptr& exception) {
  try {
    std::rethrow_exception(exception);
  } catch (const CameraError& error) {
    return {code_of(error.fault()), error.what()};
  } catch (const std::exception& error) {
    return {"", error.what()};
  } catch (...) {
    return {"", "a native call failed without saying why"};
  }
}

}  // namespace nearfar::aravis
