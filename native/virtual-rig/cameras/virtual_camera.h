// One camera of the rig: answers trigger edges with exposures and frames.
//
// A rising edge on its trigger line starts an exposure after the shutter lag, when a client has
// armed the camera and it is neither exposing nor reading out; other edges are lost on it, as on a
// real one. The exposure-active pulse goes to the board at exact ticks; the frame is rendered at
// once and sent when exposure and readout are over.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "board/board.h"
#include "board/pins.h"
#include "cameras/gige/gige_camera.h"
#include "cameras/scene/camera_view.h"
#include "cameras/scene/random.h"
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
    SceneSettings scene;
    std::uint64_t seed = 0;
  };

  VirtualCamera(const Options& options, std::shared_ptr<const PlaneTexture> texture, Board& board, TruthLog& truth);
  ~VirtualCamera();  ///< Stops.

  void start();
  void stop();  ///< Idempotent; frames not yet sent are dropped.

  // On the board thread.
  /// A rising edge of this camera's trigger line.
  void on_trigger(const Edge& edge);
  /// The board's ticks start anew.
  void on_boot();

  // From any thread; in force from the next trigger on.
  void set_faults(const CameraFaults& faults);
  CameraFaults faults() const;
  void set_timing(const ShutterTiming& timing);
  ShutterTiming timing() const;
  void set_scene(const SceneSettings& scene);
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
    Exposure exposure;
    std::uint64_t device_time_ns = 0;
    Clock::time_point due;
    bool withheld = false;
    double packet_loss = 0;
    FrameFate fate = FrameFate::sent;
  };

  Luck draw_luck();
  void expose(const Edge& edge, const CameraSettings& settings);
  Shot shot_of(const Edge& edge, const CameraSettings& settings, Tick start, Tick end, std::uint64_t noise_seed) const;
  Shot extra_after(const Shot& shot, Tick start, Tick end) const;
  Tick readout_ticks(const Region& region) const;
  Clock::time_point time_of(Tick tick, Tick now) const;
  std::uint64_t device_time(Tick tick) const;
  void enqueue(Shot shot);
  void work();
  OutgoingFrame develop(const Shot& shot);
  OutgoingFrame untriggered(const CameraSettings& settings);

  const Options options_;
  Board& board_;
  TruthLog& truth_;

  mutable std::mutex settings_mutex_;
  CameraFaults faults_;
  ShutterTiming timing_;
  SceneSettings scene_;
  Random random_;

  /// First tick at which the camera obeys an edge again. Board thread only.
  Tick ready_tick_ = 0;

  std::mutex render_mutex_;
  CameraView view_;

  std::mutex work_mutex_;
  std::condition_variable work_changed_;
  std::deque<Shot> to_render_;
  std::multimap<Clock::time_point, OutgoingFrame> to_send_;
  bool working_ = false;
  std::thread worker_;

  /// Last, so that its thread ends before anything it uses.
  GigeCamera gige_;
};

}  // namespace nearfar::rig
