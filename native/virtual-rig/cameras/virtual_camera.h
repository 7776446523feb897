// One camera of the rig: answers trigger edges with exposures and frames.
//
// A rising edge on its trigger line starts an exposure after the shutter lag, when a client has
// armed the camera and it is neither exposing nor reading out; other edges are lost on it, as on a
// real one. The exposure-active pulse goes to the board at exact ticks; with a rolling shutter it lasts
// from the first row's start to the last row's end. The frame is rendered (a plane at once, a traced world
// when the exposure is over and its strobe known) and sent no earlier than exposure and readout end. A
// frame that cannot be rendered is lost, and the camera goes on; so does an exposure when the board dies.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "board/board.h"
#include "board/pins.h"
#include "cameras/gige/gige_camera.h"
#include "cameras/scene/camera_view.h"
#include "cameras/scene/random.h"
#include "cameras/scene/traced_view.h"
#include "cameras/scene_state.h"
#include "cameras/truth_log.h"

namespace nearfar::rig {

/// Faults in force on one arm; the fields of `armFault` in virtual-rig.ts.
struct CameraFaults {
  double packet_loss = 0;
  double missing_frame = 0;
  double late_frame = 0;
  double late_ms = 0;
  double extra_frame = 0;
  bool stuck_trigger = false;
  bool unplugged = false;
};

/// How the camera answers an edge. A lag drawn below 1 µs becomes 1 µs.
struct ShutterTiming {
  double lag_us = 0;
  double jitter_us = 0;
};

class VirtualCamera {
 public:
  struct Options {
    Arm arm = Arm::near;
    GigeCamera::Options gige;
    ShutterTiming timing;
    std::uint64_t seed = 0;
  };

  /// What the camera stands among; all outlive it.
  struct Surroundings {
    std::shared_ptr<const PlaneTexture> texture;
    /// Null in a rig without optics, which shows the plane only.
    const TracedView* traced = nullptr;
    Board& board;
    const SceneState& scene;
    TruthLog& truth;
  };

  VirtualCamera(const Options& options, const Surroundings& surroundings);
  ~VirtualCamera();  ///< Stops.

  void start();
  void stop();  ///< Idempotent; frames not yet sent are dropped.

  // On the board thread.
  /// A rising edge of this camera's trigger line.
  void on_trigger(const Edge& edge);
  /// The strobe has gone out.
  void on_strobe_end();
  /// The board's ticks start anew.
  void on_boot();

  // From any thread; in force from the next trigger on.
  void set_faults(const CameraFaults& faults);
  CameraFaults faults() const;
  void set_timing(const ShutterTiming& timing);
  ShutterTiming timing() const;
  void set_seed(std::uint64_t seed);

  const std::string& serial() const { return options_.gige.serial; }
  bool armed() const { return gige_.settings().armed; }
  std::uint64_t frames_sent() const { return gige_.frames_sent(); }

 private:
  using Clock = std::chrono::steady_clock;

  /// Everything random about one exposure, drawn whether or not it is used, so that changing one
  /// setting does not change the others' luck.
  struct Luck {
    double lag;
    double missing;
    double late;
    double extra;
    std::uint64_t noise_seed;
  };

  /// A frame that is to be rendered and then sent when its time has come.
  struct Shot {
    ShotContext context;
    /// false for an extra frame, whose end changes no truth.
    bool recorded = true;
    CameraSettings settings;
    Scene scene;
    ExposureSpan exposure;
    std::uint64_t noise_seed = 0;
    std::uint64_t device_time_ns = 0;
    Clock::time_point due;
    bool withheld = false;
    double packet_loss = 0;
    FrameFate fate = FrameFate::sent;

    /// Delivery decides its fate in the truth.
    bool undecided() const { return recorded && (fate == FrameFate::sent || fate == FrameFate::late); }
  };

  /// A shot whose exposure is not over, or whose strobe still burns.
  struct Exposing {
    Shot shot;
    /// The board has come to the end of the exposure.
    bool over = false;
    /// By now a board that runs would have.
    Clock::time_point give_up;
  };

  Luck draw_luck();
  void expose(const Edge& edge, const CameraSettings& settings, const Scene& scene);
  Shot shot_of(const ShotContext& context, const CameraSettings& settings, const Scene& scene, Tick start,
               std::uint64_t noise_seed) const;
  ExposureSpan exposure_from(Tick start, const CameraSettings& settings) const;
  Shot extra_after(const Shot& shot, Tick start) const;
  Tick readout_ticks(const Region& region) const;
  Clock::time_point time_of(Tick tick, Tick now) const;
  std::uint64_t device_time(Tick tick) const;
  void enqueue_when_exposed(Shot shot, Tick now);
  void enqueue(Shot shot);
  void work();
  // With work_mutex_ held.
  void add_to_render(Shot shot);
  void release_exposed();
  bool can_render(const Exposing& exposing) const;
  Clock::time_point next_time() const;

  OutgoingFrame develop(const Shot& shot);
  OutgoingFrame lost(const Shot& shot);
  std::vector<std::uint8_t> payload(const Shot& shot);
  std::vector<std::uint8_t> traced_payload(const Shot& shot) const;
  OutgoingFrame untriggered(const CameraSettings& settings);

  const Options options_;
  const TracedView* const traced_;
  Board& board_;
  const SceneState& scene_;
  TruthLog& truth_;

  mutable std::mutex settings_mutex_;
  CameraFaults faults_;
  ShutterTiming timing_;
  Random random_;

  /// First tick at which the camera obeys an edge again. Board thread only.
  Tick ready_tick_ = 0;

  std::mutex render_mutex_;
  CameraView view_;

  std::mutex work_mutex_;
  std::condition_variable work_changed_;
  /// Shared with the board's actions.
  std::vector<std::shared_ptr<Exposing>> exposing_;
  std::deque<Shot> to_render_;
  std::multimap<Clock::time_point, OutgoingFrame> to_send_;
  std::atomic<bool> working_{false};
  std::thread worker_;

  /// Last, so that its thread ends before anything it uses.
  GigeCamera gige_;
};

}  // namespace nearfar::rig
