// The project's own heads: meshes, landmarks and skin tones.
#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <limits>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "spectra/colorimetry.h"
#include "subjects/head/head.h"
#include "subjects/head/implicit.h"
#include "subjects/subject.h"
#include "test/suites.h"

namespace nearfar::rig::test {
namespace {

constexpr int kDefaultIdentities = 16;
/// Whose expressions are tested.
constexpr std::uint64_t kModel = 6;

SubjectSpec person(std::uint64_t identity, const std::string& expression = "neutral") {
  SubjectSpec spec;
  spec.identity = identity;
  spec.expression = expression;
  return spec;
}

/// Built heads are shared by the tests: each takes half a second.
const Object& head_of(std::uint64_t identity, const std::string& expression = "neutral", double closure = 0) {
  static std::map<std::string, std::shared_ptr<const Object>> built;
  auto& object = built[std::to_string(identity) + expression + std::to_string(closure)];
  if (!object) object = build_subject(person(identity, expression), closure, {});
  return *object;
}

const Vec3& landmark(const Object& head, int id) {
  return head.point_sets.at(0).points.at(static_cast<std::size_t>(id)).position;
}

double apart(const Object& head, int a, int b) { return length(landmark(head, a) - landmark(head, b)); }

Vec3 wide(const Vec3f& p) { return {p.x, p.y, p.z}; }

/// Distance from a point to a triangle.
double distance_to(const Vec3& p, const Vec3& a, const Vec3& b, const Vec3& c) {
  const Vec3 normal = normalized(cross(b - a, c - a));
  const Vec3 foot = p - normal * dot(p - a, normal);
  const auto inside = [&](const Vec3& u, const Vec3& v) { return dot(cross(v - u, foot - u), normal) >= 0; };
  if (inside(a, b) && inside(b, c) && inside(c, a)) return length(p - foot);
  double nearest = std::numeric_limits<double>::infinity();
  for (const auto& [u, v] : {std::pair{a, b}, std::pair{b, c}, std::pair{c, a}}) {
    const double t = std::clamp(dot(p - u, v - u) / dot(v - u, v - u), 0.0, 1.0);
    nearest = std::min(nearest, length(p - (u + (v - u) * t)));
  }
  return nearest;
}

double distance_to(const Vec3& p, const Mesh& mesh) {
  double nearest = std::numeric_limits<double>::infinity();
  for (const auto& t : mesh.triangles) {
    const Vec3 a = wide(mesh.positions[t[0]]);
    if (length(a - p) > 12) continue;
    nearest = std::min(nearest, distance_to(p, a, wide(mesh.positions[t[1]]), wide(mesh.positions[t[2]])));
  }
  return nearest;
}

bool finite(const Vec3f& p) { return std::isfinite(p.x) && std::isfinite(p.y) && std::isfinite(p.z); }

void expect_sane(const Mesh& mesh, const std::string& what) {
  expect(mesh.material != nullptr, what + " has a material");
  expect(!mesh.triangles.empty(), what + " has triangles");
  expect(std::all_of(mesh.positions.begin(), mesh.positions.end(), finite), what + ": positions are numbers");
  for (const auto* list : {&mesh.normals, &mesh.rest})
    expect(list->empty() || list->size() == mesh.positions.size(), what + ": one entry for each vertex");
  expect(mesh.uvs.empty() || mesh.uvs.size() == mesh.positions.size(), what + ": one uv for each vertex");
  for (const auto& t : mesh.triangles)
    for (const std::uint32_t v : t) expect(v < mesh.positions.size(), what + ": indices within the mesh");
  for (const Vec3f& n : mesh.normals) expect_near(length(wide(n)), 1, 1e-3, what + ": normals of length 1");
}

/// Share of triangles whose winding agrees with their vertices' normals.
double wound_outwards(const Mesh& mesh) {
  int agree = 0;
  for (const auto& t : mesh.triangles) {
    const Vec3 a = wide(mesh.positions[t[0]]);
    const Vec3 face = cross(wide(mesh.positions[t[1]]) - a, wide(mesh.positions[t[2]]) - a);
    agree += dot(face, wide(mesh.normals[t[0]]) + wide(mesh.normals[t[1]]) + wide(mesh.normals[t[2]])) >= 0;
  }
  return agree / static_cast<double>(mesh.triangles.size());
}

/// Edges that only one triangle has.
std::size_t open_edges(const Mesh& mesh, double above_y) {
  std::map<std::pair<std::uint32_t, std::uint32_t>, int> uses;
  for (const auto& t : mesh.triangles)
    for (int i = 0; i < 3; ++i)
      ++uses[std::minmax(t[static_cast<std::size_t>(i)], t[static_cast<std::size_t>((i + 1) % 3)])];
  return static_cast<std::size_t>(std::count_if(uses.begin(), uses.end(), [&](const auto& use) {
    return use.second == 1 && mesh.positions[use.first.first].y < above_y;
  }));
}

void meshes_are_sane() {
  for (const char* expression : {"neutral", "surprise"}) {
    const Object& head = head_of(kModel, expression);
    std::size_t triangles = 0;
    for (const Mesh& mesh : head.meshes) {
      expect_sane(mesh, expression);
      triangles += mesh.triangles.size();
    }
    expect(triangles > 40'000 && triangles < 220'000, "triangles: " + std::to_string(triangles));
    const Mesh& skin = head.meshes.front();
    expect(skin.rest.size() == skin.positions.size(), "the skin knows its rest shape");
    expect(wound_outwards(skin) > 0.995, "triangles face outwards: " + std::to_string(wound_outwards(skin)));
    // Closed but for the cut through the chest.
    expect(open_edges(skin, 150) == 0, "open edges above the chest: " + std::to_string(open_edges(skin, 150)));
    double outwards = 0;
    for (std::size_t i = 0; i < skin.positions.size(); ++i)
      if (skin.positions[i].y < 60)
        outwards += dot(wide(skin.normals[i]), normalized(wide(skin.positions[i]) - Vec3{0, 0, 85})) > 0;
    expect(outwards > 0.75 * std::count_if(skin.positions.begin(), skin.positions.end(),
                                           [](const Vec3f& p) { return p.y < 60; }),
           "normals point out of the head");
  }
}

void proportions_are_human() {
  for (std::uint64_t identity = 0; identity < kDefaultIdentities; ++identity) {
    const Object& head = head_of(identity);
    const std::string who = "identity " + std::to_string(identity) + ", ";
    const auto within = [&](double value, double low, double high, const char* what) {
      expect(value >= low && value <= high, who + what + ": " + std::to_string(value) + " mm");
    };
    within(apart(head, 0, 16), 125, 158, "width of the face before the ears");
    within(apart(head, 27, 8), 98, 128, "sellion to chin");
    within(apart(head, 36, 45), 82, 100, "outer eye corners");
    within(apart(head, 39, 42), 26, 42, "inner eye corners");
    within(apart(head, 48, 54), 42, 62, "mouth width");
    within(apart(head, 31, 35), 20, 36, "nose width");
    within(-landmark(head, 30).z, 20, 36, "nose tip before the eyes");
    double top = 0, chin = landmark(head, 8).y;
    for (const Vec3f& p : head.meshes.front().positions) top = std::min<double>(top, p.y);
    within(chin - top, 200, 250, "height of the head");
  }
}

void origin_is_between_the_pupils() {
  for (const std::uint64_t identity : {0u, 7u, 11u}) {
    // The pupil is the middle of each eyeball's rings, the first vertices of its mesh.
    const Object& head = head_of(identity);
    const Vec3 left = wide(head.meshes[1].positions[0]), right = wide(head.meshes[2].positions[0]);
    const Vec3 middle = (left + right) * 0.5;
    expect(length(middle) < 0.5, "midpoint of the pupils");
    expect_near(left.z, 0, 0.5, "pupil depth");
    const double between = right.x - left.x;
    expect(between > 56 && between < 71, "pupil distance " + std::to_string(between));
  }
}

void landmarks_lie_on_the_skin() {
  for (const char* expression : {"neutral", "smile", "surprise", "frown", "eyes-closed"}) {
    const Object& head = head_of(kModel, expression);
    expect(head.point_sets.size() == 1 && head.point_sets[0].name == "landmarks68", "one set of landmarks");
    for (int id = 0; id < 68; ++id) {
      expect(head.point_sets[0].points.at(static_cast<std::size_t>(id)).id == id, "numbered in order");
      const double off = distance_to(landmark(head, id), head.meshes.front());
      expect(off < 1,
             std::string(expression) + ", landmark " + std::to_string(id) + " lies " + std::to_string(off) + " mm off");
    }
  }
}

void landmarks_are_ordered() {
  for (std::uint64_t identity = 0; identity < kDefaultIdentities; ++identity) {
    const Object& head = head_of(identity);
    const auto rising = [&](std::initializer_list<int> ids, const char* what) {
      for (auto id = ids.begin(); id + 1 != ids.end(); ++id)
        expect(landmark(head, *id).x < landmark(head, *(id + 1)).x, std::string(what) + " runs from left to right");
    };
    rising({0, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 16}, "jaw");
    rising({17, 18, 19, 20, 21, 22, 23, 24, 25, 26}, "brows");
    rising({36, 37, 38, 39, 42, 43, 44, 45}, "upper lids");
    rising({48, 49, 50, 51, 52, 53, 54}, "upper lip");
    rising({60, 61, 62, 63, 64}, "inner upper lip");
    for (const auto& [above, below] : {std::pair{19, 37},
                                       {37, 41},
                                       {38, 40},
                                       {27, 28},
                                       {28, 29},
                                       {29, 30},
                                       {30, 33},
                                       {33, 51},
                                       {51, 62},
                                       {62, 66},
                                       {66, 57},
                                       {57, 8}})
      expect(landmark(head, above).y < landmark(head, below).y,
             "landmark " + std::to_string(above) + " lies above " + std::to_string(below));
  }
}

void landmarks_are_symmetric() {
  constexpr std::array<std::array<int, 2>, 12> kPairs{{{0, 16},
                                                       {4, 12},
                                                       {7, 9},
                                                       {17, 26},
                                                       {21, 22},
                                                       {31, 35},
                                                       {36, 45},
                                                       {39, 42},
                                                       {41, 46},
                                                       {48, 54},
                                                       {50, 52},
                                                       {58, 56}}};
  for (const char* expression : {"neutral", "surprise"})
    for (const auto& [a, b] : kPairs) {
      const Vec3 left = landmark(head_of(kModel, expression), a), right = landmark(head_of(kModel, expression), b);
      expect(length(left - Vec3{-right.x, right.y, right.z}) < 0.5,
             "landmarks " + std::to_string(a) + " and " + std::to_string(b));
    }
}

void expressions_move_the_face() {
  const Object &neutral = head_of(kModel), &smile = head_of(kModel, "smile"), &surprise = head_of(kModel, "surprise"),
               &frown = head_of(kModel, "frown");
  expect(apart(smile, 48, 54) > apart(neutral, 48, 54) + 5, "a smile widens the mouth");
  expect(landmark(smile, 48).y < landmark(neutral, 48).y - 2, "a smile lifts its corners");
  expect(apart(surprise, 62, 66) > apart(neutral, 62, 66) + 8, "surprise opens the mouth");
  expect(landmark(surprise, 8).y > landmark(neutral, 8).y + 6, "surprise drops the chin");
  expect(landmark(surprise, 19).y < landmark(neutral, 19).y - 2.5, "surprise raises the brows");
  expect(apart(surprise, 37, 41) > apart(neutral, 37, 41) + 1, "surprise widens the eyes");
  expect(landmark(frown, 21).y > landmark(neutral, 21).y + 2, "a frown lowers the brows");
  expect(landmark(frown, 48).y > landmark(neutral, 48).y + 2, "a frown lowers the mouth's corners");
  for (const Object* moved : {&smile, &surprise, &frown})
    expect(length(landmark(*moved, 36) - landmark(neutral, 36)) < 1.5, "eye corners stay");
}

void lids_close() {
  const Object &open = head_of(kModel), &half = head_of(kModel, "neutral", 0.5), &shut = head_of(kModel, "neutral", 1);
  const double gap_open = apart(open, 37, 41), gap_half = apart(half, 37, 41), gap_shut = apart(shut, 37, 41);
  expect(gap_open > 8 && gap_half < gap_open - 2 && gap_shut < gap_half - 2 && gap_shut < 3, "lids meet");
  expect_near(apart(head_of(kModel, "eyes-closed"), 37, 41), gap_shut, 1e-6, "the expression shuts them too");
}

void the_same_number_is_the_same_head() {
  const Object& first = head_of(12);
  const auto second = build_subject(person(12), 0, {});
  for (std::size_t m = 0; m < first.meshes.size(); ++m)
    for (std::size_t i = 0; i < first.meshes[m].positions.size(); ++i)
      expect(wide(first.meshes[m].positions[i]) == wide(second->meshes[m].positions[i]), "equal vertices");
  std::set<double> widths;
  for (std::uint64_t identity = 0; identity < kDefaultIdentities; ++identity)
    widths.insert(apart(head_of(identity), 0, 16));
  expect(widths.size() == kDefaultIdentities, "all identities differ");
}

/// Mean reflectance of the skin on both cheeks.
Spectrum cheek(const Object& head) {
  Spectrum sum;
  int count = 0;
  for (float y = 28; y < 44; y += 1)
    for (float x = 36; x < 52; x += 1)
      for (const float side : {-1.0f, 1.0f}) {
        SurfacePoint point;
        point.rest = {side * x, y, 5};
        point.position = point.rest;
        Surface surface;
        head.meshes.front().material->shade(point, surface);
        sum += surface.diffuse;
        ++count;
      }
  return sum * (1.0f / static_cast<float>(count));
}

void skin_has_the_tone_drawn() {
  double darkest = 90, lightest = -90;
  for (std::uint64_t identity = 0; identity < kDefaultIdentities; ++identity) {
    const double seen = typology_angle_deg(cheek(head_of(identity)));
    expect_near(seen, head::draw_traits(identity).ita_deg, 5, "ITA of identity " + std::to_string(identity));
    darkest = std::min(darkest, seen);
    lightest = std::max(lightest, seen);
  }
  expect(darkest < -50 && lightest > 55, "tones from " + std::to_string(darkest) + " to " + std::to_string(lightest));
}

void reflectances_are_possible() {
  for (const Object* head : {&head_of(kModel, "surprise"), &head_of(2), &head_of(4)})
    for (const Mesh& mesh : head->meshes)
      for (std::size_t i = 0; i < mesh.positions.size(); i += 17) {
        SurfacePoint point;
        point.position = mesh.positions[i];
        point.rest = mesh.rest.empty() ? mesh.positions[i] : mesh.rest[i];
        if (!mesh.uvs.empty()) std::tie(point.u, point.v) = std::pair{mesh.uvs[i][0], mesh.uvs[i][1]};
        Surface surface;
        mesh.material->shade(point, surface);
        for (const float value : surface.diffuse.v)
          expect(value >= 0 && value <= 1, "reflectance " + std::to_string(value));
        expect(surface.specular >= 0 && surface.specular <= 1.001f && surface.roughness > 0, "highlight");
      }
}

void unknown_names_are_errors() {
  const auto from_source = [](const std::string& source) {
    SubjectSpec spec;
    spec.source = source;
    return spec;
  };
  expect_error<AssetError>("neutral, smile, surprise", [] { build_subject(person(0, "sulk"), 0, {}); });
  expect_error<AssetError>("\"head\" and \"ict\"", [&] { build_subject(from_source("bust"), 0, {}); });
  expect_error<AssetError>("ictFaceKit", [&] { build_subject(from_source("ict"), 0, {}); });
}

}  // namespace

void test_subjects(Suite& suite) {
  suite.run("subjects: meshes are closed, finite and face outwards", meshes_are_sane);
  suite.run("subjects: 16 heads have human proportions", proportions_are_human);
  suite.run("subjects: the origin is the midpoint between the pupils", origin_is_between_the_pupils);
  suite.run("subjects: landmarks lie on the skin", landmarks_lie_on_the_skin);
  suite.run("subjects: landmarks are in anatomical order", landmarks_are_ordered);
  suite.run("subjects: landmarks are symmetric", landmarks_are_symmetric);
  suite.run("subjects: expressions move the face", expressions_move_the_face);
  suite.run("subjects: lids close", lids_close);
  suite.run("subjects: the same number is the same head", the_same_number_is_the_same_head);
  suite.run("subjects: skin has the tone drawn, -60 to 60", skin_has_the_tone_drawn);
  suite.run("subjects: reflectances are possible", reflectances_are_possible);
  suite.run("subjects: unknown names are errors", unknown_names_are_errors);
}

}  // namespace nearfar::rig::test
