#include "cameras/virtual_camera.h"

#include <sys/resource.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <exception>
#include <optional>
#include <utility>

#include "cameras/shot_times.h"

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
/// A client that fires faster than traced frames are rendered loses frames instead of waiting for ever.
constexpr std::size_t kMostToRender = 64;
/// How long a board on a busy machine may be behind; it tells the end of an exposure and of its strobe.
constexpr milliseconds kBoardGrace{200};

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

void VirtualCamera::on_strobe_end() {
  // The worker must not be between its look at the strobe and its wait.
  { const std::lock_guard lock(work_mutex_); }
  work_changed_.notify_one();
}

void VirtualCamera::on_boot() {
  ready_tick_ = 0;
  {
    const std::lock_guard lock(work_mutex_);
    for (const auto& exposing : exposing_) exposing->give_up = Clock::now();
  }
  work_changed_.notify_one();
}

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
  const Scene scene = truth_.record_trigger(edge.shot, scene_.now());
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
    expose(edge, settings, scene);
  }
}

void VirtualCamera::expose(const Edge& edge, const CameraSettings& settings, const Scene& scene) {
  const CameraFaults now = faults();
  const ShutterTiming shutter = timing();
  const Luck luck = draw_luck();
  const Tick lag = std::max(kLeastLagTicks, ticks_of_us(shutter.lag_us + luck.lag * shutter.jitter_us));
  Shot shot = shot_of(edge.shot, settings, scene, edge.tick + lag, luck.noise_seed);
  const Tick readout = readout_ticks(settings.region);
  ready_tick_ = shot.exposure.end + readout;
  board_.drive_feedback(options_.arm, shot.exposure.start, true);
  board_.drive_feedback(options_.arm, shot.exposure.end, false);

  shot.due = time_of(ready_tick_, edge.tick);
  shot.packet_loss = now.packet_loss;
  shot.withheld = luck.missing < now.missing_frame;
  const bool late = luck.late < now.late_frame;
  if (late) shot.due += duration_cast<Clock::duration>(std::chrono::duration<double, std::milli>(now.late_ms));
  if (late) shot.fate = FrameFate::late;
  if (shot.withheld) shot.fate = FrameFate::missing;
  if (now.unplugged) shot.fate = FrameFate::unplugged;

  const bool extra = luck.extra < now.extra_frame;
  truth_.record_frame(edge.shot, options_.arm,
                      {edge.tick, shot.exposure, shot.device_time_ns, shot.fate, extra ? 1 : 0});
  if (extra) {
    Shot follower = extra_after(shot, ready_tick_ + kExtraPauseTicks);
    ready_tick_ = follower.exposure.end + readout;
    follower.due = time_of(ready_tick_, edge.tick);
    enqueue_when_exposed(std::move(follower), edge.tick);
  }
  enqueue_when_exposed(std::move(shot), edge.tick);
}

VirtualCamera::Shot VirtualCamera::shot_of(const ShotContext& context, const CameraSettings& settings,
                                           const Scene& scene, Tick start, std::uint64_t noise_seed) const {
  Shot shot;
  shot.context = context;
  shot.settings = settings;
  shot.scene = scene;
  shot.exposure = exposure_from(start, settings);
  shot.noise_seed = noise_seed;
  shot.device_time_ns = device_time(start);
  return shot;
}

ExposureSpan VirtualCamera::exposure_from(Tick start, const CameraSettings& settings) const {
  const double row_time_us = traced_ == nullptr ? 0 : traced_->row_time_us();
  const Tick last_row = ticks_of_us(row_time_us * std::max(0, settings.region.height - 1));
  return {start, start + ticks_of_us(settings.exposure_us) + last_row, last_row};
}

/// A frame that no trigger asked for: exposed on its own account, without an exposure pulse.
VirtualCamera::Shot VirtualCamera::extra_after(const Shot& shot, Tick start) const {
  Shot extra = shot;
  extra.recorded = false;
  extra.withheld = false;
  extra.fate = FrameFate::sent;
  extra.exposure = exposure_from(start, shot.settings);
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

/// A traced frame waits for the end of its exposure, because only then is it known what the strobe did. The board
/// says when; if it dies before, the camera's own clock does.
void VirtualCamera::enqueue_when_exposed(Shot shot, Tick now) {
  if (shot.scene.world->kind == SceneKind::plane) return enqueue(std::move(shot));
  const Tick end = shot.exposure.end;
  const Clock::time_point give_up = time_of(end, now) + kBoardGrace;
  const auto exposing = std::make_shared<Exposing>(Exposing{std::move(shot), false, give_up});
  {
    const std::lock_guard lock(work_mutex_);
    exposing_.push_back(exposing);
  }
  work_changed_.notify_one();
  board_.at_tick(end, [this, exposing] {
    {
      const std::lock_guard lock(work_mutex_);
      exposing->over = true;
    }
    work_changed_.notify_one();
  });
}

void VirtualCamera::enqueue(Shot shot) {
  {
    const std::lock_guard lock(work_mutex_);
    add_to_render(std::move(shot));
  }
  work_changed_.notify_one();
}

void VirtualCamera::add_to_render(Shot shot) {
  to_render_.push_back(std::move(shot));
  if (to_render_.size() <= kMostToRender) return;
  const Shot& oldest = to_render_.front();
  to_send_.emplace(oldest.due, lost(oldest));
  to_render_.pop_front();
}

bool VirtualCamera::can_render(const Exposing& exposing) const {
  if (Clock::now() >= exposing.give_up) return true;
  if (!exposing.over || !exposing.shot.recorded) return exposing.over;
  const std::optional<StrobePulse> strobe = truth_.strobe(exposing.shot.context);
  return !strobe || strobe->off || strobe->on >= exposing.shot.exposure.end;
}

void VirtualCamera::release_exposed() {
  std::erase_if(exposing_, [this](const std::shared_ptr<Exposing>& exposing) {
    if (!can_render(*exposing)) return false;
    add_to_render(std::move(exposing->shot));
    return true;
  });
}

/// @returns when there is something to do for sure.
VirtualCamera::Clock::time_point VirtualCamera::next_time() const {
  Clock::time_point next = Clock::time_point::max();
  if (!to_send_.empty()) next = to_send_.begin()->first;
  for (const auto& exposing : exposing_) next = std::min(next, exposing->give_up);
  return next;
}

void VirtualCamera::work() {
  // Rendering takes milliseconds; on a busy machine the board's thread must not wait for it. Linux
  // keeps a priority for each thread.
  setpriority(PRIO_PROCESS, 0, kRenderNiceness);
  std::unique_lock lock(work_mutex_);
  while (working_) {
    release_exposed();
    if (!to_send_.empty() && to_send_.begin()->first <= Clock::now()) {
      gige_.send(std::move(to_send_.extract(to_send_.begin()).mapped()));
    } else if (!to_render_.empty()) {
      const Shot shot = std::move(to_render_.front());
      to_render_.pop_front();
      lock.unlock();
      OutgoingFrame frame = develop(shot);
      lock.lock();
      to_send_.emplace(shot.due, std::move(frame));
    } else if (const Clock::time_point next = next_time(); next != Clock::time_point::max()) {
      work_changed_.wait_until(lock, next);
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
  try {
    if (!shot.withheld) frame.payload = payload(shot);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "nearfar-virtual-rig: a frame of camera %s cannot be rendered: %s\n", serial().c_str(),
                 error.what());
    return lost(shot);
  }
  if (shot.undecided()) {
    frame.on_delivery = [this, context = shot.context](Delivery delivery) {
      if (delivery == Delivery::packets_lost) truth_.set_fate(context, options_.arm, FrameFate::packets_lost);
      if (delivery == Delivery::abandoned) truth_.set_fate(context, options_.arm, FrameFate::missing);
    };
  }
  return frame;
}

/// Takes its frame id and never arrives.
OutgoingFrame VirtualCamera::lost(const Shot& shot) {
  if (shot.undecided()) truth_.set_fate(shot.context, options_.arm, FrameFate::missing);
  OutgoingFrame frame;
  frame.device_time_ns = shot.device_time_ns;
  frame.withheld = true;
  return frame;
}

std::vector<std::uint8_t> VirtualCamera::payload(const Shot& shot) {
  if (shot.scene.world->kind != SceneKind::plane) return traced_payload(shot);
  Exposure exposure;
  exposure.brightness = shot.scene.world->brightness;
  exposure.exposure_us = static_cast<double>(shot.exposure.length()) / kTicksPerUs;
  exposure.gain_db = shot.settings.gain_db;
  exposure.region = shot.settings.region;
  exposure.format = shot.settings.format;
  exposure.shot_id = shot.context.shot_id;
  exposure.start_tick = static_cast<std::uint64_t>(shot.exposure.start);
  exposure.noise_seed = shot.noise_seed;
  const std::lock_guard lock(render_mutex_);
  return view_.render(exposure);
}

std::vector<std::uint8_t> VirtualCamera::traced_payload(const Shot& shot) const {
  TracedExposure exposure;
  // An untriggered frame belongs to no shot, and no strobe to it.
  const std::optional<StrobePulse> strobe = shot.recorded ? truth_.strobe(shot.context) : std::nullopt;
  exposure.times = exposure_times(shot.scene, shot.exposure, strobe);
  exposure.gain_db = shot.settings.gain_db;
  exposure.region = shot.settings.region;
  exposure.bayer = shot.settings.format->bayer;
  exposure.shot_id = shot.context.shot_id;
  exposure.start_tick = static_cast<std::uint64_t>(shot.exposure.start);
  exposure.noise_seed = shot.noise_seed;
  std::vector<std::uint16_t> samples =
      traced_->expose(*shot.scene.world, exposure, [this] { return !working_.load(); });
  return payload_of(*shot.settings.format, traced_->bit_depth(), samples);
}

/// Runs on the thread that also answers the client, so it must not take long: one ray for each pixel.
OutgoingFrame VirtualCamera::untriggered(const CameraSettings& settings) {
  Scene scene = scene_.now();
  if (scene.world->samples_per_pixel > 1) {
    World coarse = *scene.world;
    coarse.samples_per_pixel = 1;
    scene.world = std::make_shared<const World>(std::move(coarse));
  }
  const Tick now = std::max<Tick>(0, board_.tick_now());
  Shot shot = shot_of({}, settings, scene, now, static_cast<std::uint64_t>(now));
  shot.recorded = false;
  shot.packet_loss = faults().packet_loss;
  return develop(shot);
}

}  // namespace nearfar::rig
