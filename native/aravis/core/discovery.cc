#include "discovery.h"

#include <mutex>

#include "glib_handles.h"

namespace nearfar::aravis {
namespace {

/// Guards Aravis' process-wide device list, whose strings die at the next update.
std::mutex& device_list_mutex() {
  static std::mutex mutex;
  return mutex;
}

}  // namespace

std::vector<DeviceInfo> discover() {
  const std::lock_guard lock(device_list_mutex());
  arv_update_device_list();
  std::vector<DeviceInfo> devices;
  const unsigned int count = arv_get_n_devices();
  devices.reserve(count);
  for (unsigned int i = 0; i < count; ++i) {
    devices.push_back({
        .id = text_of(arv_get_device_id(i)),
        .vendor = text_of(arv_get_device_vendor(i)),
        .model = text_of(arv_get_device_model(i)),
        .serial = text_of(arv_get_device_serial_nbr(i)),
        .address = text_of(arv_get_device_address(i)),
    });
  }
  return devices;
}

}  // namespace nearfar::aravis
