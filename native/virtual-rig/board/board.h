// The simulated trigger board: the real firmware image in libsimavr, behind a real tty.
//
// The chip runs on a thread of its own, the *board thread*. Callbacks run there and must be short
// (no rendering, no I/O that can block). Every public method may be called from any thread, and
// from inside a callback, unless its comment says otherwise.
//
// Ticks are 62.5 ns (16 MHz) and count from the moment the running boot of the chip started its
// tick counter (Timer 1), so that they are the ticks the firmware itself reports.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "board/link_noise.h"
#include "board/pins.h"

namespace nearfar::rig {

using Tick = std::int64_t;

constexpr double kNsPerTick = 62.5;

enum class Pace : std::uint8_t {
  real,  ///< Ticks follow CLOCK_MONOTONIC without drift.
  free,  ///< Instructions as fast as they go; sleep passes at 32 times real time.
};

enum class FeedbackSource : std::uint8_t { cameras, injected };

/// What the board is known to be doing, learnt from its own frames and edges.
struct ShotContext {
  std::string boot_id;               ///< 8 hex digits; empty until the chip has told it.
  std::uint32_t shot_id = 0;         ///< The shot armed last; 0 before the first arm.
  std::uint32_t trigger_number = 0;  ///< Counts from 1 since boot; 0 before the first trigger.
};

/// One change of one line. `tick` is exact: a compare output's edge is at its compare match.
struct Edge {
  Pin pin;
  bool level;
  Tick tick;
  ShotContext shot;  ///< For a trigger edge: the shot and the number of the trigger it belongs to.
};

/// A good frame from the board to the host, as the board sent it (before any link noise).
struct BoardFrame {
  std::uint8_t kind;
  std::uint8_t seq;
  std::uint8_t address;
  std::vector<std::uint8_t> payload;
};

/// After the next rising edge of `after`'s trigger line, one pulse on `arm`'s feedback input.
struct InjectedPulse {
  Arm arm;
  Arm after;
  Tick delay_ticks;  ///< At least 1.
  Tick width_ticks;  ///< At least 1.
};

struct BoardOptions {
  std::filesystem::path firmware;
  Pace pace = Pace::real;
  std::uint64_t seed = 0;
};

struct BoardStatus {
  Pace pace;
  FeedbackSource feedback_source;
  bool killed;
  bool crashed;  ///< The firmware slept with interrupts off or ran into an invalid instruction.
  std::uint32_t boots;
  Tick tick;
  ShotContext shot;
  std::int64_t lag_us;       ///< How far the chip is behind the wall clock (real pace).
  std::uint32_t slips;       ///< Times it was more than a second behind and gave up catching up.
  std::uint64_t bytes_to_board;
  std::uint64_t bytes_to_host;
  std::uint64_t bytes_lost;  ///< Bytes to the host that the tty had no room for.
  LinkNoise noise;
};

class BoardThread;

class Board {
 public:
  using EdgeListener = std::function<void(const Edge&)>;
  using FrameListener = std::function<void(const BoardFrame&)>;
  using BootListener = std::function<void()>;
  using Action = std::function<void()>;

  /// Loads the image and opens the tty; throws std::runtime_error. The chip stands still until start().
  explicit Board(const BoardOptions& options);
  ~Board();  ///< Stops the chip and closes the tty.
  Board(const Board&) = delete;
  Board& operator=(const Board&) = delete;

  /// Listeners may be added before start() only. They run on the board thread, in order of adding.
  void on_edge(EdgeListener listener);
  void on_frame(FrameListener listener);
  /// Runs just before the chip leaves reset, at the first boot and at every later one. Levels
  /// driven and actions scheduled for the boot before are gone.
  void on_boot(BootListener listener);

  void start();
  void stop();  ///< Idempotent; not from a callback.
  /// Waits until the firmware has told its boot id; false: it did not within `timeout`.
  bool wait_for_boot(std::chrono::milliseconds timeout) const;

  /// The host's end, e.g. /dev/pts/3.
  const std::string& tty_path() const;

  /// Drives a feedback input at `at_tick` (at once when that has passed) on behalf of a camera;
  /// does nothing while the feedback source is `injected`.
  void drive_feedback(Arm arm, Tick at_tick, bool level);

  /// Runs `action` on the board thread when the chip reaches `at_tick`; dropped at a reboot.
  void at_tick(Tick at_tick, Action action);

  /// Now, in ticks. Exact on the board thread; elsewhere, at real pace, from the wall clock.
  Tick tick_now() const;
  /// CLOCK_MONOTONIC in ns when the chip reaches (or reached) `tick`. At free pace a guess.
  std::int64_t host_ns_of_tick(Tick tick) const;

  ShotContext shot() const;
  FeedbackSource feedback_source() const;
  void set_feedback_source(FeedbackSource source);
  void set_pace(Pace pace);
  void set_noise(const LinkNoise& noise);
  LinkNoise noise() const;
  /// Restarts the randomness of the link noise.
  void seed(std::uint64_t seed);
  /// true: the chip stops executing, outputs frozen. false: boots it afresh if it was killed; the
  /// EEPROM keeps what it held.
  void set_killed(bool killed);
  void inject(const std::vector<InjectedPulse>& pulses);
  /// Every edge since the last call, oldest first.
  std::vector<Edge> take_edges();
  BoardStatus status() const;

 private:
  std::unique_ptr<BoardThread> thread_;
};

}  // namespace nearfar::rig
