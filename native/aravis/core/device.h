#pragma once

#include <arv.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <stop_token>
#include <string>

#include "discovery.h"
#include "glib_handles.h"

namespace nearfar::aravis {

/// An opened camera that this process controls, without its settings and stream.
///
/// Built, used and destroyed on one thread; `lost` may be read on any. All calls block.
class Device {
 public:
  /// Finds the camera by serial and takes control of it. Control that a killed program left
  /// behind is waited for, as long as the camera's heartbeat needs to notice.
  /// @param on_lost runs on an Aravis thread when the camera is gone.
  /// @throws CameraError not_found (the message lists the serials that are there), busy, lost.
  Device(const std::string& serial, std::function<void()> on_lost, const std::stop_token& giving_up);
  ~Device();
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;

  ArvCamera* camera() const { return camera_.get(); }
  const DeviceInfo& info() const { return info_; }
  /// Firmware version as the camera words it; empty when it has none.
  const std::string& firmware() const { return firmware_; }
  bool is_gige() const { return arv_camera_is_gv_device(camera_.get()) != FALSE; }
  /// Does the camera send lost packets again when asked?
  bool resends_packets() const;

  bool lost() const { return lost_.load(); }
  /// For failures that show the loss before Aravis' heartbeat does.
  void mark_lost();

 private:
  void open();
  void take_control(std::chrono::steady_clock::time_point deadline, const std::stop_token& giving_up);
  void verify_serial() const;
  std::string read_firmware() const;

  DeviceInfo info_;
  std::string firmware_;
  std::function<void()> on_lost_;
  std::atomic<bool> lost_{false};
  gulong lost_signal_ = 0;
  ObjectPtr<ArvCamera> camera_;  // last: its threads use the members above
};

}  // namespace nearfar::aravis
