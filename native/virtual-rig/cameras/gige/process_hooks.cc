#include "cameras/gige/process_hooks.h"

#include <arpa/inet.h>
#include <dlfcn.h>
#include <gio/gio.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace nearfar::rig {
namespace {

constexpr const char* kLoopback = "127.0.0.1";

/// Addresses hosted in this process, each with its camera once it is up.
class Host {
 public:
  void add(const std::string& address) {
    const std::lock_guard lock(mutex_);
    cameras_.emplace(address, nullptr);
  }

  void remove(const std::string& address) {
    const std::lock_guard lock(mutex_);
    cameras_.erase(address);
  }

  void attach(const std::string& address, CameraThread* camera) {
    const std::lock_guard lock(mutex_);
    cameras_[address] = camera;
  }

  CameraThread* find(const std::string& address) const {
    const std::lock_guard lock(mutex_);
    const auto found = cameras_.find(address);
    return found == cameras_.end() ? nullptr : found->second;
  }

  std::vector<std::string> interfaces() const {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> all{kLoopback};
    for (const auto& [address, camera] : cameras_) {
      if (address != kLoopback) all.push_back(address);
    }
    return all;
  }

 private:
  mutable std::mutex mutex_;
  std::map<std::string, CameraThread*> cameras_;
};

Host& host() {
  static Host instance;
  return instance;
}

/// The camera that the calling thread belongs to. A camera's thread ends before its camera does.
thread_local CameraThread* camera_of_thread = nullptr;

/// @returns nullptr unless `fd` is bound to a hosted address whose camera is up.
CameraThread* camera_of_socket(int fd) {
  sockaddr_in bound{};
  socklen_t size = sizeof bound;
  if (getsockname(fd, reinterpret_cast<sockaddr*>(&bound), &size) != 0 || bound.sin_family != AF_INET) return nullptr;
  char text[INET_ADDRSTRLEN];
  inet_ntop(AF_INET, &bound.sin_addr, text, sizeof text);
  return host().find(text);
}

/// What one getifaddrs call returned: the list and all it points to.
struct InterfaceList {
  struct Entry {
    ifaddrs listed{};
    sockaddr_in address{};
    sockaddr_in netmask{};
    char name[3] = "lo";
  };
  /// First, so that the pointer handed out is a pointer to its entry.
  std::vector<std::unique_ptr<Entry>> entries;
};

std::unique_ptr<InterfaceList> list_interfaces() {
  auto list = std::make_unique<InterfaceList>();
  for (const std::string& address : host().interfaces()) {
    auto entry = std::make_unique<InterfaceList::Entry>();
    entry->address.sin_family = entry->netmask.sin_family = AF_INET;
    inet_pton(AF_INET, address.c_str(), &entry->address.sin_addr);
    inet_pton(AF_INET, "255.0.0.0", &entry->netmask.sin_addr);
    entry->listed.ifa_name = entry->name;
    entry->listed.ifa_flags = IFF_UP | IFF_RUNNING | IFF_LOOPBACK;
    entry->listed.ifa_addr = reinterpret_cast<sockaddr*>(&entry->address);
    entry->listed.ifa_netmask = reinterpret_cast<sockaddr*>(&entry->netmask);
    // The library opens a further socket on the broadcast address unless it is the camera's own.
    entry->listed.ifa_broadaddr = entry->listed.ifa_addr;
    if (!list->entries.empty()) list->entries.back()->listed.ifa_next = &entry->listed;
    list->entries.push_back(std::move(entry));
  }
  return list;
}

/// Lists handed out by getifaddrs until freeifaddrs gives them back.
class LentLists {
 public:
  ifaddrs* lend(std::unique_ptr<InterfaceList> list) {
    const std::lock_guard lock(mutex_);
    lists_.push_back(std::move(list));
    return &lists_.back()->entries.front()->listed;
  }

  void give_back(const ifaddrs* first) {
    const std::lock_guard lock(mutex_);
    std::erase_if(lists_, [first](const auto& list) { return &list->entries.front()->listed == first; });
  }

 private:
  std::mutex mutex_;
  std::list<std::unique_ptr<InterfaceList>> lists_;
};

LentLists& lent_lists() {
  static LentLists instance;
  return instance;
}

/// The function of that name that this program's own one hides.
template <typename Function>
Function* hidden(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

}  // namespace

HostedAddress::HostedAddress(std::string address) : address_(std::move(address)) { host().add(address_); }

HostedAddress::~HostedAddress() { host().remove(address_); }

void HostedAddress::attach(CameraThread* camera) { host().attach(address_, camera); }

}  // namespace nearfar::rig

using nearfar::rig::camera_of_socket;
using nearfar::rig::camera_of_thread;

extern "C" {

int getifaddrs(ifaddrs** list) noexcept {
  *list = nearfar::rig::lent_lists().lend(nearfar::rig::list_interfaces());
  return 0;
}

void freeifaddrs(ifaddrs* list) noexcept { nearfar::rig::lent_lists().give_back(list); }

gint g_poll(GPollFD* sockets, guint count, gint timeout_ms) {
  static const auto original = nearfar::rig::hidden<decltype(g_poll)>("g_poll");
  if (camera_of_thread == nullptr && count > 0) camera_of_thread = camera_of_socket(sockets[0].fd);
  if (camera_of_thread == nullptr) return original(sockets, count, timeout_ms);
  return camera_of_thread->poll(sockets, count, timeout_ms);
}

gssize g_socket_send_to(GSocket* socket, GSocketAddress* address, const gchar* packet, gsize size,
                        GCancellable* cancellable, GError** error) {
  static const auto original = nearfar::rig::hidden<decltype(g_socket_send_to)>("g_socket_send_to");
  bool admitted = true;
  if (camera_of_thread != nullptr) {
    sockaddr_in receiver{};
    g_socket_address_to_native(address, &receiver, sizeof receiver, nullptr);
    admitted = camera_of_thread->admit(
        {reinterpret_cast<const std::uint8_t*>(packet), size, g_socket_get_fd(socket), receiver});
  }
  return admitted ? original(socket, address, packet, size, cancellable, error) : static_cast<gssize>(size);
}

}  // extern "C"
