#include "cameras/truth_log.h"

#include <algorithm>
#include <cstddef>

namespace nearfar::rig {
namespace {

constexpr std::size_t kMostShots = 10000;
/// Triggers kept of one shot: the board's largest budget.
constexpr std::size_t kMostTriggers = 1000;

std::optional<FrameTruth>& frame_of(TriggerTruth& trigger, Arm arm) {
  return trigger.frames[static_cast<std::size_t>(arm)];
}

}  // namespace

std::string_view name_of(FrameFate fate) {
  switch (fate) {
    case FrameFate::sent:
      return "sent";
    case FrameFate::missing:
      return "missing";
    case FrameFate::late:
      return "late";
    case FrameFate::packets_lost:
      return "packets-lost";
    case FrameFate::stuck:
      return "stuck";
    case FrameFate::unplugged:
      break;
  }
  return "unplugged";
}

TriggerTruth& TruthLog::trigger(const ShotContext& shot) {
  const Key key{shot.boot_id, shot.shot_id};
  const auto [place, is_new] = shots_.try_emplace(key);
  ShotTruth& truth = place->second;
  if (is_new) {
    oldest_first_.push_back(key);
    if (oldest_first_.size() > kMostShots) {
      shots_.erase(oldest_first_.front());
      oldest_first_.pop_front();
    }
  }
  const auto found = std::ranges::find(truth.triggers, shot.trigger_number, &TriggerTruth::trigger_number);
  if (found != truth.triggers.end()) return *found;
  if (truth.triggers.size() == kMostTriggers) truth.triggers.erase(truth.triggers.begin());
  TriggerTruth& added = truth.triggers.emplace_back();
  added.trigger_number = shot.trigger_number;
  return added;
}

void TruthLog::record_trigger(const ShotContext& shot, const Scene& scene) {
  const std::lock_guard lock(mutex_);
  trigger(shot).scene = scene;
}

void TruthLog::record_frame(const ShotContext& shot, Arm arm, const FrameTruth& frame) {
  const std::lock_guard lock(mutex_);
  frame_of(trigger(shot), arm) = frame;
}

void TruthLog::record_strobe(const ShotContext& shot, Tick tick) {
  const std::lock_guard lock(mutex_);
  trigger(shot).strobe_tick = tick;
}

void TruthLog::set_fate(const ShotContext& shot, Arm arm, FrameFate fate) {
  const std::lock_guard lock(mutex_);
  if (!shots_.contains({shot.boot_id, shot.shot_id})) return;
  std::optional<FrameTruth>& frame = frame_of(trigger(shot), arm);
  if (frame) frame->fate = fate;
}

std::optional<Tick> TruthLog::strobe_tick(const ShotContext& shot) const {
  const std::lock_guard lock(mutex_);
  const auto found = shots_.find({shot.boot_id, shot.shot_id});
  if (found == shots_.end()) return std::nullopt;
  const auto& triggers = found->second.triggers;
  const auto trigger = std::ranges::find(triggers, shot.trigger_number, &TriggerTruth::trigger_number);
  return trigger == triggers.end() ? std::nullopt : trigger->strobe_tick;
}

std::optional<ShotTruth> TruthLog::find(const std::string& boot_id, std::uint32_t shot_id) const {
  const std::lock_guard lock(mutex_);
  const auto found = shots_.find({boot_id, shot_id});
  return found == shots_.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace nearfar::rig
