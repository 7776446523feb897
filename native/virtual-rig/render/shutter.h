// Which rows collect which light, and when.
#pragma once

#include "optics/sensor_mount.h"
#include "render/renderer.h"
#include "world/world.h"

namespace nearfar::rig {

/// A span of time, seconds since the scene was set.
struct TimeSpan {
  double start_s = 0;
  double end_s = 0;
  double length_s() const { return end_s - start_s; }
  double middle_s() const { return (start_s + end_s) / 2; }
};

/// Light that a row collects of one source: its amount (1 exposes a white well) and when it arrives.
struct Collected {
  double amount = 0;
  TimeSpan when;
};

class Shutter {
 public:
  Shutter(const SensorMount& mount, const ExposureTimes& times, const LightSpec& light, double brightness);

  /// Of the row in which the upright pixel lies.
  Collected continuous(int x, int y) const;
  /// A pulse that begins or ends outside the row's exposure counts with the share that falls inside.
  Collected strobe(int x, int y) const;
  /// Amount by which surfaces that shine by themselves expose, in 5000 µs 1.
  double emission_amount() const { return emission_; }

  /// From the first row's start to the last row's end.
  TimeSpan whole() const;
  bool strobe_fires() const { return times_.strobe_s.has_value() && strobe_ > 0; }

 private:
  double start_s(int x, int y) const {
    return times_.start_s + 1e-6 * mount_.row_delay_us({static_cast<double>(x), static_cast<double>(y)});
  }

  SensorMount mount_;
  ExposureTimes times_;
  double emission_;
  double continuous_;
  double strobe_;
};

}  // namespace nearfar::rig
