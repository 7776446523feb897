#include "control/control_server.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <list>
#include <map>
#include <set>
#include <system_error>
#include <thread>

namespace nearfar::rig {
namespace {

// No request is anywhere near this long; a client that sends more without a line end is broken.
constexpr std::size_t kLongestLine = 1 << 20;
// How long an answer may wait for a client that does not read.
constexpr int kSendTimeoutSeconds = 5;

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

struct Client {
  explicit Client(int fd) : socket(fd) {}
  Descriptor socket;
  std::string pending;
};

bool send_all(int fd, const std::string& text) {
  std::size_t sent = 0;
  while (sent < text.size()) {
    const ssize_t count = ::send(fd, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    sent += static_cast<std::size_t>(count);
  }
  return true;
}

sockaddr_un address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path)
    throw std::runtime_error("the control socket's path is longer than " +
                             std::to_string(sizeof address.sun_path - 1) + " bytes: " + path);
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  return address;
}

/// Removes a socket file that a dead process left behind; refuses one that is in use.
void clear_stale(const std::string& path, const sockaddr_un& address) {
  const Descriptor probe(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (::connect(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0)
    throw std::runtime_error("another process listens at " + path);
  if (errno == ECONNREFUSED) unlink(path.c_str());
}

int listen_at(const std::string& path) {
  const sockaddr_un address = address_of(path);
  clear_stale(path, address);
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) throw std::system_error(errno, std::generic_category(), "socket");
  if (::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 || ::listen(fd, 8) != 0) {
    const int error = errno;
    close(fd);
    throw std::system_error(error, std::generic_category(), "cannot listen at " + path);
  }
  return fd;
}

}  // namespace

class ControlServer::Impl {
 public:
  explicit Impl(std::string path) : path_(std::move(path)), listener_(listen_at(path_)) {
    if (pipe2(stop_pipe_.data(), O_CLOEXEC) != 0)
      throw std::system_error(errno, std::generic_category(), "pipe2");
  }

  ~Impl() {
    stop();
    for (const int fd : stop_pipe_) close(fd);
    unlink(path_.c_str());
  }

  void handle(const std::string& op, std::initializer_list<const char*> fields, Handler handler) {
    Op& entry = ops_[op];
    entry.fields.insert(fields.begin(), fields.end());
    entry.handlers.push_back(std::move(handler));
  }

  void handle_faults(std::initializer_list<const char*> members, FaultHandler handler) {
    if (fault_owners_.empty())
      handle("faults", {"faults"}, [this](const Json& request) { return faults(request); });
    fault_owners_.push_back({{members.begin(), members.end()}, std::move(handler)});
  }

  void start() {
    thread_ = std::thread([this] { serve(); });
  }

  void stop() {
    if (!thread_.joinable()) return;
    const char byte = 0;
    if (write(stop_pipe_[1], &byte, 1) != 1) std::terminate();  // an empty pipe always has room
    thread_.join();
    clients_.clear();
  }

  const std::string& path() const { return path_; }

 private:
  struct Op {
    std::set<std::string> fields;
    std::vector<Handler> handlers;
  };
  struct FaultOwner {
    std::set<std::string> members;
    FaultHandler handler;
  };

  void serve() {
    for (;;) {
      std::vector<pollfd> files{{stop_pipe_[0], POLLIN, 0}, {listener_.get(), POLLIN, 0}};
      for (const Client& client : clients_) files.push_back({client.socket.get(), POLLIN, 0});
      if (poll(files.data(), files.size(), -1) < 0) continue;
      if (files[0].revents != 0) return;
      auto file = files.begin() + 2;
      for (auto client = clients_.begin(); client != clients_.end(); ++file) {
        const bool keep = file->revents == 0 || serve_client(*client);
        client = keep ? std::next(client) : clients_.erase(client);
      }
      if (files[1].revents != 0) accept_client();
    }
  }

  void accept_client() {
    const int fd = accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) return;
    const timeval timeout{kSendTimeoutSeconds, 0};
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout);
    clients_.emplace_back(fd);
  }

  /// False when the client is gone or hopeless.
  bool serve_client(Client& client) {
    std::array<char, 4096> bytes;
    const ssize_t count = recv(client.socket.get(), bytes.data(), bytes.size(), MSG_DONTWAIT);
    if (count < 0) return errno == EAGAIN || errno == EINTR;
    if (count == 0) return false;
    client.pending.append(bytes.data(), static_cast<std::size_t>(count));
    for (std::size_t end; (end = client.pending.find('\n')) != std::string::npos;) {
      const std::string line = client.pending.substr(0, end);
      client.pending.erase(0, end + 1);
      if (!send_all(client.socket.get(), answer(line) + "\n")) return false;
    }
    return client.pending.size() <= kLongestLine;
  }

  std::string answer(const std::string& line) {
    Json id = nullptr;
    try {
      const Json request = Json::parse(line);
      if (!request.is_object()) throw RequestError("a request is an object");
      const auto found = request.find("id");
      if (found != request.end() && found->is_number_integer()) id = *found;
      if (id.is_null()) throw RequestError("`id` must be an integer");
      return Json{{"id", id}, {"ok", true}, {"result", result_of(request)}}.dump();
    } catch (const std::exception& error) {
      // The text may quote the client's bytes, which need not be UTF-8.
      return Json{{"id", id}, {"ok", false}, {"error", error.what()}}.dump(-1, ' ', false,
                                                                         Json::error_handler_t::replace);
    }
  }

  Json result_of(const Json& request) {
    const std::string name = require_string(request, "op");
    const auto found = ops_.find(name);
    if (found == ops_.end()) throw RequestError("there is no op `" + name + "`");
    for (const auto& [member, value] : request.items())
      if (member != "id" && member != "op" && !found->second.fields.contains(member))
        throw RequestError("`" + name + "` has no member `" + member + "`");
    Json result = Json::object();
    for (const Handler& handler : found->second.handlers) {
      Json part = handler(request);
      if (part.is_object() && result.is_object())
        result.update(part);
      else
        result = std::move(part);
    }
    return result;
  }

  Json faults(const Json& request) {
    const auto found = request.find("faults");
    if (found == request.end() || !found->is_object()) throw RequestError("`faults` must be an object");
    for (const auto& [member, value] : found->items())
      if (std::none_of(fault_owners_.begin(), fault_owners_.end(),
                       [&member](const FaultOwner& owner) { return owner.members.contains(member); }))
        throw RequestError("`faults` has no member `" + member + "`");
    for (const bool apply : {false, true})
      for (const FaultOwner& owner : fault_owners_) owner.handler(owned(*found, owner), apply);
    return Json::object();
  }

  static Json owned(const Json& faults, const FaultOwner& owner) {
    Json part = Json::object();
    for (const auto& [member, value] : faults.items())
      if (owner.members.contains(member)) part[member] = value;
    return part;
  }

  std::string path_;
  Descriptor listener_;
  std::array<int, 2> stop_pipe_{-1, -1};
  std::map<std::string, Op> ops_;
  std::vector<FaultOwner> fault_owners_;
  std::list<Client> clients_;
  std::thread thread_;
};

ControlServer::ControlServer(std::string path) : impl_(std::make_unique<Impl>(std::move(path))) {}
ControlServer::~ControlServer() = default;

void ControlServer::handle(const std::string& op, std::initializer_list<const char*> fields,
                           Handler handler) {
  impl_->handle(op, fields, std::move(handler));
}

void ControlServer::handle_faults(std::initializer_list<const char*> members, FaultHandler handler) {
  impl_->handle_faults(members, std::move(handler));
}

void ControlServer::start() { impl_->start(); }
void ControlServer::stop() { impl_->stop(); }
const std::string& ControlServer::path() const { return impl_->path(); }

}  // namespace nearfar::rig
