// What makes one head differ from another, and what an expression does to it.
#pragma once

#include <cstdint>
#include <string>

namespace nearfar::rig::head {

enum class HairStyle { bald, cropped, short_sides, swept, bob, long_hair, round };

/// Lengths in mm, subject at rest. Drawn by draw_traits() from the identity's number.
struct Traits {
  // Skull and face, relative to the average head.
  float width = 1;
  float upper_height = 1;
  float lower_height = 1;
  float depth = 1;
  float jaw_width = 1;
  float chin = 0;
  float forehead_slope = 0;
  float cheekbone = 1;
  float cheek_fill = 0;
  float brow_ridge = 1;
  // Eyes.
  float pupil_distance = 63;
  float eye_width = 29;
  float eye_open = 10.4f;
  float eye_slant = 1;
  float lid_fold = 1;
  // Nose and mouth.
  float nose_length = 1;
  float nose_width = 1;
  float nose_tip = 0;
  float nose_bridge = 0;
  float mouth_half_width = 25;
  float upper_lip = 1;
  float lower_lip = 1;
  float ear_size = 1;
  float neck_width = 1;
  // Brows.
  float brow_height = 0;
  float brow_arch = 1;
  float brow_thickness = 1;
  float brow_density = 0.9f;
  // Skin and hair.
  double ita_deg = 40;
  double blood = 0.04;
  float age = 0.3f;
  float freckles = 0;
  float stubble = 0;
  float lip_redness = 1;
  int iris_kind = 0;
  HairStyle hair = HairStyle::cropped;
  float hairline = 0;
  double hair_melanin = 0.8;
  double hair_redness = 0.1;
  float clothes_hue = 0;
  std::uint64_t seed = 0;
};

/// The same number gives the same head on every machine; 0 to 15 are spread evenly over skin tones.
Traits draw_traits(std::uint64_t identity);

/// How far an expression moves each part, mm; all zero at rest.
struct Action {
  float jaw_drop = 0;
  float lips_apart = 0;
  /// Share of that gap by which the upper lip rises.
  float upper_lip_share = 0.22f;
  float corner_out = 0;
  float corner_up = 0;
  float cheek_up = 0;
  float brow_up = 0;
  float inner_brow_up = 0;
  float brow_pinch = 0;
  float upper_lid_up = 0;
  float lower_lid_up = 0;
  /// 0 open to 1 shut.
  float lid_closure = 0;
};

/// `expression` is one of expression_names(). Throws AssetError for others.
Action action_of(const std::string& expression, double eyelid_closure);

}  // namespace nearfar::rig::head
