#include "camera.h"

#include <utility>

#include "camera_error.h"
#include "configure.h"

namespace nearfar::aravis {

Camera::Camera(const std::string& serial, std::function<void()> wake, const std::stop_token& giving_up)
    : wake_(std::move(wake)), device_(serial, [this] { wake_(); }, giving_up) {}

Camera::~Camera() { stop(); }

template <typename Exchange>
auto Camera::exchange(Exchange run) {
  throw_if_lost();
  try {
    return run();
  } catch (const CameraError& error) {
    if (error.fault() == Fault::lost) device_.mark_lost();
    throw;
  }
}

void Camera::throw_if_lost() const {
  if (!device_.lost()) return;
  throw CameraError(Fault::lost, "camera " + info().serial + " at " + info().address + " is gone");
}

Configured Camera::configure(const Settings& settings) {
  if (stream_ != nullptr) throw CameraError(Fault::wrong_order, "stop the camera before configuring it");
  format_.reset();
  return exchange([&] {
    write_settings(device_.camera(), settings);
    Configured held{read_settings(device_.camera()), read_frame_format(device_.camera())};
    format_ = held.format;
    return held;
  });
}

void Camera::start(std::span<const BufferSpan> buffers) {
  if (!format_) throw CameraError(Fault::wrong_order, "configure the camera before starting it");
  if (stream_ != nullptr) throw CameraError(Fault::wrong_order, "the camera is started already");
  exchange([&] {
    queue_.clear();
    auto stream = std::make_unique<Stream>(device_, *format_, buffers, queue_, wake_);
    ErrorSlot error;
    arv_camera_start_acquisition(device_.camera(), error.out());
    error.check("start acquisition");
    const std::lock_guard lock(stream_mutex_);
    stream_ = std::move(stream);
  });
}

void Camera::stop() noexcept {
  if (stream_ == nullptr) return;
  if (!device_.lost()) {
    ErrorSlot ignored;
    arv_camera_stop_acquisition(device_.camera(), ignored.out());
  }
  std::unique_ptr<Stream> stream;
  {
    const std::lock_guard lock(stream_mutex_);
    stream = std::move(stream_);
    last_statistics_ = stream->statistics();
  }
}

std::optional<Frame> Camera::take() {
  // In this order: what is in the queue once the loss is known is all there will ever be.
  const bool lost = device_.lost();
  std::optional<Frame> frame = queue_.take();
  if (!frame && lost) throw_if_lost();
  return frame;
}

void Camera::release(std::uint32_t buffer) {
  const std::lock_guard lock(stream_mutex_);
  if (stream_ != nullptr) stream_->requeue(buffer);
}

StreamStatistics Camera::statistics() {
  const std::lock_guard lock(stream_mutex_);
  return stream_ != nullptr ? stream_->statistics() : last_statistics_;
}

}  // namespace nearfar::aravis
