#include "subjects/ict_face_kit.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "base/asset_error.h"
#include "spectra/colorimetry.h"
#include "subjects/subject.h"
#include "test/shared_data.h"
#include "test/suites.h"

namespace nearfar::rig::test {
namespace {

namespace fs = std::filesystem;

SubjectSpec person(std::uint64_t identity, const std::string& expression = "neutral") {
  SubjectSpec spec;
  spec.source = "ict";
  spec.identity = identity;
  spec.expression = expression;
  return spec;
}

Vec3 landmark(const Object& object, std::size_t id) {
  expect(object.point_sets.size() == 1 && object.point_sets[0].name == "landmarks68", "one set of landmarks");
  expect(object.point_sets[0].points.at(id).id == static_cast<int>(id), "in order");
  return object.point_sets[0].points[id].position;
}

void expect_whole(const Object& object) {
  for (const Mesh& mesh : object.meshes) {
    expect(mesh.material != nullptr, "every mesh has a material");
    expect(mesh.normals.size() == mesh.positions.size() && mesh.rest.size() == mesh.positions.size(), "sizes agree");
    for (const auto& t : mesh.triangles) {
      for (const std::uint32_t v : t) expect(v < mesh.positions.size(), "triangles stay inside the mesh");
    }
    for (const Vec3f& n : mesh.normals) expect_near(n.x * n.x + n.y * n.y + n.z * n.z, 1, 1e-3, "unit normals");
  }
}

/// A folder in the official layout: a flat face of 10 × 10 vertices 1 cm apart, a square behind it, two
/// eyeballs of four vertices, and one identity mode and one pair of expressions.
class TinyKit {
 public:
  TinyKit() : folder_(fs::temp_directory_path() / ("nearfar-ict-" + std::to_string(counter()++))) {
    fs::create_directories(models());
    for (int i = 0; i < 100; ++i) neutral_.push_back({i % 10 - 4.5, 4.5 - i / 10, 10});
    for (int i = 0; i < 4; ++i) neutral_.push_back({i % 2 * 20.0 - 10, 10 - i / 2 * 20.0, -5});
    for (const double x : {3.2, -3.2}) {
      for (const Vec3 d : {Vec3{0, 0, 1.5}, Vec3{1, 0, 0}, Vec3{-1, 1, 0}, Vec3{-1, -1, 0}}) {
        neutral_.push_back(Vec3{x, 3, 8} + d);
      }
    }
    write("generic_neutral_mesh.obj", neutral_, true);
    write_moved("identity000.obj", [](Vec3& v) { v.z += v.z > 9.9 ? 0.5 : 0; });
    write_moved("eyeBlink_L.obj", [](Vec3& v) { v.y -= v.x > 0 && v.z == 10 ? 1 : 0; });
    write_moved("eyeBlink_R.obj", [](Vec3& v) { v.y -= v.x < 0 && v.z == 10 ? 1 : 0; });
    std::ofstream readme(folder_ / "README.md");
    readme << "# Kit\n\n| not | a list |\n\n    ";
    for (int i = 0; i < 68; ++i) readme << (i == 0 ? "" : ", ") << i + 10;
    readme << "\n";
  }
  ~TinyKit() { fs::remove_all(folder_); }
  TinyKit(const TinyKit&) = delete;
  TinyKit& operator=(const TinyKit&) = delete;

  const fs::path& folder() const { return folder_; }
  fs::path models() const { return folder_ / "FaceXModel"; }

 private:
  static std::atomic<int>& counter() {
    static std::atomic<int> count{0};
    return count;
  }

  template <typename Change>
  void write_moved(const std::string& name, Change change) const {
    std::vector<Vec3> moved = neutral_;
    for (Vec3& v : moved) change(v);
    write(name, moved, false);
  }

  void write(const std::string& name, const std::vector<Vec3>& vertices, bool faces) const {
    std::ofstream out(models() / name);
    out << "mtllib none.mtl\n";
    for (const Vec3& v : vertices) out << "v " << v.x << " " << v.y << " " << v.z << "\n";
    if (!faces) return;
    out << "vt 0 0\nusemtl M_Face\r\n";
    for (int row = 0; row < 9; ++row) {
      for (int column = 0; column < 9; ++column) {
        const int at = 1 + row * 10 + column;
        out << "f " << at << "/1 " << at + 10 << "/1 " << at + 11 << "/1 " << at + 1 << "/1\n";
      }
    }
    out << "usemtl M_BackHead\nf 101 102 104 103\n";
    for (const auto& [material, first] : {std::pair{"M_ScleraLeft", 105}, std::pair{"M_ScleraRight", 109}}) {
      out << "usemtl " << material << "\n";
      for (const auto& [b, c] : {std::pair{1, 2}, std::pair{2, 3}, std::pair{3, 1}}) {
        out << "f " << first << "//1 " << first + b << "//1 " << first + c << "//1\n";
      }
    }
  }

  fs::path folder_;
  std::vector<Vec3> neutral_;
};

void official_layout() {
  const TinyKit kit;
  for (const fs::path& folder : {kit.folder(), kit.models()}) {
    const auto object = IctFaceKit::load(folder).build(person(3), 0);
    expect(object->meshes.size() == 3, "skin and two eyes");
    expect_whole(*object);
    expect_near(landmark(*object, 0).x, -45, 1e-3, "the first landmark is vertex 10, at the left");
    expect(landmark(*object, 40).y > landmark(*object, 0).y, "y runs down");
    expect(landmark(*object, 0).z > -10 && landmark(*object, 0).z < 5, "near the eye plane");
  }
}

void rests_between_the_pupils() {
  const TinyKit kit;
  const auto object = IctFaceKit::load(kit.folder()).build(person(1), 0);
  Vec3f centre{};
  for (const std::size_t eye : {object->meshes.size() - 2, object->meshes.size() - 1}) {
    const auto& positions = object->meshes[eye].positions;
    const auto nearer = [](const Vec3f& a, const Vec3f& b) { return a.z < b.z; };
    const Vec3f apex = *std::min_element(positions.begin(), positions.end(), nearer);
    centre = {centre.x + apex.x / 2, centre.y + apex.y / 2, centre.z + apex.z / 2};
    expect_near(std::abs(apex.x), 32, 1e-3, "half the distance of the pupils");
  }
  expect_near(std::hypot(centre.x, std::hypot(centre.y, centre.z)), 0, 1e-3, "origin");
}

void lids_follow_the_closure() {
  const TinyKit tiny;
  const IctFaceKit kit = IctFaceKit::load(tiny.folder());
  const auto height = [&](const std::string& expression, double closure) {
    return landmark(*kit.build(person(1, expression), closure), 30).y;
  };
  const double open = height("neutral", 0);
  // The resting lid covers a tenth; a shape is one centimetre.
  expect_near(height("neutral", 0.5) - open, 4, 1e-3, "half shut");
  expect_near(height("neutral", 1) - open, 9, 1e-3, "shut");
  expect_near(height("eyes-closed", 0.3) - open, 9, 1e-3, "shut by the expression");
}

void identities_differ() {
  const TinyKit tiny;
  const IctFaceKit kit = IctFaceKit::load(tiny.folder());
  std::set<double> depths;
  for (std::uint64_t i = 0; i < 8; ++i) depths.insert(landmark(*kit.build(person(i), 0), 0).z);
  expect(depths.size() == 8, "eight shapes");
  expect(*depths.rbegin() - *depths.begin() < 5 * 2 * 2, "within two sigma of the mode");
  expect_near(landmark(*kit.build(person(5), 0), 0).z, landmark(*kit.build(person(5), 0), 0).z, 0, "same seed");
}

void landmarks_from_the_kits_json() {
  const TinyKit tiny;
  fs::remove(tiny.folder() / "README.md");
  expect(IctFaceKit::load(tiny.folder()).build(person(0), 0)->point_sets.empty(), "without a list there is no set");
  std::ofstream json(tiny.models() / "vertex_indices.json");
  json << "{\"idx_to_landmark_verts\":[";
  for (int i = 0; i < 68; ++i) json << (i == 0 ? "" : ",") << i + 10;
  json << "]}";
  json.close();
  expect_near(landmark(*IctFaceKit::load(tiny.folder()).build(person(0), 0), 0).x, -45, 1e-3, "vertex 10");
}

void vertices_must_be_near() {
  const TinyKit tiny;
  const auto with = [&](const char* file, const char* vertex) {
    std::ifstream in(tiny.models() / file);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    std::ofstream(tiny.models() / file) << "v " << vertex << text.substr(text.find('\n', text.find("v ")));
  };
  for (const char* vertex : {"nan 0 0", "0 inf 0", "0 0 -201"}) {
    with("generic_neutral_mesh.obj", vertex);
    expect_error<AssetError>("vertices more than 2 m away", [&] { IctFaceKit::load(tiny.folder()); });
  }
  with("generic_neutral_mesh.obj", "0 0 0");
  with("identity000.obj", "0 nan 0");
  expect_error<AssetError>("identity modes", [&] { IctFaceKit::load(tiny.folder()); });
}

void says_what_is_missing() {
  expect_error<AssetError>("no folder \"/no/such/kit\"", [] { IctFaceKit::load("/no/such/kit"); });
  const TinyKit tiny;
  expect_error<AssetError>("there is no expression \"grin\"",
                           [&] { IctFaceKit::load(tiny.folder()).build(person(0, "grin"), 0); });
  expect_error<AssetError>("lacks the shape \"mouthSmile_L\"",
                           [&] { IctFaceKit::load(tiny.folder()).build(person(0, "smile"), 0); });
  std::ofstream(tiny.models() / "identity000.obj") << "v 0 0 0\n";
  expect_error<AssetError>("has 1 vertices, the neutral mesh 112", [&] { IctFaceKit::load(tiny.folder()); });
  std::ofstream(tiny.models() / "generic_neutral_mesh.obj") << "v 0 0 0\nusemtl M_Face\nf 1 2 3\n";
  expect_error<AssetError>("no such vertex", [&] { IctFaceKit::load(tiny.folder()); });
  fs::remove(tiny.models() / "generic_neutral_mesh.obj");
  expect_error<AssetError>("generic_neutral_mesh.obj cannot be read", [&] { IctFaceKit::load(tiny.folder()); });
}

void broken_packed_form() {
  const TinyKit tiny;
  const auto index = [&](const std::string& text) { std::ofstream(tiny.folder() / "kit.json") << text; };
  index("{\"format\":\"ict-facekit-pack/1\",\"sections\":[]}");
  expect_error<AssetError>("kit.bin is missing", [&] { IctFaceKit::load(tiny.folder()); });
  std::ofstream(tiny.folder() / "kit.bin") << "abcd";
  expect_error<AssetError>("lacks a section", [&] { IctFaceKit::load(tiny.folder()); });
  index(R"({"format":"ict-facekit-pack/1",
            "sections":[{"name":"positions","offset":0,"bytes":12,"dtype":"<f4"}]})");
  expect_error<AssetError>("beyond the end", [&] { IctFaceKit::load(tiny.folder()); });
  index("{\"format\":\"ict-facekit-pack/1\",\"sections\":[");
  expect_error<AssetError>("cannot be understood", [&] { IctFaceKit::load(tiny.folder()); });
}

/// Signed volume of a closed mesh whose triangles run counter-clockwise seen from outside.
double volume(const Mesh& mesh) {
  double sum = 0;
  for (const auto& t : mesh.triangles) {
    const auto at = [&](int i) { return Vec3{mesh.positions[t[i]].x, mesh.positions[t[i]].y, mesh.positions[t[i]].z}; };
    sum += dot(at(0), cross(at(1), at(2))) / 6;
  }
  return sum;
}

Lab color_at(const Object& object, std::size_t mesh, const Vec3f& rest) {
  Surface surface;
  SurfacePoint point;
  point.rest = rest;
  object.meshes[mesh].material->shade(point, surface);
  return lab_of(surface.diffuse, illuminant_d65());
}

void the_real_kit() {
  const auto folder = shared_data("ict-facekit");
  if (!folder) return;
  const IctFaceKit kit = IctFaceKit::load(*folder);
  for (std::uint64_t identity = 0; identity < 16; ++identity) {
    const auto object = kit.build(person(identity), 0);
    expect_whole(*object);
    const double eyes = landmark(*object, 45).x - landmark(*object, 36).x;
    expect(eyes > 75 && eyes < 105, "outer eye corners " + std::to_string(eyes) + " mm apart");
    expect(landmark(*object, 8).y > 85 && landmark(*object, 8).y < 140, "the chin hangs below the eyes");
    expect(landmark(*object, 30).z < -15, "the nose stands out towards the cameras");
    expect(volume(object->meshes.back()) > 8000 && volume(object->meshes.back()) < 25000, "eyeballs turn outward");
  }
}

void expressions_of_the_real_kit() {
  const auto folder = shared_data("ict-facekit");
  if (!folder) return;
  const IctFaceKit kit = IctFaceKit::load(*folder);
  const auto neutral = kit.build(person(2), 0);
  const auto change = [&](const std::string& expression, std::size_t point) {
    return landmark(*kit.build(person(2, expression), 0), point) - landmark(*neutral, point);
  };
  expect(change("smile", 48).x < -2 && change("smile", 54).x > 2 && change("smile", 54).y < 0, "corners go out and up");
  expect(change("surprise", 8).y > 5 && change("surprise", 21).y < -2, "the jaw drops, the brows rise");
  expect(change("frown", 21).y > 1, "the brows sink");
  const auto shut = kit.build(person(2, "eyes-closed"), 0);
  for (const auto& [upper, lower] : {std::pair{37, 41}, std::pair{38, 40}, std::pair{43, 47}, std::pair{44, 46}}) {
    expect(landmark(*shut, upper).y > landmark(*shut, lower).y - 1.5, "the lids meet");
  }
}

void colors_of_the_real_kit() {
  const auto folder = shared_data("ict-facekit");
  if (!folder) return;
  const IctFaceKit kit = IctFaceKit::load(*folder);
  double lightest = 0, darkest = 100;
  for (std::uint64_t identity = 0; identity < 16; ++identity) {
    const auto object = kit.build(person(identity), 0);
    const Lab cheek = color_at(*object, 0, {40, 40, 0}), lip = color_at(*object, 0, {5, 75, -20});
    lightest = std::max(lightest, cheek.lightness);
    darkest = std::min(darkest, cheek.lightness);
expect(lip.a > cheek.a + 0.5, "lips are redder than cheeks");
    expect(color_at(*object, 0, {0, -90, 60}).lightness < 45, "hair on the scalp");
    const std::size_t eye = object->meshes.size() - 2;
    const Vec3f apex{32, 0, 0};
    expect(color_at(*object, eye, apex).lightness < 10, "a black pupil");
    expect(color_at(*object, eye, {apex.x + 9, 0, 5}).lightness > 70, "a white eye");
  }
  expect(lightest > 65 && darkest < 38, "skin from very light to very dark");
}

}  // namespace

void test_ict_face_kit(Suite& suite) {
  suite.run("ict: reads the official layout", official_layout);
  suite.run("ict: the origin lies between the pupils", rests_between_the_pupils);
  suite.run("ict: lids follow the closure", lids_follow_the_closure);
  suite.run("ict: identities differ and repeat", identities_differ);
  suite.run("ict: landmarks from the kit's json, or none", landmarks_from_the_kits_json);
  suite.run("ict: vertices lie within two metres", vertices_must_be_near);
  suite.run("ict: says what is missing", says_what_is_missing);
  suite.run("ict: says what is broken in the packed form", broken_packed_form);
  suite.run("ict: the real kit has faces of human size", the_real_kit);
  suite.run("ict: expressions of the real kit", expressions_of_the_real_kit);
  suite.run("ict: colors of the real kit", colors_of_the_real_kit);
}

}  // namespace nearfar::rig::test
