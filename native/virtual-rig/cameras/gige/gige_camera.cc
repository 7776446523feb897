#include "cameras/gige/gige_camera.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <utility>

#include "cameras/gige/genicam_xml.h"

namespace nearfar::rig {
namespace {

using namespace std::chrono_literals;

// Bootstrap registers of the GigE Vision standard that the library's headers do not name.
constexpr std::uint32_t kHeartbeatTimeoutMs = 0x938;
constexpr std::uint32_t kControlPrivilege = 0xA00;
constexpr std::uint32_t kStreamPacketSize = 0xD04;
constexpr std::uint32_t kStreamSourcePort = 0xD1C;

constexpr std::uint16_t kControlPort = 3956;

constexpr std::uint32_t kTriggerOn = 1;
constexpr std::uint32_t kSourceLine0 = 0;
constexpr std::uint32_t kSourceSoftware = 1;

/// Rate at which the library's thread looks for a trigger. It sleeps in our poll() all the same.
constexpr double kTriggerLookupHz = 1000;

/// The largest that fits in a kernel allocation of 8 KiB: at 8000 bytes a receive buffer holds half as much.
constexpr std::uint32_t kPacketBytes = 7600;

/// Low bits of a stream packet's format byte: a data packet (1 is a leader, 2 a trailer).
constexpr std::uint8_t kDataPacket = 3;

/// Names a file in memory that holds `text`, for a library that reads from paths only.
class MemoryFile {
 public:
  explicit MemoryFile(const std::string& text) : fd_(memfd_create("genicam", MFD_CLOEXEC)) {
    if (fd_ < 0 || ::write(fd_, text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
      throw std::system_error(errno, std::generic_category(), "camera description");
    }
  }
  ~MemoryFile() { close(fd_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  std::string path() const { return "/proc/self/fd/" + std::to_string(fd_); }

 private:
  int fd_;
};

bool is_data_packet(const Packet& packet) { return packet.size > 8 && (packet.data[4] & 0x0F) == kDataPacket; }

/// A broadcast also reaches us from the machine's other interfaces. A client that got an answer there
/// would wait for the stream on that interface, where a packet socket never sees it.
bool is_loopback(const sockaddr_in& address) { return ntohl(address.sin_addr.s_addr) >> 24 == IN_LOOPBACKNET; }

/// Ports of this process' sockets at `address`; the library keeps its sockets to itself.
std::vector<std::uint16_t> ports_at(const std::string& address) {
  in_addr wanted{};
  inet_pton(AF_INET, address.c_str(), &wanted);
  std::vector<std::uint16_t> ports;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    sockaddr_in bound{};
    socklen_t size = sizeof bound;
    const int fd = std::stoi(entry.path().filename());
    if (getsockname(fd, reinterpret_cast<sockaddr*>(&bound), &size) != 0 || bound.sin_family != AF_INET) continue;
    if (bound.sin_addr.s_addr == wanted.s_addr) ports.push_back(ntohs(bound.sin_port));
  }
  return ports;
}

bool has_packets(const GPollFD* sockets, unsigned count) {
  return std::any_of(sockets, sockets + count, [](const GPollFD& socket) {
    pollfd now{socket.fd, POLLIN, 0};
    return ::poll(&now, 1, 0) > 0;
  });
}

/// Throws away all that has arrived.
void drain(int fd) {
  std::array<char, 64> scrap;
  while (recv(fd, scrap.data(), scrap.size(), MSG_DONTWAIT) >= 0) {
  }
}

}  // namespace

GigeCamera::GigeCamera(const Options& options, MakeFrame make_frame)
    : address_(options.address),
      make_frame_(std::move(make_frame)),
      wake_fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      last_heard_(Clock::now()),
      server_(nullptr, g_object_unref) {
  const MemoryFile xml(adapted_genicam_xml());
  // From its first wait on the camera's thread is ours, and idle until all is set up.
  address_.attach(this);
  server_.reset(arv_gv_fake_camera_new_full(options.address.c_str(), options.serial.c_str(), xml.path().c_str()));
  // The library calls a camera running even when another program holds its control port.
  const auto ports = ports_at(options.address);
  const auto stream_port = std::ranges::find_if(ports, [](std::uint16_t port) { return port != kControlPort; });
  if (std::ranges::find(ports, kControlPort) == ports.end() || stream_port == ports.end()) {
    throw std::runtime_error("no camera could be started at " + options.address + ": is another rig using it?");
  }
  camera_ = arv_gv_fake_camera_get_fake_camera(server_.get());
  set_defaults(options);
  publish_settings();
  arv_fake_camera_set_trigger_frequency(camera_, kTriggerLookupHz);
  arv_fake_camera_set_fill_pattern(
      camera_,
      [](ArvBuffer* buffer, void* self, guint32, guint32, ArvPixelFormat) {
        static_cast<GigeCamera*>(self)->fill(buffer);
      },
      this);
  // A client with the right to use a packet socket takes packets from this port only.
  write(kStreamSourcePort, *stream_port);
  serving_ = true;
}

GigeCamera::~GigeCamera() {
  server_.reset();  // Joins the camera's thread.
  address_.attach(nullptr);
  close(wake_fd_);
}

void GigeCamera::set_defaults(const Options& options) {
  const auto width = static_cast<std::uint32_t>(options.sensor.width);
  const auto height = static_cast<std::uint32_t>(options.sensor.height);
  write(ARV_FAKE_CAMERA_REGISTER_SENSOR_WIDTH, width);
  write(ARV_FAKE_CAMERA_REGISTER_SENSOR_HEIGHT, height);
  write(ARV_FAKE_CAMERA_REGISTER_WIDTH, width);
  write(ARV_FAKE_CAMERA_REGISTER_HEIGHT, height);
  write(ARV_FAKE_CAMERA_REGISTER_PIXEL_FORMAT, options.format->code);
  write(ARV_FAKE_CAMERA_REGISTER_EXPOSURE_TIME_US, static_cast<std::uint32_t>(kReferenceExposureUs));
  write(kStreamPacketSize, kPacketBytes);
}

CameraSettings GigeCamera::settings() const {
  const std::lock_guard lock(mutex_);
  return settings_;
}

void GigeCamera::send(OutgoingFrame frame) {
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(frame));
  }
  eventfd_write(wake_fd_, 1);
}

std::uint32_t GigeCamera::read(std::uint32_t address) const {
  std::uint32_t value = 0;
  arv_fake_camera_read_register(camera_, address, &value);
  return value;
}

void GigeCamera::write(std::uint32_t address, std::uint32_t value) {
  arv_fake_camera_write_register(camera_, address, value);
}

bool GigeCamera::acquiring() const {
  return read(kControlPrivilege) != 0 && read(ARV_FAKE_CAMERA_REGISTER_ACQUISITION) != 0;
}

/// A camera stops when its client has gone or has been silent for the heartbeat timeout; the
/// library's looks at the time only when a packet comes, and never stops by itself.
void GigeCamera::release_silent_client() {
  if (read(kControlPrivilege) != 0) {
    const std::chrono::milliseconds timeout(read(kHeartbeatTimeoutMs));
    if (Clock::now() - last_heard_ <= timeout) return;
    write(kControlPrivilege, 0);
  }
  write(ARV_FAKE_CAMERA_REGISTER_ACQUISITION, 0);
}

void GigeCamera::publish_settings() {
  CameraSettings now;
  const std::uint32_t source = read(ARV_FAKE_CAMERA_REGISTER_TRIGGER_SOURCE);
  now.armed = acquiring() && read(ARV_FAKE_CAMERA_REGISTER_TRIGGER_MODE) == kTriggerOn &&
              (source == kSourceLine0 || offered_);
  now.exposure_us = read(ARV_FAKE_CAMERA_REGISTER_EXPOSURE_TIME_US);
  now.gain_db = read(ARV_FAKE_CAMERA_REGISTER_GAIN_RAW) * kGainStepDb;
  now.region.x = static_cast<int>(read(ARV_FAKE_CAMERA_REGISTER_X_OFFSET));
  now.region.y = static_cast<int>(read(ARV_FAKE_CAMERA_REGISTER_Y_OFFSET));
  now.region.width = static_cast<int>(read(ARV_FAKE_CAMERA_REGISTER_WIDTH));
  now.region.height = static_cast<int>(read(ARV_FAKE_CAMERA_REGISTER_HEIGHT));
  if (const PixelFormat* format = find_pixel_format(read(ARV_FAKE_CAMERA_REGISTER_PIXEL_FORMAT))) now.format = format;
  const std::lock_guard lock(mutex_);
  settings_ = now;
}

/// Sets the library's trigger for the frame that waits longest, or gives up all when nobody acquires.
void GigeCamera::offer_frame() {
  const bool can_send = acquiring() && read(ARV_FAKE_CAMERA_REGISTER_TRIGGER_MODE) == kTriggerOn;
  std::deque<OutgoingFrame> abandoned;
  {
    const std::lock_guard lock(mutex_);
    if (!can_send) abandoned.swap(waiting_);
    if (!waiting_.empty() && !offered_) {
      offered_ = true;
      write(ARV_FAKE_CAMERA_REGISTER_TRIGGER_SOFTWARE, 1);
      write(ARV_FAKE_CAMERA_REGISTER_TRIGGER_SOURCE, kSourceSoftware);
    }
  }
  if (!can_send && offered_) withdraw_offer();
  for (const OutgoingFrame& frame : abandoned) {
    if (frame.on_delivery) frame.on_delivery(Delivery::abandoned);
  }
}

void GigeCamera::withdraw_offer() {
  write(ARV_FAKE_CAMERA_REGISTER_TRIGGER_SOURCE, kSourceLine0);
  write(ARV_FAKE_CAMERA_REGISTER_TRIGGER_SOFTWARE, 0);
  offered_ = false;
}

void GigeCamera::fill(ArvBuffer* buffer) {
  OutgoingFrame frame;
  if (offered_) {
    withdraw_offer();
    const std::lock_guard lock(mutex_);
    frame = std::move(waiting_.front());
    waiting_.pop_front();
  } else {
    publish_settings();
    frame = make_frame_(settings());
  }
  // The library has made sure that the buffer holds the payload, but does not tell its size here.
  const CameraSettings now = settings();
  const auto pixels = static_cast<std::size_t>(now.region.width) * static_cast<std::size_t>(now.region.height);
  const std::size_t payload = payload_bytes(*now.format, pixels);
  std::size_t unknown_size = 0;
  auto* data = static_cast<std::uint8_t*>(const_cast<void*>(arv_buffer_get_data(buffer, &unknown_size)));
  const std::size_t copied = std::min(payload, frame.payload.size());
  std::memcpy(data, frame.payload.data(), copied);
  std::memset(data + copied, 0, payload - copied);
  arv_buffer_set_timestamp(buffer, frame.device_time_ns);

  loss_ = Random(frame.loss_seed);
  lost_packets_ = false;
  in_flight_ = std::move(frame);
}

void GigeCamera::finish_frame() {
  if (!in_flight_) return;
  if (!in_flight_->withheld) frames_sent_++;
  if (!lost_packets_ && in_flight_->on_delivery) in_flight_->on_delivery(Delivery::sent);
  in_flight_.reset();
}

bool GigeCamera::admit(const Packet& packet) {
  if (!connected_ || !is_loopback(packet.receiver)) return false;
  if (!in_flight_) return true;
  if (in_flight_->withheld) return false;
  if (is_data_packet(packet) && loss_.uniform() < in_flight_->packet_loss) {
    if (!lost_packets_ && in_flight_->on_delivery) in_flight_->on_delivery(Delivery::packets_lost);
    lost_packets_ = true;
    return false;
  }
  flow_.pace(packet.socket, packet.receiver, packet.size);
  return true;
}

/// How long to wait for a packet or a frame. The library asks for 0 during the last millisecond of
/// every period, which would keep a core busy, and by an unsigned underflow now and then for 100 ms.
std::chrono::microseconds GigeCamera::patience(int timeout_ms) const {
  const auto asked = std::max(200us, std::chrono::microseconds(std::chrono::milliseconds(timeout_ms)));
  const bool trigger_set = read(ARV_FAKE_CAMERA_REGISTER_TRIGGER_SOFTWARE) != 0;
  if (trigger_set) return std::min<std::chrono::microseconds>(asked, 1ms);
  if (acquiring() && read(ARV_FAKE_CAMERA_REGISTER_TRIGGER_MODE) != kTriggerOn) return asked;
  return 100ms;
}

int GigeCamera::poll(GPollFD* sockets, unsigned count, int timeout_ms) {
  if (!serving_) {
    std::this_thread::sleep_for(1ms);
    return 0;
  }
  finish_frame();
  // Making a frame may have taken long: what the client said meanwhile still waits.
  if (connected_ && has_packets(sockets, count)) last_heard_ = Clock::now();
  release_silent_client();
  eventfd_t wakes;
  eventfd_read(wake_fd_, &wakes);
  offer_frame();
  publish_settings();

  std::array<pollfd, 8> waits{};
  const unsigned used = std::min<unsigned>(count, waits.size() - 1);
  for (unsigned i = 0; i < used; i++) waits[i] = {sockets[i].fd, POLLIN, 0};
  waits[used] = {wake_fd_, POLLIN, 0};
  const auto wait_us = patience(timeout_ms).count();
  const timespec wait{wait_us / 1000000, wait_us % 1000000 * 1000};
  ppoll(waits.data(), used + 1, &wait, nullptr);

  int ready = 0;
  for (unsigned i = 0; i < used; i++) {
    const bool readable = waits[i].revents != 0;
    if (readable && !connected_) drain(waits[i].fd);
    sockets[i].revents = readable && connected_ ? G_IO_IN : 0;
    if (sockets[i].revents != 0) ready++;
  }
  if (ready > 0) last_heard_ = Clock::now();
  return ready;
}

}  // namespace nearfar::rig
