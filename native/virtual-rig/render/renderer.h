// Traces what one camera sees of a world.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "optics/arm_optics.h"
#include "optics/rig_optics.h"
#include "spectra/spectra.h"
#include "subjects/mesh.h"
#include "subjects/subject.h"
#include "targets/targets.h"
#include "world/world.h"

namespace nearfar::rig {

/// The world's object, built and ready to be hit by rays; shared by frames of the same world.
class Stage;

/// Region of the upright image, px.
struct Window {
  int x = 0;
  int y = 0;
  int width = 0;
  int height = 0;
};

/// When a frame collects light. Times in seconds since the scene was set.
struct ExposureTimes {
  /// Of the first sensor row.
  double start_s = 0;
  double length_s = 0.005;
  /// Rising edge of the strobe pulse, if it fired.
  std::optional<double> strobe_s;
  double strobe_length_s = 0.0005;
};

/// What each pixel of the result holds.
enum class Sampling { mono, bayer_rg, rgb };

struct FrameRequest {
  Arm arm = Arm::near;
  ExposureTimes times;
  Sampling sampling = Sampling::mono;
  /// Empty: the whole image.
  std::optional<Window> window;
  /// Of the places in pixels, lens and time that samples are taken at: frames of one seed have the same sampling
  /// noise, frames of different seeds have their own.
  std::uint64_t sampling_seed = 0;
  /// 96 bits the LED counter shows; ignored by other scenes.
  std::array<std::uint8_t, 12> led_bits{};
  /// Polled between rows; true ends the rendering early with an empty image.
  std::function<bool()> cancelled;
};

/// Linear signal as a share of full well at 0 dB, before any noise; channels interleaved, row-major.
struct SignalImage {
  int width = 0;
  int height = 0;
  int channels = 1;
  std::vector<float> values;
};

/// One for the life of the rig; thread-safe: several threads render at once.
class Renderer {
 public:
  struct Options {
    RigOptics optics;
    AssetFolders folders;
    /// Upright image size.
    int width_px = 1024;
    int height_px = 1280;
    /// Sensitivity of each arm's camera (spectra.h).
    std::array<std::string, 2> sensitivity{"a", "a"};
  };

  explicit Renderer(Options options);
  ~Renderer();

  /// Builds (or finds) what the world shows. Throws AssetError. Takes up to a second for a new face.
  std::shared_ptr<const Stage> stage(const World& world);

  /// @returns the *upright, un-mirrored* image. For `bayer_rg` and for rolling shutters the raw frame's
  /// rows and mosaic are honoured: pixel colours and row times are those the sensor has after un-mount.
  SignalImage render(const Stage& stage, const FrameRequest& request) const;

  /// Optics at the world's rail stop.
  std::shared_ptr<const ArmOptics> arm_optics(const World& world, Arm arm) const;

  const Options& options() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// What the truth asks of a stage; rays in the rig frame at one instant.
class StageProbe {
 public:
  StageProbe(std::shared_ptr<const Stage> stage, double time_s);
  ~StageProbe();
  /// Distance along the unit ray to the object's first surface, or infinity: the wall behind it is none, and a
  /// scene without an object has none.
  double hit(const Ray& ray) const;
  /// Hit distances for many rays at once.
  void hits(const std::vector<Ray>& rays, std::vector<float>& distances) const;
  /// The object's point sets at that instant, in the rig frame.
  std::vector<PointSet> point_sets() const;
  /// T_rig_object at that instant.
  Rigid pose() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace nearfar::rig
