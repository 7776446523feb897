// The thread that runs the chip, and all that happens on it: events, serial line, pace. The public
// face is Board (board.h).
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "board/board.h"
#include "board/chip.h"
#include "board/edge_log.h"
#include "board/event_queue.h"
#include "board/frame_tap.h"
#include "board/inbox.h"
#include "board/pacer.h"
#include "board/serial_link.h"
#include "board/tty.h"

namespace nearfar::rig {

class BoardThread {
 public:
  struct Listeners {
    std::vector<Board::EdgeListener> edge;
    std::vector<Board::FrameListener> frame;
    std::vector<Board::BootListener> boot;
  };

  explicit BoardThread(const BoardOptions& options);
  ~BoardThread();
  BoardThread(const BoardThread&) = delete;
  BoardThread& operator=(const BoardThread&) = delete;

  // From any thread.
  void start();
  void stop();
  /// Runs `action` on the board thread and waits for it; at once when the board stands still.
  void call(const std::function<void()>& action);
  /// Runs `action` on the board thread, soon.
  void post(std::function<void()> action);
  Tick tick_now() const;
  std::int64_t host_ns_of_tick(Tick tick) const { return pacer_.host_ns(cycle_of(tick)); }
  const std::string& tty_path() const { return tty_.path(); }
  EdgeLog& log() { return log_; }
  Listeners& listeners() { return listeners_; }  ///< Before start() only.
  std::atomic<FeedbackSource>& feedback_source() { return feedback_source_; }

  // On the board thread.
  void schedule(Tick tick, std::function<void()> action);
  void schedule_feedback(Arm arm, Tick tick, bool level);
  void inject(const std::vector<InjectedPulse>& pulses);
  void set_killed(bool killed);
  void set_pace(Pace pace);
  void set_noise(const LinkNoise& noise);
  void seed(std::uint64_t seed) { link_.seed(seed); }
  LinkNoise noise() const { return link_.noise(); }
  BoardStatus status() const;

 private:
  bool on_board_thread() const { return std::this_thread::get_id() == id_.load(); }
  bool running() const { return !killed_ && !crashed_; }
  Cycle cycle_of(Tick tick) const;
  Tick tick_of(Cycle cycle) const;

  void run();
  void run_for_a_while();
  void boot();
  void booting();
  void crash();
  Cycle sleep(Cycle cycles);
  bool wait_for(std::int64_t ns, bool for_input);

  void poll_link();
  void run_due_events();
  void byte_sent(std::uint8_t byte);
  void frame_seen(const BoardFrame& frame);
  void output_changed(Pin pin, bool level, Cycle cycle);
  void drive(Arm arm, Tick tick, bool level);
  void edge(Pin pin, bool level, Tick tick);
  void inject_after(Arm trigger, Tick tick);

  Tty tty_;
  FirmwareImage image_;
  Chip::Eeprom eeprom_;
  Pacer pacer_;
  EventQueue events_;
  SerialLink link_;
  FrameTap tap_;
  EdgeLog log_;
  Inbox inbox_;
  Listeners listeners_;
  std::unique_ptr<Chip> chip_;
  std::atomic<Cycle> origin_{0};
  std::atomic<FeedbackSource> feedback_source_{FeedbackSource::cameras};
  std::vector<InjectedPulse> pulses_;
  std::array<bool, kPins.size()> levels_{};
  std::uint32_t boots_ = 0;
  bool killed_ = false;
  bool crashed_ = false;
  bool slept_ = false;
  bool stopping_ = false;
  std::atomic<std::thread::id> id_{};
  std::thread thread_;
};

}  // namespace nearfar::rig
