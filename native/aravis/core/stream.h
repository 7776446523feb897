#pragma once

#include <arv.h>

#include <atomic>
#include <cstddef>
#include <functional>
#include <mutex>
#include <span>
#include <vector>

#include "device.h"
#include "frame.h"
#include "frame_id_unwrapper.h"
#include "frame_queue.h"
#include "glib_handles.h"
#include "settings.h"

namespace nearfar::aravis {

/// Memory for one payload; owned by whoever made it, and it must outlive the stream.
using BufferSpan = std::span<std::byte>;

/// Receives frames into the buffers it was given: Aravis writes each packet to its place in
/// them, nothing is copied. A buffer belongs to the stream until a frame is pushed to the queue,
/// then to whoever takes the frame, until `requeue`.
class Stream {
 public:
  /// Opens the receiving end; frames come once acquisition is started. Blocks.
  /// @param on_frame runs on the receiving thread after each push to `queue`.
  /// @throws CameraError refused, lost.
  Stream(const Device& device, const FrameFormat& format, std::span<const BufferSpan> buffers,
         FrameQueue& queue, std::function<void()> on_frame);
  /// Drops the frames in flight and waits for the receiving thread.
  ~Stream();
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  /// Gives a taken frame's buffer back. Any thread; does not block; a number that is not out is
  /// ignored.
  void requeue(std::uint32_t buffer);

  /// Any thread; does not block.
  StreamStatistics statistics() const;

 private:
  static void on_event(void* self, ArvStreamCallbackType type, ArvBuffer* buffer);
  void receive();
  Frame describe(ArvBuffer* buffer);
  FrameStatus judge(ArvBuffer* buffer, const Frame& frame) const;

  const FrameFormat format_;
  FrameQueue& queue_;
  std::function<void()> on_frame_;
  FrameIdUnwrapper ids_;
  std::atomic<bool> stopping_{false};

  std::mutex out_mutex_;
  /// By buffer number; null while the stream has it.
  std::vector<ObjectPtr<ArvBuffer>> out_;
  ObjectPtr<ArvStream> stream_;  // last: its thread uses the members above
};

}  // namespace nearfar::aravis
