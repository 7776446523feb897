// What really happened in each shot, for tests to hold the capture software against.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "board/board.h"
#include "board/pins.h"
#include "cameras/scene_state.h"

namespace nearfar::rig {

/// How the frame that a trigger edge asked for ended. `missing` also stands for a trigger that the
/// camera ignored because it was still exposing or reading out, and for a frame that its client
/// stopped waiting for.
enum class FrameFate : std::uint8_t { sent, missing, late, packets_lost, stuck, unplugged };

std::string_view name_of(FrameFate fate);

/// When the rows of a frame collect light; all 0 when none did.
struct ExposureSpan {
  /// Of the first row.
  Tick start = 0;
  /// Of the last row.
  Tick end = 0;
  /// How much later than the first row the last one starts; 0 with a global shutter.
  Tick last_row = 0;

  bool exposed() const { return end != 0; }
  /// Of each row.
  Tick length() const { return end - last_row - start; }
};

/// One camera's part in one trigger. Exposure and device time are 0 when it did not expose.
struct FrameTruth {
  Tick trigger_tick = 0;
  ExposureSpan exposure;
  std::uint64_t device_time_ns = 0;
  FrameFate fate = FrameFate::sent;
  int extra_frames = 0;
};

struct StrobePulse {
  Tick on = 0;
  /// Empty while it burns, and when the board went down in the middle of it.
  std::optional<Tick> off;
};

struct TriggerTruth {
  std::uint32_t trigger_number = 0;
  /// At the first edge of the trigger, for both arms.
  Scene scene;
  /// By arm; empty when that camera was not armed or got no edge.
  std::array<std::optional<FrameTruth>, 2> frames;
  std::optional<StrobePulse> strobe;
};

struct ShotTruth {
  std::vector<TriggerTruth> triggers;
};

/// The last 10,000 shots. Thread-safe; no call takes long.
class TruthLog {
 public:
  /// Opens the trigger, also for an edge that no camera obeyed.
  /// @returns the scene of the trigger: `now`, or what its first edge brought.
  Scene record_trigger(const ShotContext& shot, const Scene& now);
  // Nothing happens when the trigger has been forgotten.
  void record_frame(const ShotContext& shot, Arm arm, const FrameTruth& frame);
  /// A rising edge belongs to the trigger of its shot, a falling one to the pulse that it ends.
  void record_strobe(const Edge& edge);
  /// Changes the fate of a recorded frame.
  void set_fate(const ShotContext& shot, Arm arm, FrameFate fate);

  std::optional<StrobePulse> strobe(const ShotContext& shot) const;
  std::optional<ShotTruth> find(const std::string& boot_id, std::uint32_t shot_id) const;

 private:
  using Key = std::pair<std::string, std::uint32_t>;

  ShotTruth& shot_truth(const Key& key);
  /// Null when it was never opened, or has been forgotten.
  const TriggerTruth* find_trigger(const ShotContext& shot) const;
  TriggerTruth* find_trigger(const ShotContext& shot);

  mutable std::mutex mutex_;
  std::map<Key, ShotTruth> shots_;
  std::deque<Key> oldest_first_;
  /// Whose strobe burns.
  std::optional<ShotContext> burning_;
};

}  // namespace nearfar::rig
