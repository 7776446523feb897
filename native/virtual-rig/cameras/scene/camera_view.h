// The plane scene: a texture straight on the sensor, without optics, for work on speed.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "cameras/scene/pixel_format.h"
#include "cameras/scene/plane_texture.h"
#include "cameras/scene/region.h"
#include "cameras/scene/sensor.h"

namespace nearfar::rig {

struct Exposure {
  /// Radiance scale of the plane; the LED panel has its own light.
  double brightness = 1;
  double exposure_us = kReferenceExposureUs;
  double gain_db = 0;
  Region region;
  const PixelFormat* format = &kPixelFormats[0];
  /// Shown by the LED panel.
  std::uint32_t shot_id = 0;
  std::uint64_t start_tick = 0;
  std::uint64_t noise_seed = 0;
};

/// Not thread-safe: one renders at a time.
class CameraView {
 public:
  /// @param mirrored the raw frame is left-right mirrored, as by the plate's reflection.
  CameraView(std::shared_ptr<const PlaneTexture> texture, const SensorSpec& sensor, bool mirrored);

  /// Renders one exposure: about 3 ms for 1.3 MP, 12 ms for 5 MP.
  /// @returns the payload as it travels. The region is cut to the sensor's size.
  std::vector<std::uint8_t> render(const Exposure& exposure);

 private:
  const std::vector<std::uint16_t>& raw_texture(bool bayer);
  std::vector<std::uint16_t> build_raw_texture(bool bayer) const;
  void render_samples(const Exposure& exposure, const Region& region, std::vector<std::uint16_t>& samples);
  void overlay_panel(const Exposure& exposure, const Region& region, std::vector<std::uint16_t>& samples) const;

  std::shared_ptr<const PlaneTexture> texture_;
  SensorSpec sensor_;
  bool mirrored_;
  NoiseTable noise_;
  /// Mono and Bayer mosaics of the plane, each made when first needed.
  std::vector<std::uint16_t> mono_;
  std::vector<std::uint16_t> bayer_;
};

}  // namespace nearfar::rig
