#include "board/board_thread.h"

#include <poll.h>
#include <sys/prctl.h>

#include <algorithm>
#include <cstring>
#include <future>
#include <random>
#include <utility>

#include "protocol.h"

namespace nearfar::rig {
namespace {

// How many cycles of instructions may pass between two looks at the clock, the tty and the inbox.
constexpr Cycle kCyclesBetweenChecks = 2048;
// An input edge is noticed by the chip at the end of the running instruction.
constexpr Tick kInstructionTicks = 8;

/// A board that has been used before: no id, but a boot counter of its own.
Chip::Eeprom used_eeprom() {
  Chip::Eeprom content;
  content.fill(0xFF);
  const std::uint32_t counter = std::random_device{}();
  std::memcpy(content.data() + NF_EEPROM_BOOT_COUNTER, &counter, sizeof counter);
  return content;
}

}  // namespace

BoardThread::BoardThread(const BoardOptions& options)
    : image_(options.firmware),
      eeprom_(used_eeprom()),
      pacer_(options.pace),
      link_(tty_, events_, options.seed),
      tap_([this](const BoardFrame& frame) { frame_seen(frame); }) {}

BoardThread::~BoardThread() { stop(); }

void BoardThread::start() {
  thread_ = std::thread([this] { run(); });
}

void BoardThread::stop() {
  if (!thread_.joinable()) return;
  inbox_.post([this] { stopping_ = true; });
  thread_.join();
}

void BoardThread::call(const std::function<void()>& action) {
  if (!thread_.joinable() || on_board_thread()) return action();
  std::promise<void> done;
  inbox_.post([&] {
    action();
    done.set_value();
  });
  done.get_future().wait();
}

void BoardThread::post(std::function<void()> action) {
  if (on_board_thread()) return action();
  inbox_.post(std::move(action));
}

Cycle BoardThread::cycle_of(Tick tick) const {
  return static_cast<Cycle>(std::max<Tick>(0, static_cast<Tick>(origin_.load()) + tick));
}

Tick BoardThread::tick_of(Cycle cycle) const {
  return static_cast<Tick>(cycle) - static_cast<Tick>(origin_.load());
}

Tick BoardThread::tick_now() const {
  return tick_of(on_board_thread() && chip_ ? chip_->cycle() : pacer_.cycle_now());
}

void BoardThread::schedule(Tick tick, std::function<void()> action) {
  if (!chip_) return;
  events_.add(cycle_of(tick), std::move(action));
  chip_->set_alarm(events_.next());
}

void BoardThread::schedule_feedback(Arm arm, Tick tick, bool level) {
  schedule(tick, [this, arm, tick, level] { drive(arm, tick, level); });
}

void BoardThread::inject(const std::vector<InjectedPulse>& pulses) {
  pulses_.insert(pulses_.end(), pulses.begin(), pulses.end());
}

void BoardThread::set_killed(bool killed) {
  if (killed == killed_ || !chip_) return;
  killed_ = killed;
  if (killed) {
    pacer_.freeze(chip_->cycle());
  } else {
    eeprom_ = chip_->eeprom();
    boot();
  }
}

void BoardThread::set_pace(Pace pace) { pacer_.set_pace(pace, chip_ ? chip_->cycle() : 0); }

void BoardThread::set_noise(const LinkNoise& noise) { link_.set_noise(noise); }

BoardStatus BoardThread::status() const {
  const Cycle now = chip_ ? chip_->cycle() : 0;
  const SerialLink::Counters& bytes = link_.counters();
  return {
      .pace = pacer_.pace(),
      .feedback_source = feedback_source_,
      .killed = killed_,
      .crashed = crashed_,
      .boots = boots_,
      .tick = tick_of(now),
      .shot = log_.shot(),
      .lag_us = pacer_.lag_ns(now) / 1000,
      .slips = pacer_.slips(),
      .bytes_to_board = bytes.to_board,
      .bytes_to_host = bytes.to_host,
      .bytes_lost = bytes.lost,
      .noise = link_.noise(),
  };
}

void BoardThread::run() {
  id_ = std::this_thread::get_id();
  prctl(PR_SET_NAME, "board");
  prctl(PR_SET_TIMERSLACK, 1);
  boot();
  while (!stopping_) {
    inbox_.run();
    if (running())
      run_for_a_while();
    else if (!stopping_)
      wait_for(-1, false);
  }
}

void BoardThread::run_for_a_while() {
  const Cycle until = chip_->cycle() + kCyclesBetweenChecks;
  slept_ = false;
  while (chip_->cycle() < until && !slept_ && running())
    if (!chip_->step()) crash();
  origin_ = chip_->origin();
  if (slept_ || !running()) return;
  poll_link();
  const std::int64_t wait = pacer_.wait_ns(chip_->cycle(), chip_->cycle(), false);
  if (wait > 0) wait_for(wait, false);
}

void BoardThread::boot() {
  Chip::Hooks hooks;
  hooks.output_changed = [this](Pin pin, bool level, Cycle cycle) { output_changed(pin, level, cycle); };
  hooks.byte_sent = [this](std::uint8_t byte) { byte_sent(byte); };
  hooks.alarm = [this] { run_due_events(); };
  hooks.sleep = [this](Cycle cycles) { return sleep(cycles); };
  hooks.reset = [this] { booting(); };
  chip_ = std::make_unique<Chip>(image_, eeprom_, std::move(hooks));
  crashed_ = false;
  pacer_.anchor(chip_->cycle());
  booting();
}

/// The chip stands before its first instruction.
void BoardThread::booting() {
  events_.clear();
  chip_->set_alarm(events_.next());
  link_.connect(*chip_);
  tap_.restart();
  pulses_.clear();
  log_.restart();
  origin_ = chip_->origin();
  ++boots_;
  for (const PinPlace& place : kPins)  // lines that the boot before left high
    if (levels_[static_cast<std::size_t>(place.pin)]) edge(place.pin, false, tick_of(chip_->cycle()));
  for (const Board::BootListener& listener : listeners_.boot) listener();
}

void BoardThread::crash() {
  crashed_ = true;
  pacer_.freeze(chip_->cycle());
  log_.give_up();
}

/// The chip sleeps; returns how many cycles passed.
Cycle BoardThread::sleep(Cycle cycles) {
  slept_ = true;
  const Cycle now = chip_->cycle();
  poll_link();
  if (events_.next() <= now + 1) return 1;
  const Cycle target = std::min(now + cycles, events_.next());
  const std::int64_t wait = pacer_.wait_ns(now, target, true);
  if (wait <= 0 || !wait_for(wait, true)) return target - now;
  return pacer_.reached(now, target) - now;
}

/// Waits `ns` (-1: for ever), or until there is work: true.
bool BoardThread::wait_for(std::int64_t ns, bool for_input) {
  std::array<pollfd, 2> files{{{inbox_.fd(), POLLIN, 0}, {tty_.fd(), POLLIN, 0}}};
  const nfds_t count = for_input && link_.wants_input() ? 2 : 1;
  const timespec timeout{ns / 1'000'000'000, ns % 1'000'000'000};
  return ppoll(files.data(), count, ns < 0 ? nullptr : &timeout, nullptr) > 0;
}

void BoardThread::poll_link() {
  link_.poll_host();
  chip_->set_alarm(events_.next());
}

void BoardThread::run_due_events() {
  events_.run_due(chip_->cycle());
  chip_->set_alarm(events_.next());
}

void BoardThread::byte_sent(std::uint8_t byte) {
  tap_.take(byte);
  link_.send(byte);
  chip_->set_alarm(events_.next());
}

void BoardThread::frame_seen(const BoardFrame& frame) {
  log_.learn(frame);
  for (const Board::FrameListener& listener : listeners_.frame) listener(frame);
}

void BoardThread::output_changed(Pin pin, bool level, Cycle cycle) {
  origin_ = chip_->origin();
  edge(pin, level, tick_of(cycle));
}

void BoardThread::drive(Arm arm, Tick tick, bool level) {
  const Pin pin = feedback_pin(arm);
  if (levels_[static_cast<std::size_t>(pin)] == level) return;
  chip_->drive(pin, level);
  const Tick now = tick_of(chip_->cycle());
  edge(pin, level, now - tick <= kInstructionTicks ? tick : now);
}

void BoardThread::edge(Pin pin, bool level, Tick tick) {
  levels_[static_cast<std::size_t>(pin)] = level;
  for (const Arm arm : kArms)
    if (level && pin == trigger_pin(arm)) inject_after(arm, tick);
  const Edge edge = log_.add(pin, level, tick);
  for (const Board::EdgeListener& listener : listeners_.edge) listener(edge);
}

void BoardThread::inject_after(Arm trigger, Tick tick) {
  const auto due = [trigger](const InjectedPulse& pulse) { return pulse.after == trigger; };
  for (const InjectedPulse& pulse : pulses_) {
    if (!due(pulse)) continue;
    schedule_feedback(pulse.arm, tick + pulse.delay_ticks, true);
    schedule_feedback(pulse.arm, tick + pulse.delay_ticks + pulse.width_ticks, false);
  }
  std::erase_if(pulses_, due);
}

}  // namespace nearfar::rig
