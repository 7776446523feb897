#pragma once

#include <cstddef>
#include <cstdint>

namespace nearfar::aravis {

/// How the transport judged a frame. Anything but `complete` has untrusted pixels.
enum class FrameStatus { complete, missing_packets, timeout, size_mismatch, aborted };

/// One received frame. Its pixels lie in the buffer that was handed to the stream as number
/// `buffer`; they stay untouched until that number is released.
struct Frame {
  std::uint32_t buffer = 0;
  std::uint64_t frame_id = 0;        ///< The camera's counter, unwrapped.
  std::uint64_t device_time_ns = 0;  ///< Camera clock.
  std::int64_t host_time_ns = 0;     ///< CLOCK_MONOTONIC when the last packet had arrived.
  FrameStatus status = FrameStatus::aborted;
  int width_px = 0;
  int height_px = 0;
  std::size_t image_bytes = 0;
};

/// Totals since the stream began.
struct StreamStatistics {
  std::uint64_t frames_complete = 0;
  std::uint64_t frames_incomplete = 0;
  std::uint64_t underruns = 0;
  std::uint64_t packets_missing = 0;
  std::uint64_t packets_resent = 0;
};

}  // namespace nearfar::aravis
