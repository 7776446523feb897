#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <stop_token>
#include <string>

#include "device.h"
#include "frame.h"
#include "frame_queue.h"
#include "settings.h"
#include "stream.h"

namespace nearfar::aravis {

/// What a camera holds after `configure`.
struct Configured {
  Settings settings;
  FrameFormat format;
};

/// One camera from open to close.
///
/// Constructor, destructor, `configure`, `start` and `stop` block and belong to one thread.
/// `take`, `release`, `statistics` and `lost` never block and may be called from any.
class Camera {
 public:
  /// @param wake runs on a receiving thread whenever `take` may have something new: a frame, or
  ///   the loss of the camera. It must not block.
  /// @throws CameraError not_found, busy, lost, refused.
  Camera(const std::string& serial, std::function<void()> wake, const std::stop_token& giving_up);
  ~Camera();
  Camera(const Camera&) = delete;
  Camera& operator=(const Camera&) = delete;

  const DeviceInfo& info() const { return device_.info(); }
  const std::string& firmware() const { return device_.firmware(); }

  /// Writes all settings and reads them back. @throws CameraError refused, lost, wrong_order
  /// while started.
  Configured configure(const Settings& settings);
  /// Starts acquisition into `buffers`, each at least `payload_bytes` long; they must live until
  /// `stop` has returned. @throws CameraError lost, refused, wrong_order unless configured.
  void start(std::span<const BufferSpan> buffers);
  /// Stops acquisition; frames that have arrived can still be taken. Never throws: a camera that
  /// is gone has stopped. Nothing writes into the buffers any more afterwards.
  void stop() noexcept;

  /// The oldest frame that has arrived, or nothing. Its buffer is the caller's until `release`.
  /// @throws CameraError lost, once the frames that came before the loss are taken.
  std::optional<Frame> take();
  /// Hands a frame's buffer back to the stream; ignored when it is not out or after `stop`.
  void release(std::uint32_t buffer);
  /// Since the last `start`.
  StreamStatistics statistics();

 private:
  /// Runs a blocking exchange with the camera; remembers when it shows that it is gone.
  template <typename Exchange>
  auto exchange(Exchange run);
  void throw_if_lost() const;

  FrameQueue queue_;
  std::function<void()> wake_;
  Device device_;
  std::optional<FrameFormat> format_;

  std::mutex stream_mutex_;
  std::unique_ptr<Stream> stream_;
  StreamStatistics last_statistics_;
};

}  // namespace nearfar::aravis
