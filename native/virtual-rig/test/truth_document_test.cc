// Truth as numbers, matrices and files.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <unistd.h>

#include "render/npy.h"
#include "render/truth_arrays.h"
#include "render/truth_json.h"
#include "test/suites.h"
#include "test/truth_fixture.h"

namespace nearfar::rig::test {
namespace {

using namespace truth_fixture;

/// Removed with everything in it.
class ScratchFolder {
 public:
  ScratchFolder()
      : path_(std::filesystem::temp_directory_path() / ("nearfar-truth-test-" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(path_);
  }
  ~ScratchFolder() { std::filesystem::remove_all(path_); }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

void test_scene_numbers() {
  Renderer renderer = renderer_with(real_optics());
  World world = board_world({0, 0, 1600});
  const SceneTruth truth = scene_truth(renderer, world, {});
  const Vec3 near = truth.arms[0].effective_pupil, far = truth.arms[1].effective_pupil;
  expect_near(length(cross(truth.epipole - far, normalized(near - far))), 0, 1e-9, "the epipole lies on the line");
  expect_near(truth.epipole.z, 1600, 1e-9, "the epipole lies in the eye plane");
  const Vec2 canonical = truth.canonical.project(Arm::near, truth.epipole).value();
  expect_near(canonical.x, truth.canonical.principal_point_px.x, 1e-9, "the epipole's pixel");
  // 3 mm of glass at 45° shift by 1.007 mm (calibration notes, 1.5).
  expect_near(std::hypot(far.x, far.y), 1.007, 0.05, "the far pupil moved by the plate");
  // An axis turned by 0.12° and 0.09° misses the aim by distance × angle.
  const Vec3 aim = truth.arms[0].aim.value();
  expect(std::hypot(aim.x, aim.y) > 0.5 && std::hypot(aim.x, aim.y) < 5, "the near camera looks a little aside");
  expect(truth.point_sets.size() == 1 && truth.point_sets[0].points.size() == 11 * 16, "every corner of the board");
  for (const PointTruth& point : truth.point_sets[0].points) {
    for (std::size_t arm = 0; arm < 2; ++arm) {
      const PointView& view = point.views[arm];
      if (!view.visible) continue;
      const auto px = renderer.arm_optics(world, kArms[arm])->project(view.position).value();
      expect(px == view.px.value(), "the corner's pixel is its projection");
      expect(truth.canonical.project(kArms[arm], view.position) == view.canonical_px, "and its canonical pixel");
    }
  }
  const auto seen = std::ranges::count_if(truth.point_sets[0].points, [](const auto& p) { return p.views[1].visible; });
  expect(seen > 140, "the far camera sees nearly all corners: " + std::to_string(seen));
}

void test_color_matrix() {
  Renderer renderer = renderer_with(real_optics());
  const ColorTruth color = scene_truth(renderer, World{}, {}).color;
  expect(color.near_to_far.has_value(), "there is a matrix");
  double worst = 0;
  for (std::size_t patch = 0; patch < 24; ++patch) {
    const Rgb& near = color.patches[0][patch];
    const Vec3 far = *color.near_to_far * Vec3{near[0], near[1], near[2]};
    worst = std::max(worst, std::abs(far.x - color.patches[1][patch][0]) / color.patches[1][18][0]);
  }
  expect(worst > 1e-6 && worst < 0.05, "tinted glass is nearly, not exactly, a matrix: " + std::to_string(worst));
  expect(color.far_to_rec2020.has_value(), "there is one to colors");
  const std::array<Rgb, 24> looks = patches_in_rec2020();
  for (std::size_t patch = 18; patch < 24; ++patch)
    for (const double channel : looks[patch]) expect_near(channel / looks[patch][1], 1, 0.06, "greys are grey");
  expect_near(looks[18][1], 0.89, 0.03, "the chart's white");
  expect(looks[14][0] > 3 * looks[14][1] && looks[12][2] > 2 * looks[12][0], "red is red and blue is blue");
  double off = 0;
  for (std::size_t patch = 0; patch < 24; ++patch) {
    const Rgb& far = color.patches[1][patch];
    const Vec3 look = *color.far_to_rec2020 * Vec3{far[0], far[1], far[2]};
    off = std::max({off, std::abs(look.x - looks[patch][0]), std::abs(look.y - looks[patch][1]),
                    std::abs(look.z - looks[patch][2])});
  }
  expect(off > 1e-4 && off < 0.05, "a camera is nearly, not exactly, an observer: " + std::to_string(off));
  std::array<Rgb, 24> from{}, to{};
  for (std::size_t i = 0; i < 24; ++i) {
    const double a = 0.1 + 0.03 * double(i), b = 0.9 - 0.002 * double(i * i), c = 0.2 + 0.1 * double(i % 5);
    from[i] = {a, b, c};
    to[i] = {2 * a - b, 0.5 * c, a + 3 * c};
  }
  const Mat3 matrix = least_squares_matrix(from, to).value();
  const std::array<double, 9> expected{2, -1, 0, 0, 0, 0.5, 1, 0, 3};
  for (std::size_t i = 0; i < 9; ++i) expect_near(matrix.m[i], expected[i], 1e-9, "an exact matrix is found");
  from.fill({0.5, 0.5, 0.5});
  expect(!least_squares_matrix(from, to), "grey alone has no matrix");
}

void test_files() {
  const ScratchFolder folder;
  Renderer renderer = renderer_with(plain_optics());
  const World world = board_world({0, 0, 1600}, {}, "charuco-small");
  const nlohmann::json truth = make_truth(renderer, world, {}, folder.path(), {"nearVisible", "farDepth"});
  expect(truth["format"] == "nearfar-scene-truth" && truth["arrays"].size() == 2, "the answer names its arrays");
  std::ifstream npy(folder.path() / "farDepth.npy", std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(npy), {}};
  expect(bytes.starts_with("\x93NUMPY\x01") && bytes.find("'descr': '<f4'") != std::string::npos &&
             bytes.find("'shape': (1280, 1024), }") != std::string::npos,
         "a NumPy header");
  expect(bytes.size() % 64 == 0 && bytes.size() == 128 + 4u * 1024 * 1280, "as many bytes as pixels");
  float middle = 0;
  std::memcpy(&middle, bytes.data() + 128 + 4 * (640 * 1024 + 512), 4);
  expect_near(middle, 1600, 1e-2, "depth in the middle");
  expect(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 2, "no other file is left");
}

void test_file_errors() {
  const ScratchFolder folder;
  Renderer renderer = renderer_with(plain_optics());
  const World world = board_world({0, 0, 1600}, {}, "charuco-small");
  expect_error<AssetError>("no folder", [&] { make_truth(renderer, world, {}, folder.path() / "none", {}); });
  expect_error<AssetError>("no array \"depth\"",
                           [&] { make_truth(renderer, world, {}, folder.path(), {"depth"}); });
  expect_error<AssetError>("`directory`", [&] { make_truth(renderer, world, {}, {}, {"nearDepth"}); });
  const std::array<std::uint8_t, 4> values{1, 2, 3, 4};
  expect_error<std::invalid_argument>("shape", [&] { write_npy(folder.path() / "a.npy", values, {3, 2}); });
  // A folder stands where the file should: the rename fails and the temporary goes.
  std::filesystem::create_directory(folder.path() / "a.npy");
  expect_error<AssetError>("cannot write", [&] { write_npy(folder.path() / "a.npy", values, {2, 2}); });
  expect(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1, "nothing half-written is left");
}

void test_empty_scene() {
  Renderer renderer = renderer_with(real_optics());
  World world;
  world.kind = SceneKind::flat;
  const nlohmann::json truth = make_truth(renderer, world, {}, std::nullopt, {});
  expect(truth["T_rig_object"].is_null() && truth["pointSets"].empty(), "a flat field has no object");
  const ShotGeometry shot = shot_geometry(renderer, world, {});
  const CanonicalMaps maps = canonical_maps(shot, Arm::near, {true, false, true, false});
  expect(std::ranges::all_of(maps.depth, [](float d) { return std::isnan(d); }), "no depth");
  expect(std::ranges::count(maps.visible, 0) == kCanonicalSize_px * kCanonicalSize_px, "nothing seen by both");
}

}  // namespace

void test_truth_document(Suite& suite) {
  suite.run("truth: aim, epipole, plate and corners", test_scene_numbers);
  suite.run("truth: the matrix between the cameras", test_color_matrix);
  suite.run("truth: files", test_files);
  suite.run("truth: bad requests leave no half files", test_file_errors);
  suite.run("truth: a scene without an object", test_empty_scene);
}

}  // namespace nearfar::rig::test
