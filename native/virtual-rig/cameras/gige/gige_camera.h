// One real GigE Vision camera on loopback, served from this process by the camera library.
//
// The library's camera has a software trigger only. A frame handed to send() is kept until the
// camera's thread comes by, which then sets that trigger itself, fills the buffer with the frame and
// puts the client's trigger source back. All registers are touched on that thread alone.
#pragma once

#include <arv.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "cameras/gige/process_hooks.h"
#include "cameras/gige/stream_flow.h"
#include "cameras/scene/camera_view.h"
#include "cameras/scene/pixel_format.h"
#include "cameras/scene/random.h"
#include "cameras/scene/sensor.h"

namespace nearfar::rig {

/// What the client has set.
struct CameraSettings {
  /// A client acquires and the trigger line is the trigger source: edges are obeyed.
  bool armed = false;
  double exposure_us = 0;
  double gain_db = 0;
  Region region;
  const PixelFormat* format = &kPixelFormats[0];
};

/// How a frame left the camera.
enum class Delivery {
  sent,
  packets_lost,
  /// The client stopped acquiring before the frame could be sent.
  abandoned,
};

struct OutgoingFrame {
  std::vector<std::uint8_t> payload;
  std::uint64_t device_time_ns = 0;
  /// The frame takes its frame id, but no packet of it leaves.
  bool withheld = false;
  /// Share of data packets that vanish, chosen by the seed.
  double packet_loss = 0;
  std::uint64_t loss_seed = 0;
  /// Called once, on the camera's thread: `packets_lost` at the first lost packet, the others at the end.
  std::function<void(Delivery)> on_delivery;
};

class GigeCamera : private CameraThread {
 public:
  /// Makes a frame that no trigger line asked for (free running, or the client's software trigger). Runs
  /// on the camera's thread, which answers no client meanwhile; must not throw.
  using MakeFrame = std::function<OutgoingFrame(const CameraSettings&)>;

  struct Options {
    std::string serial;
    std::string address;
    SensorSpec sensor;
    const PixelFormat* format = &kPixelFormats[0];
  };

  /// Discoverable when it returns. Throws std::runtime_error when the address is taken.
  GigeCamera(const Options& options, MakeFrame make_frame);
  ~GigeCamera() override;
  GigeCamera(const GigeCamera&) = delete;
  GigeCamera& operator=(const GigeCamera&) = delete;

  CameraSettings settings() const;
  /// Sends after the frames handed over before. From any thread; does not block.
  void send(OutgoingFrame frame);
  /// false: answers nothing and sends nothing.
  void set_connected(bool connected) { connected_ = connected; }
  /// Frames that left, whole or not, since the start.
  std::uint64_t frames_sent() const { return frames_sent_; }

 private:
  using Clock = std::chrono::steady_clock;

  int poll(GPollFD* sockets, unsigned count, int timeout_ms) override;
  bool admit(const Packet& packet) override;
  void fill(ArvBuffer* buffer);

  std::uint32_t read(std::uint32_t address) const;
  void write(std::uint32_t address, std::uint32_t value);
  void set_defaults(const Options& options);
  bool acquiring() const;
  void release_silent_client();
  void publish_settings();
  void offer_frame();
  void withdraw_offer();
  void finish_frame();
  std::chrono::microseconds patience(int timeout_ms) const;

  HostedAddress address_;
  MakeFrame make_frame_;
  int wake_fd_;

  /// Set once everything is in place.
  std::atomic<bool> serving_{false};
  std::atomic<bool> connected_{true};
  std::atomic<std::uint64_t> frames_sent_{0};
  mutable std::mutex mutex_;
  std::deque<OutgoingFrame> waiting_;
  CameraSettings settings_;

  // Of the camera's thread only.
  /// The trigger registers have been set for the frame at the head of `waiting_`.
  bool offered_ = false;
  std::optional<OutgoingFrame> in_flight_;
  Random loss_{0};
  bool lost_packets_ = false;
  StreamFlow flow_;
  Clock::time_point last_heard_;

  /// Owned by `server_`.
  ArvFakeCamera* camera_ = nullptr;
  /// Last, so that its thread ends before anything it uses.
  std::unique_ptr<ArvGvFakeCamera, void (*)(void*)> server_;
};

}  // namespace nearfar::rig
