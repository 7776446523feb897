#include "glib_handles.h"

#include "camera_error.h"

namespace nearfar::aravis {
namespace {

/// Failures of the link itself; everything else is an answer the camera gave.
bool means_lost(const GError& error) {
  return g_error_matches(&error, ARV_DEVICE_ERROR, ARV_DEVICE_ERROR_NOT_CONNECTED) != FALSE ||
         g_error_matches(&error, ARV_DEVICE_ERROR, ARV_DEVICE_ERROR_TRANSFER_ERROR) != FALSE ||
         g_error_matches(&error, ARV_DEVICE_ERROR, ARV_DEVICE_ERROR_TIMEOUT) != FALSE ||
         g_error_matches(&error, ARV_DEVICE_ERROR, ARV_DEVICE_ERROR_NOT_CONTROLLER) != FALSE ||
         g_error_matches(&error, ARV_DEVICE_ERROR, ARV_DEVICE_ERROR_PROTOCOL_ERROR_ACCESS_DENIED) != FALSE;
}

}  // namespace

void ErrorSlot::check(const std::string& doing) {
  if (error_ == nullptr) return;
  const Fault fault = means_lost(*error_) ? Fault::lost : Fault::refused;
  const std::string message = "cannot " + doing + ": " + text_of(error_->message);
  clear();
  throw CameraError(fault, message);
}

}  // namespace nearfar::aravis
