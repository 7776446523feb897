#pragma once

#include <string>
#include <vector>

namespace nearfar::aravis {

/// One camera as discovery sees it; nothing of it has been opened.
struct DeviceInfo {
  std::string id;  ///< Aravis' own name of the device, for opening it.
  std::string vendor;
  std::string model;
  std::string serial;
  std::string address;  ///< IP address, or the USB path.
};

/// Asks all GigE Vision and USB3 Vision transports who is there. Blocks about one second (the
/// time Ethernet cameras have to answer). Any thread; concurrent callers wait for each other,
/// because Aravis keeps one device list for the whole process.
std::vector<DeviceInfo> discover();

}  // namespace nearfar::aravis
