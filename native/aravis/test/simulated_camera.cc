#include "simulated_camera.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <unistd.h>

#include <cstring>
#include <stdexcept>

namespace nearfar::aravis::test {
namespace {

constexpr std::uint32_t kSourceLine0 = 0;
constexpr std::uint32_t kSourceSoftware = 1;
constexpr double kTriggerLookupHz = 200;

/// 127.64.0.1 to 127.127.255.1, another one for each process that runs.
std::string own_address() {
  const auto pid = static_cast<unsigned>(getpid());
  return "127." + std::to_string(64 + (pid >> 8) % 64) + "." + std::to_string(pid % 256) + ".1";
}

}  // namespace

SimulatedCamera::SimulatedCamera(const std::string& serial)
    : server_(arv_gv_fake_camera_new(own_address().c_str(), serial.c_str())),
      camera_(arv_gv_fake_camera_get_fake_camera(server_.get())) {
  if (arv_gv_fake_camera_is_running(server_.get()) == FALSE) {
    throw std::runtime_error("cannot listen on " + own_address());
  }
  arv_fake_camera_set_trigger_frequency(camera_, kTriggerLookupHz);
  const auto fill = +[](ArvBuffer* buffer, void* self, guint32, guint32, ArvPixelFormat) {
    static_cast<SimulatedCamera*>(self)->fill(buffer);
  };
  arv_fake_camera_set_fill_pattern(camera_, fill, this);
}

void SimulatedCamera::trigger(std::uint8_t value) {
  value_ = value;
  write(ARV_FAKE_CAMERA_REGISTER_TRIGGER_SOFTWARE, 1);
  write(ARV_FAKE_CAMERA_REGISTER_TRIGGER_SOURCE, kSourceSoftware);
}

void SimulatedCamera::run_freely() { write(ARV_FAKE_CAMERA_REGISTER_TRIGGER_MODE, 0); }

void SimulatedCamera::fill(ArvBuffer* buffer) {
  write(ARV_FAKE_CAMERA_REGISTER_TRIGGER_SOURCE, kSourceLine0);
  // The library reports a size of 0 here; the payload is what the registers ask for.
  std::size_t unknown = 0;
  auto* data = static_cast<std::uint8_t*>(const_cast<void*>(arv_buffer_get_data(buffer, &unknown)));
  std::memset(data, value_, arv_fake_camera_get_payload(camera_));
}

void SimulatedCamera::write(std::uint32_t address, std::uint32_t value) {
  arv_fake_camera_write_register(camera_, address, value);
}

}  // namespace nearfar::aravis::test

namespace {

struct ListedInterface {
  ifaddrs entry{};
  sockaddr_in address{};
  sockaddr_in netmask{};
  char name[3] = "lo";
};

}  // namespace

// In place of libc's: libaravis lists the interfaces with it, on both ends.
extern "C" int getifaddrs(ifaddrs** list) noexcept {
  auto* listed = new ListedInterface;
  listed->address.sin_family = listed->netmask.sin_family = AF_INET;
  inet_pton(AF_INET, nearfar::aravis::test::own_address().c_str(), &listed->address.sin_addr);
  inet_pton(AF_INET, "255.0.0.0", &listed->netmask.sin_addr);
  listed->entry.ifa_name = listed->name;
  listed->entry.ifa_flags = IFF_UP | IFF_RUNNING | IFF_LOOPBACK;
  listed->entry.ifa_addr = listed->entry.ifa_broadaddr = reinterpret_cast<sockaddr*>(&listed->address);
  listed->entry.ifa_netmask = reinterpret_cast<sockaddr*>(&listed->netmask);
  *list = &listed->entry;
  return 0;
}

extern "C" void freeifaddrs(ifaddrs* list) noexcept { delete reinterpret_cast<ListedInterface*>(list); }
