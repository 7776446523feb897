#include "device.h"

#include <algorithm>
#include <array>
#include <thread>
#include <utility>

#include "camera_error.h"

namespace nearfar::aravis {
namespace {

using namespace std::chrono_literals;

/// A camera frees the control of a silent program after its heartbeat timeout, 3 s by default
/// (GigE Vision's GevHeartbeatTimeout; Aravis leaves it alone).
constexpr auto kControlPatience = 4s;
constexpr auto kControlRetry = 200ms;

/// GigE Vision bootstrap registers.
constexpr guint64 kSerialNumberAddress = 0x00d8;
constexpr guint32 kSerialNumberBytes = 16;
constexpr guint64 kControlPrivilegeAddress = 0x0a00;
constexpr guint64 kGvcpCapabilityAddress = 0x0934;
constexpr guint32 kPacketResendCapability = 1U << 2;

std::string listed_serials(const std::vector<DeviceInfo>& devices) {
  if (devices.empty()) return "no camera answers at all";
  std::string text = "cameras that answer: ";
  for (std::size_t i = 0; i < devices.size(); ++i) {
    text += (i == 0 ? "" : ", ") + devices[i].serial + " (" + devices[i].model + " at " + devices[i].address + ")";
  }
  return text;
}

DeviceInfo find_by_serial(const std::string& serial) {
  const std::vector<DeviceInfo> devices = discover();
  const auto matches = [&](const DeviceInfo& device) { return device.serial == serial; };
  const auto found = std::find_if(devices.begin(), devices.end(), matches);
  if (found == devices.end()) {
    throw CameraError(Fault::not_found, "no camera with serial " + serial + "; " + listed_serials(devices));
  }
  if (std::count_if(devices.begin(), devices.end(), matches) > 1) {
    throw CameraError(Fault::refused, "several cameras have serial " + serial + "; " + listed_serials(devices));
  }
  return *found;
}

}  // namespace

Device::Device(const std::string& serial, std::function<void()> on_lost, const std::stop_token& giving_up)
    : info_(find_by_serial(serial)), on_lost_(std::move(on_lost)) {
  const auto deadline = std::chrono::steady_clock::now() + kControlPatience;
  open();
  take_control(deadline, giving_up);
  verify_serial();
  firmware_ = read_firmware();
  const auto handler = +[](ArvDevice*, gpointer self) { static_cast<Device*>(self)->mark_lost(); };
  lost_signal_ =
      g_signal_connect(arv_camera_get_device(camera_.get()), "control-lost", G_CALLBACK(handler), this);
  if (is_gige()) {
    // The packet socket needs privileges and bypasses the kernel's own reassembly; one way of
    // receiving for every user is one way to test.
    arv_camera_gv_set_stream_options(camera_.get(), ARV_GV_STREAM_OPTION_PACKET_SOCKET_DISABLED);
    arv_camera_gv_set_packet_size_adjustment(camera_.get(), ARV_GV_PACKET_SIZE_ADJUSTMENT_ONCE);
  }
}

Device::~Device() {
  if (lost_signal_ != 0) g_signal_handler_disconnect(arv_camera_get_device(camera_.get()), lost_signal_);
}

void Device::mark_lost() {
  if (!lost_.exchange(true) && on_lost_) on_lost_();
}

void Device::open() {
  ErrorSlot error;
  camera_.reset(arv_camera_new(info_.id.c_str(), error.out()));
  // libusb refuses to claim the interface of a camera that another process uses.
  const std::string what = error.failed() ? text_of((*error.out())->message) : std::string();
  if (what.find("claim") != std::string::npos) throw CameraError(Fault::busy, what);
  error.check("open camera " + info_.serial + " at " + info_.address);
  if (camera_ == nullptr) throw CameraError(Fault::lost, "camera " + info_.serial + " vanished while opening");
}

void Device::take_control(std::chrono::steady_clock::time_point deadline, const std::stop_token& giving_up) {
  if (!is_gige()) return;
  ArvGvDevice* device = ARV_GV_DEVICE(arv_camera_get_device(camera_.get()));
  while (arv_gv_device_is_controller(device) == FALSE) {
    if (giving_up.stop_requested() || std::chrono::steady_clock::now() > deadline) {
      throw CameraError(Fault::busy, "camera " + info_.serial + " at " + info_.address +
                                         " is controlled by another program");
    }
    std::this_thread::sleep_for(kControlRetry);
    ErrorSlot error;
    guint32 privilege = 0;
    arv_device_read_register(ARV_DEVICE(device), kControlPrivilegeAddress, &privilege, error.out());
    error.check("read who controls camera " + info_.serial);
    // Asked for only when it is free: another program may still be faster.
    if (privilege == 0) arv_gv_device_take_control(device, nullptr);
  }
}

/// Two cameras with the same address both answer discovery, and then only one of them is
/// reachable: better no camera than the wrong one.
void Device::verify_serial() const {
  if (!is_gige()) return;
  std::array<char, kSerialNumberBytes + 1> serial{};
  ErrorSlot error;
  arv_device_read_memory(arv_camera_get_device(camera_.get()), kSerialNumberAddress, kSerialNumberBytes,
                         serial.data(), error.out());
  error.check("read the serial number of camera " + info_.serial);
  const std::string actual(serial.data());
  if (actual.empty() || actual == info_.serial) return;
  throw CameraError(Fault::refused, "the camera at " + info_.address + " answers as " + actual + ", not as " +
                                        info_.serial + ": two cameras share that address");
}

std::string Device::read_firmware() const {
  for (const char* feature : {"DeviceFirmwareVersion", "DeviceVersion"}) {
    ErrorSlot error;
    if (arv_camera_is_feature_available(camera_.get(), feature, error.out()) == FALSE) continue;
    const std::string version = text_of(arv_camera_get_string(camera_.get(), feature, error.out()));
    if (!error.failed() && !version.empty()) return version;
  }
  return "";
}

bool Device::resends_packets() const {
  if (!is_gige()) return false;
  guint32 capability = 0;
  ErrorSlot error;
  arv_device_read_register(arv_camera_get_device(camera_.get()), kGvcpCapabilityAddress, &capability,
                           error.out());
  return !error.failed() && (capability & kPacketResendCapability) != 0;
}

}  // namespace nearfar::aravis
