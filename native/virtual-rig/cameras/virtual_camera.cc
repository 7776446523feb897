#include "cameras/virtual_camera.h"

#include <sys/resource.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace nearfar::rig {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;

constexpr double kTicksPerUs = 16;
constexpr Tick kLeastLagTicks = 16;
/// Speed of the sensor's readout: 6.6 ms for 1.3 MP, 25 ms for 5 MP.
constexpr double kReadoutPxPerUs = 200;
/// An extra exposure begins this long after the readout of the one before.
constexpr Tick kExtraPauseTicks = 32000;

constexpr int kRenderNiceness = 5;

Tick ticks_of_us(double us) { return static_cast<Tick>(std::llround(us * kTicksPerUs)); }

/// Zero of the camera's own clock before the board's tick 0: some seconds, different for each camera.
std::uint64_t clock_offset_ns(std::uint64_t seed, Arm arm) {
  constexpr std::uint64_t kLeastNs = 1'000'000'000, kSpanNs = 60'000'000'000;
  return kLeastNs + Random(mix_seed({seed, static_cast<std::uint64_t>(arm), 1})).next() % kSpanNs;
}

std::uint64_t seed_of_camera(std::uint64_t seed, Arm arm) { return mix_seed({seed, static_cast<std::uint64_t>(arm)}); }

}  // namespace

VirtualCamera::VirtualCamera(const Options& options, const Surroundings& surroundings)
    : options_(options),
      traced_(surroundings.traced),
      board_(surroundings.board),
      scene_(surroundings.scene),
      truth_(surroundings.truth),
      timing_(options.timing),
      random_(seed_of_camera(options.seed, options.arm)),
      view_(surroundings.texture, options.gige.sensor, options.arm == Arm::near),
      gige_(options.gige, [this](const CameraSettings& settings) { return untriggered(settings); }) {}

VirtualCamera::~VirtualCamera() { stop(); }

void VirtualCamera::start() {
  working_ = true;
  worker_ = std::thread([this] { work(); });
}

void VirtualCamera::stop() {
  {
    const std::lock_guard lock(work_mutex_);
    working_ = false;
  }
  work_changed_.notify_one();
  if (worker_.joinable()) worker_.join();
}

void VirtualCamera::set_faults(const CameraFaults& faults) {
  {
    const std::lock_guard lock(settings_mutex_);
    faults_ = faults;
  }
  gige_.set_connected(!faults.unplugged);
}

CameraFaults VirtualCamera::faults() const {
  const std::lock_guard lock(settings_mutex_);
  return faults_;
}

void VirtualCamera::set_timing(const ShutterTiming& timing) {
  const std::lock_guard lock(settings_mutex_);
  timing_ = timing;
}

ShutterTiming VirtualCamera::timing() const {
  const std::lock_guard lock(settings_mutex_);
  return timing_;
}

void VirtualCamera::set_seed(std::uint64_t seed) {
  const std::lock_guard lock(settings_mutex_);
  random_ = Random(seed_of_camera(seed, options_.arm));
}

void VirtualCamera::on_boot() { ready_tick_ = 0; }

VirtualCamera::Luck VirtualCamera::draw_luck() {
  const std::lock_guard lock(settings_mutex_);
  Luck luck{};
  luck.lag = random_.gaussian();
  luck.missing = random_.uniform();
  luck.late = random_.uniform();
  luck.extra = random_.uniform();
  luck.noise_seed = random_.next();
  return luck;
}

void VirtualCamera::on_trigger(const Edge& edge) {
  truth_.record_trigger(edge.shot, scene_.now());
  const CameraFaults now = faults();
  const CameraSettings settings = gige_.settings();
  FrameTruth ignored;
  ignored.trigger_tick = edge.tick;
  if (now.stuck_trigger) {
    ignored.fate = FrameFate::stuck;
    truth_.record_frame(edge.shot, options_.arm, ignored);
  } else if (!settings.armed) {
    if (!now.unplugged) return;
    ignored.fate = FrameFate::unplugged;
    truth_.record_frame(edge.shot, options_.arm, ignored);
  } else if (edge.tick < ready_tick_) {
    ignored.fate = FrameFate::missing;
    truth_.record_frame(edge.shot, options_.arm, ignored);
  } else {
    expose(edge, settings);
  }
}

void VirtualCamera::expose(const Edge& edge, const CameraSettings& settings) {
  const CameraFaults now = faults();
  const ShutterTiming shutter = timing();
  const Luck luck = draw_luck();
  const Tick lag = std::max(kLeastLagTicks, ticks_of_us(shutter.lag_us + luck.lag * shutter.jitter_us));
  const Tick start = edge.tick + lag;
  const Tick end = start + ticks_of_us(settings.exposure_us);
  const Tick readout = readout_ticks(settings.region);
  ready_tick_ = end + readout;
  board_.drive_feedback(options_.arm, start, true);
  board_.drive_feedback(options_.arm, end, false);

  Shot shot = shot_of(edge.shot, settings, start, luck.noise_seed);
  shot.due = time_of(end + readout, edge.tick);
  shot.packet_loss = now.packet_loss;
  shot.withheld = luck.missing < now.missing_frame;
  const bool late = luck.late < now.late_frame;
  if (late) shot.due += duration_cast<Clock::duration>(std::chrono::duration<double, std::milli>(now.late_ms));
  if (late) shot.fate = FrameFate::late;
  if (shot.withheld) shot.fate = FrameFate::missing;
  if (now.unplugged) shot.fate = FrameFate::unplugged;

  const bool extra = luck.extra < now.extra_frame;
  truth_.record_frame(edge.shot, options_.arm,
                      {edge.tick, start, end, shot.device_time_ns, shot.fate, extra ? 1 : 0});
  if (extra) {
    Shot follower = extra_after(shot, ready_tick_ + kExtraPauseTicks);
    ready_tick_ = follower.end + readout;
    follower.due = time_of(ready_tick_, edge.tick);
    enqueue_when_exposed(std::move(follower));
  }
  enqueue_when_exposed(std::move(shot));
}

VirtualCamera::Shot VirtualCamera::shot_of(const ShotContext& context, const CameraSettings& settings, Tick start,
                                           std::uint64_t noise_seed) const {
  Shot shot;
  shot.context = context;
  shot.settings = settings;
  shot.scene = scene_.now();
  shot.start = start;
  shot.end = start + ticks_of_us(settings.exposure_us);
  shot.noise_seed = noise_seed;
  shot.device_time_ns = device_time(start);
  return shot;
}

/// A frame that no trigger asked for: exposed on its own account, without an exposure pulse.
VirtualCamera::Shot VirtualCamera::extra_after(const Shot& shot, Tick start) const {
  Shot extra = shot;
  extra.recorded = false;
  extra.withheld = false;
  extra.fate = FrameFate::sent;
  extra.start = start;
  extra.end = start + (shot.end - shot.start);
  extra.noise_seed = mix_seed({shot.noise_seed, 1});
  extra.device_time_ns = device_time(start);
  return extra;
}

Tick VirtualCamera::readout_ticks(const Region& region) const {
  return ticks_of_us(static_cast<double>(region.width) * region.height / kReadoutPxPerUs);
}

/// @returns when the chip will be at `tick`; at free pace no later than it would be at real pace.
VirtualCamera::Clock::time_point VirtualCamera::time_of(Tick tick, Tick now) const {
  // steady_clock is CLOCK_MONOTONIC in the standard library we build with.
  const Clock::time_point planned{duration_cast<Clock::duration>(nanoseconds(board_.host_ns_of_tick(tick)))};
  const double ahead_ns = static_cast<double>(tick - now) * kNsPerTick;
  return std::min(planned, Clock::now() + nanoseconds(static_cast<std::int64_t>(ahead_ns)));
}

std::uint64_t VirtualCamera::device_time(Tick tick) const {
  return clock_offset_ns(options_.seed, options_.arm) + static_cast<std::uint64_t>(tick) * 125 / 2;
}

/// A traced frame waits for the end of its exposure, because only then is it known whether the strobe fired.
void VirtualCamera::enqueue_when_exposed(Shot shot) {
  if (shot.scene.world->kind == SceneKind::plane) return enqueue(std::move(shot));
  const Tick end = shot.end;
  board_.at_tick(end, [this, shared = std::make_shared<Shot>(std::move(shot))] { enqueue(std::move(*shared)); });
}

void VirtualCamera::enqueue(Shot shot) {
  {
    const std::lock_guard lock(work_mutex_);
    to_render_.push_back(std::move(shot));
  }
  work_changed_.notify_one();
}

void VirtualCamera::work() {
  // Rendering takes milliseconds; on a busy machine the board's thread must not wait for it. Linux
  // keeps a priority for each thread.
  setpriority(PRIO_PROCESS, 0, kRenderNiceness);
  std::unique_lock lock(work_mutex_);
  while (working_) {
    if (!to_send_.empty() && to_send_.begin()->first <= Clock::now()) {
      gige_.send(std::move(to_send_.extract(to_send_.begin()).mapped()));
    } else if (!to_render_.empty()) {
      const Shot shot = std::move(to_render_.front());
      to_render_.pop_front();
      lock.unlock();
      OutgoingFrame frame = develop(shot);
      lock.lock();
      to_send_.emplace(shot.due, std::move(frame));
    } else if (!to_send_.empty()) {
      work_changed_.wait_until(lock, to_send_.begin()->first);
    } else {
      work_changed_.wait(lock);
    }
  }
}

OutgoingFrame VirtualCamera::develop(const Shot& shot) {
  OutgoingFrame frame;
  frame.device_time_ns = shot.device_time_ns;
  frame.withheld = shot.withheld;
  frame.packet_loss = shot.packet_loss;
  frame.loss_seed = mix_seed({shot.noise_seed, 2});
  if (!shot.withheld) frame.payload = payload(shot);
  const bool can_change = shot.recorded && (shot.fate == FrameFate::sent || shot.fate == FrameFate::late);
  if (can_change) {
    frame.on_delivery = [this, context = shot.context](Delivery delivery) {
      if (delivery == Delivery::packets_lost) truth_.set_fate(context, options_.arm, FrameFate::packets_lost);
      if (delivery == Delivery::abandoned) truth_.set_fate(context, options_.arm, FrameFate::missing);
    };
  }
  return frame;
}

std::vector<std::uint8_t> VirtualCamera::payload(const Shot& shot) {
  if (shot.scene.world->kind != SceneKind::plane) return traced_payload(shot);
  Exposure exposure;
  exposure.brightness = shot.scene.world->brightness;
  exposure.exposure_us = static_cast<double>(shot.end - shot.start) / kTicksPerUs;
  exposure.gain_db = shot.settings.gain_db;
  exposure.region = shot.settings.region;
  exposure.format = shot.settings.format;
  exposure.shot_id = shot.context.shot_id;
  exposure.start_tick = static_cast<std::uint64_t>(shot.start);
  exposure.noise_seed = shot.noise_seed;
  const std::lock_guard lock(render_mutex_);
  return view_.render(exposure);
}

std::vector<std::uint8_t> VirtualCamera::traced_payload(const Shot& shot) const {
  TracedExposure exposure;
  exposure.times.start_s = shot.scene.seconds_at(shot.start);
  exposure.times.length_s = shot.scene.seconds_at(shot.end) - exposure.times.start_s;
  // An untriggered frame belongs to no shot, and no strobe to it.
  const std::optional<Tick> strobe = shot.recorded ? truth_.strobe_tick(shot.context) : std::nullopt;
  if (strobe) exposure.times.strobe_s = shot.scene.seconds_at(*strobe);
  exposure.gain_db = shot.settings.gain_db;
  exposure.region = shot.settings.region;
  exposure.bayer = shot.settings.format->bayer;
  exposure.shot_id = shot.context.shot_id;
  exposure.start_tick = static_cast<std::uint64_t>(shot.start);
  exposure.noise_seed = shot.noise_seed;
  std::vector<std::uint16_t> samples =
      traced_->expose(*shot.scene.world, exposure, [this] { return !working_.load(); });
  return payload_of(*shot.settings.format, traced_->bit_depth(), samples);
}

OutgoingFrame VirtualCamera::untriggered(const CameraSettings& settings) {
  const Tick now = std::max<Tick>(0, board_.tick_now());
  Shot shot = shot_of({}, settings, now, static_cast<std::uint64_t>(now));
  shot.recorded = false;
  shot.packet_loss = faults().packet_loss;
  return develop(shot);
}

}  // namespace nearfar::rig
