// What colors the face at each point of its frontal view at rest: blood, melanin, hairs, contact shadow.
#pragma once

#include <cstdint>
#include <vector>

#include "subjects/head/features.h"

namespace nearfar::rig::head {

/// Each 0 to 1.
struct SkinState {
  /// Of the range from bloodless to lip red.
  float blood = 0;
  /// Of the range from half to three times the subject's own melanin.
  float melanin = 0;
  /// Share covered by brow, lash or beard hair.
  float hair = 0;
  /// Light that reaches the bottom of a fold or a nostril.
  float light = 1;
};

/// Baked once for each identity, because shading asks for it millions of times.
class SkinMap {
 public:
  explicit SkinMap(const Traits& traits);
  /// At rest position (x, y), mm; outside the map the nearest edge.
  SkinState at(float x, float y) const;
  /// Plain skin away from the face.
  static SkinState plain();

  static constexpr float kPlainBlood = 0.2f;
  /// log(2) / log(6): one on a scale from half to three times.
  static constexpr float kPlainMelanin = 0.38685f;

 private:
  static constexpr float kStepMm = 0.4f;
  static constexpr float kLeft = -90, kTop = -130;
  static constexpr int kWidth = 451, kHeight = 676;
  std::vector<std::array<std::uint8_t, 4>> texels_;
};

}  // namespace nearfar::rig::head
