#include "cameras/truth_log.h"

#include <algorithm>
#include <cstddef>
#include <utility>

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

ShotTruth& TruthLog::shot_truth(const Key& key) {
  const auto [place, is_new] = shots_.try_emplace(key);
  if (is_new) {
    oldest_first_.push_back(key);
    if (oldest_first_.size() > kMostShots) {
      shots_.erase(oldest_first_.front());
      oldest_first_.pop_front();
    }
  }
  return place->second;
}

const TriggerTruth* TruthLog::find_trigger(const ShotContext& shot) const {
  const auto found = shots_.find({shot.boot_id, shot.shot_id});
  if (found == shots_.end()) return nullptr;
  const auto& triggers = found->second.triggers;
  const auto trigger = std::ranges::find(triggers, shot.trigger_number, &TriggerTruth::trigger_number);
  return trigger == triggers.end() ? nullptr : &*trigger;
}

TriggerTruth* TruthLog::find_trigger(const ShotContext& shot) {
  return const_cast<TriggerTruth*>(std::as_const(*this).find_trigger(shot));
}

Scene TruthLog::record_trigger(const ShotContext& shot, const Scene& now) {
  const std::lock_guard lock(mutex_);
  if (const TriggerTruth* const opened = find_trigger(shot)) return opened->scene;
  auto& triggers = shot_truth({shot.boot_id, shot.shot_id}).triggers;
  if (triggers.size() == kMostTriggers) triggers.erase(triggers.begin());
  TriggerTruth& added = triggers.emplace_back();
  added.trigger_number = shot.trigger_number;
  added.scene = now;
  return now;
}

void TruthLog::record_frame(const ShotContext& shot, Arm arm, const FrameTruth& frame) {
  const std::lock_guard lock(mutex_);
  if (TriggerTruth* const trigger = find_trigger(shot)) frame_of(*trigger, arm) = frame;
}

void TruthLog::record_strobe(const Edge& edge) {
  const std::lock_guard lock(mutex_);
  if (edge.level) {
    burning_ = edge.shot;
    if (TriggerTruth* const trigger = find_trigger(edge.shot)) trigger->strobe = StrobePulse{edge.tick, std::nullopt};
    return;
  }
  // A reboot ends a pulse too, at a tick of the next boot, which says nothing about this one.
  if (burning_ && burning_->boot_id == edge.shot.boot_id) {
    TriggerTruth* const trigger = find_trigger(*burning_);
    if (trigger != nullptr && trigger->strobe) trigger->strobe->off = edge.tick;
  }
  burning_.reset();
}

void TruthLog::set_fate(const ShotContext& shot, Arm arm, FrameFate fate) {
  const std::lock_guard lock(mutex_);
  TriggerTruth* const trigger = find_trigger(shot);
  if (trigger == nullptr) return;
  std::optional<FrameTruth>& frame = frame_of(*trigger, arm);
  if (frame) frame->fate = fate;
}

std::optional<StrobePulse> TruthLog::strobe(const ShotContext& shot) const {
  const std::lock_guard lock(mutex_);
  const TriggerTruth* const trigger = find_trigger(shot);
  return trigger == nullptr ? std::nullopt : trigger->strobe;
}

std::optional<ShotTruth> TruthLog::find(const std::string& boot_id, std::uint32_t shot_id) const {
  const std::lock_guard lock(mutex_);
  const auto found = shots_.find({boot_id, shot_id});
  return found == shots_.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace nearfar::rig
