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

/// One camera's part in one trigger. Exposure ticks and device time are 0 when it did not expose.
struct FrameTruth {
  Tick trigger_tick = 0;
  Tick exposure_start_tick = 0;
  Tick exposure_end_tick = 0;
  std::uint64_t device_time_ns = 0;
  FrameFate fate = FrameFate::sent;
  int extra_frames = 0;
};

struct TriggerTruth {
  std::uint32_t trigger_number = 0;
  Scene scene;
  /// By arm; empty when that camera was not armed or got no edge.
  std::array<std::optional<FrameTruth>, 2> frames;
  std::optional<Tick> strobe_tick;
};

struct ShotTruth {
  std::vector<TriggerTruth> triggers;
};

/// The last 10,000 shots. Thread-safe; no call takes long.
class TruthLog {
 public:
  /// Opens the trigger; also for an edge that no camera obeyed.
  void record_trigger(const ShotContext& shot, const Scene& scene);
  void record_frame(const ShotContext& shot, Arm arm, const FrameTruth& frame);
  void record_strobe(const ShotContext& shot, Tick tick);
  /// Changes the fate of a recorded frame; nothing when it has been forgotten.
  void set_fate(const ShotContext& shot, Arm arm, FrameFate fate);

  std::optional<Tick> strobe_tick(const ShotContext& shot) const;
  std::optional<ShotTruth> find(const std::string& boot_id, std::uint32_t shot_id) const;

 private:
  using Key = std::pair<std::string, std::uint32_t>;

  TriggerTruth& trigger(const ShotContext& shot);

  mutable std::mutex mutex_;
  std::map<Key, ShotTruth> shots_;
  std::deque<Key> oldest_first_;
};

}  // namespace nearfar::rig
