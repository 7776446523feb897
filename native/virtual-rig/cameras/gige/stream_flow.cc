#include "cameras/gige/stream_flow.h"

#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <thread>

namespace nearfar::rig {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kBytesPerCheck = 30000;
/// The kernel counts whole allocations, so a batch of 30,000 bytes takes up to 70,000: with this
/// there is room for it in the default buffer of 212,992.
constexpr std::size_t kMostHeldBytes = 64 * 1024;
constexpr auto kPause = 100us;
/// Shorter than the 100 ms after which a client gives a frame up.
constexpr auto kLongestWait = 60ms;

struct Query {
  nlmsghdr header;
  inet_diag_req_v2 request;
};

Query query_for(const sockaddr_in& receiver, const sockaddr_in& sender) {
  Query query{};
  query.header.nlmsg_len = sizeof query;
  query.header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
  query.header.nlmsg_flags = NLM_F_REQUEST;
  query.request.sdiag_family = AF_INET;
  query.request.sdiag_protocol = IPPROTO_UDP;
  query.request.idiag_states = ~0u;
  // The kernel looks the socket up as if for a packet that travels from source to destination.
  query.request.id.idiag_sport = sender.sin_port;
  query.request.id.idiag_dport = receiver.sin_port;
  query.request.id.idiag_src[0] = sender.sin_addr.s_addr;
  query.request.id.idiag_dst[0] = receiver.sin_addr.s_addr;
  query.request.id.idiag_cookie[0] = query.request.id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;
  return query;
}

}  // namespace

StreamFlow::StreamFlow() : netlink_(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG)) {}

StreamFlow::~StreamFlow() {
  if (netlink_ >= 0) close(netlink_);
}

/// @returns nothing when the kernel does not know, for instance without its udp_diag module.
std::optional<std::size_t> StreamFlow::held_by(const sockaddr_in& receiver, const sockaddr_in& sender) const {
  const Query query = query_for(receiver, sender);
  if (netlink_ < 0 || ::send(netlink_, &query, sizeof query, 0) < 0) return std::nullopt;
  alignas(nlmsghdr) std::array<std::uint8_t, 1024> answer;
  const ssize_t size = recv(netlink_, answer.data(), answer.size(), 0);
  nlmsghdr header;
  inet_diag_msg socket_state;
  if (size < static_cast<ssize_t>(NLMSG_LENGTH(sizeof socket_state))) return std::nullopt;
  std::memcpy(&header, answer.data(), sizeof header);
  if (header.nlmsg_type != SOCK_DIAG_BY_FAMILY) return std::nullopt;
  std::memcpy(&socket_state, answer.data() + NLMSG_HDRLEN, sizeof socket_state);
  return socket_state.idiag_rqueue;
}

void StreamFlow::pace(int socket, const sockaddr_in& receiver, std::size_t size) {
  bytes_since_check_ += size;
  if (bytes_since_check_ < kBytesPerCheck) return;
  bytes_since_check_ = 0;
  wait_for_room(socket, receiver);
}

void StreamFlow::wait_for_room(int socket, const sockaddr_in& receiver) {
  sockaddr_in sender{};
  socklen_t size = sizeof sender;
  getsockname(socket, reinterpret_cast<sockaddr*>(&sender), &size);
  const auto began = std::chrono::steady_clock::now();
  for (;;) {
    const auto held = held_by(receiver, sender);
    if (held && *held <= kMostHeldBytes) {
      unread_ = false;
      return;
    }
    std::this_thread::sleep_for(kPause);
    if (!held || unread_) return;
    unread_ = std::chrono::steady_clock::now() - began > kLongestWait;
  }
}

}  // namespace nearfar::rig
