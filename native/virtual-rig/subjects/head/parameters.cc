#include "subjects/head/parameters.h"

#include <algorithm>
#include <array>

#include "cameras/scene/random.h"
#include "subjects/subject.h"

namespace nearfar::rig::head {
namespace {

/// Normal, cut off at two standard deviations so that no head is a caricature.
class Draw {
 public:
  explicit Draw(std::uint64_t seed) : random_(seed) {}
  double normal(double mean, double sigma) { return mean + sigma * std::clamp(random_.gaussian(), -2.0, 2.0); }
  float normalf(double mean, double sigma) { return static_cast<float>(normal(mean, sigma)); }
  double uniform(double low, double high) { return low + (high - low) * random_.uniform(); }
  float uniformf(double low, double high) { return static_cast<float>(uniform(low, high)); }
  bool chance(double share) { return random_.uniform() < share; }
  int below(int count) { return static_cast<int>(random_.uniform() * count); }

 private:
  Random random_;
};

constexpr double kDarkestItaDeg = -60;
constexpr double kLightestItaDeg = 60;
/// Steps from darkest to lightest of the first identities, mixed so that neighbours differ.
constexpr std::array<int, 16> kToneOrder{10, 3, 14, 6, 0, 12, 8, 2, 15, 5, 11, 1, 9, 7, 4, 13};

double draw_ita(std::uint64_t identity, Draw& draw) {
  const double drawn = draw.uniform(kDarkestItaDeg, kLightestItaDeg);
  if (identity >= kToneOrder.size()) return drawn;
  const double step = (kLightestItaDeg - kDarkestItaDeg) / (kToneOrder.size() - 1);
  return kDarkestItaDeg + step * kToneOrder[identity];
}

/// Means and spreads of adult head measures (ISO/TR 7250-2, Farkas 1994), as ratios to the average head.
void draw_skull(Traits& t, Draw& draw) {
  t.width = draw.normalf(1, 0.025);
  t.upper_height = draw.normalf(1, 0.025);
  t.lower_height = draw.normalf(1, 0.03);
  t.depth = draw.normalf(1, 0.025);
  t.jaw_width = draw.normalf(0.99, 0.04);
  t.chin = draw.normalf(0.5, 1.6);
  t.forehead_slope = draw.normalf(0, 2.5);
  t.cheekbone = draw.normalf(1, 0.3);
  t.cheek_fill = draw.normalf(0.3, 1.2);
  t.brow_ridge = draw.normalf(1, 0.35);
  t.ear_size = draw.normalf(1, 0.06);
  t.neck_width = draw.normalf(1, 0.06);
}

void draw_features(Traits& t, Draw& draw) {
  // Wide faces have wide-set eyes.
  t.pupil_distance = draw.normalf(63.0 * (0.4 + 0.6 * t.width), 1.7);
  t.eye_width = draw.normalf(29.5, 1.0);
  t.eye_open = draw.normalf(10.4, 0.6);
  t.eye_slant = draw.normalf(1, 0.8);
  t.lid_fold = draw.uniformf(0.45, 1.15);
  t.nose_length = draw.normalf(1, 0.04);
  t.nose_width = draw.normalf(1.02, 0.08);
  t.nose_tip = draw.normalf(0, 1.3);
  t.nose_bridge = draw.normalf(0, 1.2);
  t.mouth_half_width = draw.normalf(25.2, 1.4);
  t.upper_lip = draw.normalf(1, 0.13);
  t.lower_lip = draw.normalf(1, 0.1);
  t.brow_height = draw.normalf(0, 1.2);
  t.brow_arch = draw.normalf(1, 0.35);
  t.brow_thickness = draw.normalf(1.12, 0.12);
  t.brow_density = draw.uniformf(0.85, 1);
}

void draw_colors(Traits& t, Draw& draw) {
  const double lightness = (t.ita_deg - kDarkestItaDeg) / (kLightestItaDeg - kDarkestItaDeg);
  t.blood = draw.uniform(0.03, 0.055);
  t.age = draw.uniformf(0, 0.9);
  t.freckles = lightness > 0.6 && draw.chance(0.4) ? draw.uniformf(0.3, 1) : 0;
  t.lip_redness = draw.uniformf(0.7, 1.15);
  // Light hair and light eyes go with light skin.
  const double fair = std::clamp((lightness - 0.55) / 0.45, 0.0, 1.0) * draw.uniform(0, 1);
  t.hair_melanin = std::clamp(1.0 - 0.85 * fair + draw.normal(0, 0.03), 0.08, 1.0);
  t.hair_redness = fair > 0.1 ? draw.uniform(0, 0.7) : draw.uniform(0, 0.15);
  t.iris_kind = fair > 0.25 ? 1 + draw.below(3) : 0;
  constexpr std::array<HairStyle, 8> kStyles{HairStyle::cropped, HairStyle::short_sides, HairStyle::swept,
                                             HairStyle::bob,     HairStyle::long_hair,   HairStyle::round,
                                             HairStyle::bald,    HairStyle::swept};
  t.hair = kStyles[static_cast<std::size_t>(draw.below(static_cast<int>(kStyles.size())))];
  t.hairline = draw.normalf(0, 3);
  const bool long_worn = t.hair == HairStyle::bob || t.hair == HairStyle::long_hair;
  t.stubble = !long_worn && draw.chance(0.45) ? draw.uniformf(0.15, 0.8) : 0;
  t.clothes_hue = draw.uniformf(0, 1);
}

}  // namespace

Traits draw_traits(std::uint64_t identity) {
  Traits t;
  t.seed = mix_seed({identity, 0x68656164});
  Draw draw(t.seed);
  t.ita_deg = draw_ita(identity, draw);
  draw_skull(t, draw);
  draw_features(t, draw);
  draw_colors(t, draw);
  return t;
}

Action action_of(const std::string& expression, double eyelid_closure) {
  Action a;
  if (expression == "smile") {
    a = {.jaw_drop = 1.5f,
         .lips_apart = 6,
         .upper_lip_share = 0.45f,
         .corner_out = 5,
         .corner_up = 4.5f,
         .cheek_up = 4,
         .lower_lid_up = 1.1f};
  } else if (expression == "surprise") {
    a = {.jaw_drop = 8.5f,
         .lips_apart = 10,
         .corner_out = -1.5f,
         .brow_up = 4.5f,
         .upper_lid_up = 1.8f,
         .lower_lid_up = -0.4f};
  } else if (expression == "frown") {
    a = {.corner_out = -1, .corner_up = -4, .brow_up = -2.5f, .brow_pinch = 4, .upper_lid_up = -0.8f};
  } else if (expression == "eyes-closed") {
    a.lid_closure = 1;
  } else if (expression != "neutral") {
    std::string known;
    for (const std::string& name : expression_names()) known += (known.empty() ? "" : ", ") + name;
    throw AssetError("There is no expression \"" + expression + "\"; a head knows " + known + ".");
  }
  a.lid_closure = std::max(a.lid_closure, static_cast<float>(std::clamp(eyelid_closure, 0.0, 1.0)));
  return a;
}

}  // namespace nearfar::rig::head
