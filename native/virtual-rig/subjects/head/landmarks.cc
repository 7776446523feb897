#include "subjects/head/landmarks.h"

#include "subjects/head/surface_search.h"

namespace nearfar::rig::head {
namespace {

/// Lays points on the image-right half (positive x) and mirrors them to their partners.
class Layout {
 public:
  explicit Layout(const Shape& shape) : shape_(shape) { points_.resize(68); }

  void jaw();
  void brows();
  void nose();
  void eyes();
  void lips();
  std::vector<NamedPoint> points() const { return points_; }

 private:
  void put(int right, int left, const Vec3f& p) {
    points_[static_cast<std::size_t>(right)] = {right, to_double(p)};
    points_[static_cast<std::size_t>(left)] = {left, to_double({-p.x, p.y, p.z})};
  }
  /// Straight back from before the face at a place of the resting average face.
  Vec3f frontal(float x, float y, Warp::Side side = Warp::Side::upper) const;
  Vec3f onto_skin(float own_x, float own_y) const {
    const Vec3f start{own_x, own_y, -70};
    return first_hit(shape_, start, {0, 0, 1}).value_or(start);
  }
  const Shape& shape_;
  std::vector<NamedPoint> points_;
};

Vec3f Layout::frontal(float x, float y, Warp::Side side) const {
  // The warp hardly depends on depth in front; one correction with the depth found is enough.
  Vec3f rest{x, y, -10};
  Vec3f skin;
  for (int i = 0; i < 2; ++i) {
    const Vec3f moved = shape_.proportions().to_own(shape_.warp().from_rest(rest, side));
    skin = onto_skin(moved.x, moved.y);
    rest.z = shape_.proportions().to_average(skin).z;
  }
  return skin;
}

void Layout::jaw() {
  // From the ear's root down the mandible's edge to the chin; the last is on the midline.
  constexpr std::array<Vec3f, 9> kEdge{{{73, 0, 66},
                                        {71.5f, 18, 62},
                                        {69, 37, 57},
                                        {65, 57, 50},
                                        {57, 78, 39},
                                        {44, 95, 24},
                                        {30, 105, 9},
                                        {15, 111, -4},
                                        {0, 113, -9}}};
  for (int i = 0; i < 9; ++i) {
    const Vec3f moved = shape_.warp().from_rest(kEdge[static_cast<std::size_t>(i)], Warp::Side::lower);
    Vec3f p = nearest(shape_, shape_.proportions().to_own(moved));
    if (i == 8) p.x = 0;
    put(16 - i, i, p);
  }
}

void Layout::brows() {
  const Brow brow(shape_.traits());
  for (int i = 0; i < 5; ++i) {
    const float x = mix(Brow::kInner + 2, Brow::kOuter - 1, static_cast<float>(i) / 4);
    put(22 + i, 21 - i, frontal(x, brow.height(x) - 0.6f * brow.half_thickness(x)));
  }
}

void Layout::nose() {
  const float base = kNoseBase * shape_.traits().nose_length, wide = shape_.traits().nose_width;
  for (int i = 0; i < 4; ++i) {
    const float y = mix(2, base - 9, static_cast<float>(i) / 3);
    put(27 + i, 27 + i, frontal(0, y));
  }
  put(33, 33, frontal(0, base + 2.5f));
  put(34, 32, frontal(6.3f * wide, base + 2.2f));
  put(35, 31, frontal(13.2f * wide, base - 0.5f));
}

void Layout::eyes() {
  const EyeOpening& eye = shape_.eye();
  const auto at = [&](float s, bool upper) {
    const float x = eye.centre_x() + s * eye.half_width();
    return onto_skin(x, upper ? eye.upper(x) - 0.7f : eye.lower(x) + 0.7f);
  };
  const auto corner = [&](float s) {
    const float x = eye.centre_x() + s * (eye.half_width() + 0.7f);
    return onto_skin(x, eye.upper(x));
  };
  put(45, 36, corner(1));
  put(44, 37, at(0.36f, true));
  put(43, 38, at(-0.32f, true));
  put(42, 39, corner(-1));
  put(47, 40, at(-0.32f, false));
  put(46, 41, at(0.36f, false));
}

void Layout::lips() {
  const MouthLine& mouth = shape_.mouth();
  const float w = mouth.half_width();
  const auto edge = [&](float s, bool upper) {
    const float x = s * w;
    return upper ? frontal(x, mouth.upper_edge(x)) : frontal(x, mouth.lower_edge(x), Warp::Side::lower);
  };
  const auto inner = [&](float s, bool upper) {
    const float x = s * w;
    return upper ? frontal(x, mouth.cleft(x) - 0.9f) : frontal(x, mouth.cleft(x) + 0.9f, Warp::Side::lower);
  };
  put(54, 48, frontal(w + 1.2f, mouth.cleft(w)));
  put(53, 49, edge(0.66f, true));
  put(52, 50, edge(0.25f, true));
  put(51, 51, edge(0, true));
  put(55, 59, edge(0.66f, false));
  put(56, 58, edge(0.33f, false));
  put(57, 57, edge(0, false));
  put(64, 60, frontal(0.96f * w, mouth.cleft(0.96f * w) - 1.4f));
  put(63, 61, inner(0.35f, true));
  put(62, 62, inner(0, true));
  put(65, 67, inner(0.35f, false));
  put(66, 66, inner(0, false));
}

}  // namespace

PointSet landmarks68(const Shape& shape) {
  Layout layout(shape);
  layout.jaw();
  layout.brows();
  layout.nose();
  layout.eyes();
  layout.lips();
  return {"landmarks68", layout.points()};
}

}  // namespace nearfar::rig::head
