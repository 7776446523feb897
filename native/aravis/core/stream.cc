#include "stream.h"

#include <ctime>
#include <utility>

#include "camera_error.h"

namespace nearfar::aravis {
namespace {

/// How long a missing packet is waited for before it is asked for again.
constexpr guint kPacketTimeoutUs = 40'000;
/// How long a frame may stay silent before it is given up. Well above a scheduling pause of a
/// loaded machine, well below the time after which capture calls a frame missing.
constexpr guint kFrameRetentionUs = 500'000;

std::int64_t monotonic_ns() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::int64_t>(now.tv_sec) * 1'000'000'000 + now.tv_nsec;
}

FrameStatus status_of(ArvBufferStatus status) {
  switch (status) {
    case ARV_BUFFER_STATUS_SUCCESS: return FrameStatus::complete;
    case ARV_BUFFER_STATUS_TIMEOUT: return FrameStatus::timeout;
    case ARV_BUFFER_STATUS_MISSING_PACKETS:
    case ARV_BUFFER_STATUS_WRONG_PACKET_ID: return FrameStatus::missing_packets;
    case ARV_BUFFER_STATUS_SIZE_MISMATCH: return FrameStatus::size_mismatch;
    case ARV_BUFFER_STATUS_UNKNOWN:
    case ARV_BUFFER_STATUS_CLEARED:
    case ARV_BUFFER_STATUS_FILLING:
    case ARV_BUFFER_STATUS_ABORTED: break;
  }
  return FrameStatus::aborted;
}

void tune(ArvStream* stream, bool resends_packets) {
  if (!ARV_IS_GV_STREAM(stream)) return;
  g_object_set(stream, "packet-timeout", kPacketTimeoutUs, "frame-retention", kFrameRetentionUs,
               "packet-resend",
               resends_packets ? ARV_GV_STREAM_PACKET_RESEND_ALWAYS : ARV_GV_STREAM_PACKET_RESEND_NEVER,
               // As much of a payload as the system's net.core.rmem_max allows.
               "socket-buffer", ARV_GV_STREAM_SOCKET_BUFFER_AUTO, nullptr);
}

}  // namespace

Stream::Stream(const Device& device, const FrameFormat& format, std::span<const BufferSpan> buffers,
               FrameQueue& queue, std::function<void()> on_frame)
    : format_(format), queue_(queue), on_frame_(std::move(on_frame)), out_(buffers.size()) {
  for (const BufferSpan& buffer : buffers) {
    if (buffer.size() < format.payload_bytes) {
      throw CameraError(Fault::wrong_order, "a buffer of " + std::to_string(buffer.size()) +
                                                " bytes is too small for frames of " +
                                                std::to_string(format.payload_bytes));
    }
  }
  ErrorSlot error;
  stream_.reset(arv_camera_create_stream(device.camera(), &Stream::on_event, this, error.out()));
  error.check("open the image stream");
  tune(stream_.get(), device.resends_packets());
  for (std::size_t i = 0; i < buffers.size(); ++i) {
    arv_stream_push_buffer(stream_.get(),
                           arv_buffer_new_full(buffers[i].size(), buffers[i].data(), GSIZE_TO_POINTER(i), nullptr));
  }
}

Stream::~Stream() {
  stopping_ = true;
  stream_.reset();  // joins the receiving thread, which still counts what it aborts
}

void Stream::requeue(std::uint32_t buffer) {
  const std::lock_guard lock(out_mutex_);
  if (buffer >= out_.size() || out_[buffer] == nullptr) return;
  arv_stream_push_buffer(stream_.get(), out_[buffer].release());
}

StreamStatistics Stream::statistics() const {
  StreamStatistics totals;
  guint64 complete = 0;
  guint64 failures = 0;
  guint64 underruns = 0;
  arv_stream_get_statistics(stream_.get(), &complete, &failures, &underruns);
  totals.frames_complete = complete;
  totals.frames_incomplete = failures;
  totals.underruns = underruns;
  if (ARV_IS_GV_STREAM(stream_.get())) {
    guint64 resent = 0;
    guint64 missing = 0;
    arv_gv_stream_get_statistics(ARV_GV_STREAM(stream_.get()), &resent, &missing);
    totals.packets_resent = resent;
    totals.packets_missing = missing;
  }
  return totals;
}

void Stream::on_event(void* self, ArvStreamCallbackType type, ArvBuffer*) {
  if (type == ARV_STREAM_CALLBACK_TYPE_BUFFER_DONE) static_cast<Stream*>(self)->receive();
}

void Stream::receive() {
  const std::int64_t arrived_ns = monotonic_ns();
  if (stopping_) return;
  ObjectPtr<ArvBuffer> buffer(arv_stream_try_pop_buffer(stream_.get()));
  if (buffer == nullptr) return;
  Frame frame = describe(buffer.get());
  frame.host_time_ns = arrived_ns;
  {
    const std::lock_guard lock(out_mutex_);
    out_[frame.buffer] = std::move(buffer);
  }
  queue_.push(frame);
  on_frame_();
}

Frame Stream::describe(ArvBuffer* buffer) {
  Frame frame;
  frame.buffer = static_cast<std::uint32_t>(GPOINTER_TO_SIZE(arv_buffer_get_user_data(buffer)));
  frame.frame_id = ids_.unwrap(arv_buffer_get_frame_id(buffer));
  frame.device_time_ns = arv_buffer_get_timestamp(buffer);
  frame.width_px = format_.width_px;
  frame.height_px = format_.height_px;
  frame.image_bytes = format_.image_bytes;
  frame.status = judge(buffer, frame);
  return frame;
}

/// A complete frame of another shape than the camera was configured to is not what was asked.
FrameStatus Stream::judge(ArvBuffer* buffer, const Frame& frame) const {
  const FrameStatus status = status_of(arv_buffer_get_status(buffer));
  if (status != FrameStatus::complete) return status;
  std::size_t received = 0;
  arv_buffer_get_image_data(buffer, &received);
  const bool as_configured = arv_buffer_get_image_width(buffer) == frame.width_px &&
                             arv_buffer_get_image_height(buffer) == frame.height_px &&
                             arv_buffer_get_image_pixel_format(buffer) == format_.pixel_format &&
                             received == frame.image_bytes;
  return as_configured ? FrameStatus::complete : FrameStatus::size_mismatch;
}

}  // namespace nearfar::aravis
