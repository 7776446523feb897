#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <string>

#include "spectra/spectra.h"
#include "targets/definition.h"
#include "targets/targets.h"
#include "test/suites.h"

namespace nearfar::rig::test {
namespace {

AssetFolders repository_targets() {
  const auto rig = std::filesystem::path(__FILE__).parent_path().parent_path();
  return {rig.parent_path().parent_path() / "calibration" / "targets", {}};
}

std::shared_ptr<const Object> built(const std::string& id, const PrintFlaws& flaws = {}) {
  return build_target(id, flaws, repository_targets());
}

Surface shaded(const Mesh& mesh, double u, double v) {
  SurfacePoint point;
  point.u = static_cast<float>(u);
  point.v = static_cast<float>(v);
  Surface surface;
  mesh.material->shade(point, surface);
  return surface;
}

bool black_at(const Object& object, double u, double v) {
  return shaded(object.meshes.front(), u, v).diffuse.v == printed_black().v;
}

void lists_every_target() {
  const std::vector<std::string> ids = target_ids(repository_targets());
  expect(std::is_sorted(ids.begin(), ids.end()), "sorted");
  for (const char* id : {"charuco-a4", "charuco-small", "chessboard-9x6", "colorchecker-classic", "colorchecker-mini",
                         "depth-phantom", "led-counter", "point-light"})
    expect(std::find(ids.begin(), ids.end(), id) != ids.end(), id);
  for (const std::string& id : ids) expect(!built(id)->meshes.empty() && !built(id)->point_sets.empty(), id);
}

void refuses_what_is_not_there() {
  expect_error<AssetError>("charuco-a4", [] { built("charuco-a3"); });
  expect_error<AssetError>("no target", [] { built("../targets/charuco-a4"); });
  expect_error<AssetError>("/nowhere", [] { build_target("charuco-a4", {}, {"/nowhere", {}}); });
}

void refuses_a_broken_definition() {
  const auto folder = std::filesystem::temp_directory_path() /
                      ("nearfar-targets-test-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "short.json") << R"({"format":"nearfar-target","version":1,"id":"short","kind":"charuco",
    "squaresX":3,"squaresY":3,"squareMm":10,"topLeftSquare":"black","sheet":{"widthMm":40,"heightMm":40},
    "markerMm":7,"dictionary":"DICT_6X6_250","firstMarkerId":0,"markerBits":["000000000"]})";
  std::ofstream(folder / "large.json") << R"({"format":"nearfar-target","version":1,"id":"large","kind":"chessboard",
    "squaresX":3,"squaresY":3,"squareMm":10,"topLeftSquare":"black","sheet":{"widthMm":40,"heightMm":4e9}})";
  std::ofstream(folder / "text.json") << "no JSON";
  expect_error<AssetError>("one marker for each white square", [&] { build_target("short", {}, {folder, {}}); });
  expect_error<AssetError>("heightMm is no length of at most 2000", [&] { build_target("large", {}, {folder, {}}); });
  expect_error<AssetError>("text.json", [&] { build_target("text", {}, {folder, {}}); });
  std::filesystem::remove_all(folder);
}

void corners_stand_where_squares_meet() {
  for (const char* id : {"charuco-a4", "charuco-small", "chessboard-9x6", "depth-phantom"}) {
    const auto object = built(id);
    const PointSet& corners = object->point_sets.front();
    const Vec3 first = corners.points.front().position;
    const bool first_is_black = black_at(*object, first.x - 0.01, first.y - 0.01);
    expect(first_is_black, "the top left square is black");
    for (const NamedPoint& corner : corners.points) {
      const auto [x, y, z] = corner.position;
      const bool top_left = black_at(*object, x - 0.01, y - 0.01);
      expect(top_left == black_at(*object, x + 0.01, y + 0.01), "diagonal");
      expect(top_left != black_at(*object, x + 0.01, y - 0.01), "right");
      expect(top_left != black_at(*object, x - 0.01, y + 0.01), "below");
    }
  }
}

void numbers_run_row_major() {
  const auto object = built("charuco-a4");
  const auto& corners = object->point_sets.front().points;
  expect(corners.size() == 11 * 16, "corners");
  expect(corners.front().position == Vec3{-75, -112.5, 0}, "0 is the top left one");
  expect(corners[1].position == Vec3{-60, -112.5, 0}, "1 is right of it");
  expect(corners[11].position == Vec3{-75, -97.5, 0}, "11 is below it");
}

void draws_the_marker_bits() {
  const auto object = built("charuco-a4");
  // Marker 0 of DICT_6X6_250, in the second square of the first row.
  constexpr std::array<const char*, 6> kRows{"000111", "100011", "110111", "011000", "001010", "100110"};
  constexpr double kCell = 11.0 / 8, kLeft = -90 + 15 + 2, kTop = -127.5 + 2;
  for (int row = 0; row < 8; ++row) {
    for (int column = 0; column < 8; ++column) {
      const bool border = row == 0 || column == 0 || row == 7 || column == 7;
      const bool white = !border && kRows[static_cast<std::size_t>(row - 1)][column - 1] == '1';
      for (const double inside : {0.001, 0.999})
        expect(black_at(*object, kLeft + (column + inside) * kCell, kTop + (row + inside) * kCell) != white, "cell");
    }
  }
  expect(!black_at(*object, kLeft - 0.001, kTop + 5) && !black_at(*object, 91, 0), "rim and paper are white");
}

/// Where the pattern changes color between two points of the paper.
double edge_between(const Object& object, double from_u, double to_u, double v) {
  const bool start = black_at(object, from_u, v);
  for (int round = 0; round < 30; ++round) {
    const double middle = (from_u + to_u) / 2;
    (black_at(object, middle, v) == start ? from_u : to_u) = middle;
  }
  return (from_u + to_u) / 2;
}

void printed_corners_follow_the_print_error() {
  const auto ideal = built("charuco-a4");
  const auto printed = built("charuco-a4", {.print_error_mm = 0.05, .bend_mm = 0, .seed = 3});
  double squares = 0;
  const auto& corners = printed->point_sets.front().points;
  for (std::size_t i = 0; i < corners.size(); ++i) {
    const Vec3 at = corners[i].position, definition = ideal->point_sets.front().points[i].position;
    squares += dot(at - definition, at - definition);
    // The vertical edge just above and below the corner passes through it, but for its local slant.
    const double above = edge_between(*printed, at.x - 0.5, at.x + 0.5, at.y - 0.05);
    const double below = edge_between(*printed, at.x - 0.5, at.x + 0.5, at.y + 0.05);
    expect_near((above + below) / 2, at.x, 2e-5, "edge");
  }
  const double rms_of_an_axis = std::sqrt(squares / static_cast<double>(corners.size()) / 2);
  expect_near(rms_of_an_axis, 0.05, 0.012, "print error");
  const auto again = built("charuco-a4", {.print_error_mm = 0.05, .bend_mm = 0, .seed = 3});
  expect(again->point_sets.front().points[50].position == corners[50].position, "the same seed, the same print");
  const auto other = built("charuco-a4", {.print_error_mm = 0.05, .bend_mm = 0, .seed = 4});
  expect(length(other->point_sets.front().points[50].position - corners[50].position) > 0.001, "another seed");
}

Vec3 vertex(const Mesh& mesh, std::uint32_t index) {
  const Vec3f& p = mesh.positions[index];
  return {p.x, p.y, p.z};
}

/// Point of the mesh's triangles with those uvs.
Vec3 on_mesh(const Mesh& mesh, double u, double v) {
  for (const auto& [a, b, c] : mesh.triangles) {
    const auto &p = mesh.uvs[a], &q = mesh.uvs[b], &r = mesh.uvs[c];
    const double area = (q[0] - p[0]) * (r[1] - p[1]) - (r[0] - p[0]) * (q[1] - p[1]);
    const double s = ((u - p[0]) * (r[1] - p[1]) - (r[0] - p[0]) * (v - p[1])) / area;
    const double t = ((q[0] - p[0]) * (v - p[1]) - (u - p[0]) * (q[1] - p[1])) / area;
    if (s < -1e-6 || t < -1e-6 || s + t > 1 + 1e-6) continue;
    return vertex(mesh, a) * (1 - s - t) + vertex(mesh, b) * s + vertex(mesh, c) * t;
  }
  throw std::runtime_error("outside the mesh");
}

void bent_boards_keep_lengths_and_are_finely_cut() {
  for (const double bend_mm : {0.3, 2.0}) {
    const auto object = built("charuco-a4", {.print_error_mm = 0, .bend_mm = bend_mm, .seed = 5});
    const Mesh& front = object->meshes.front();
    double greatest = 0;
    for (const Vec3f& p : front.positions) greatest = std::max(greatest, std::abs(static_cast<double>(p.z)));
    expect_near(greatest, bend_mm, 0.02 * bend_mm, "greatest sag");
    const auto flat = built("charuco-a4");
    const auto& corners = object->point_sets.front().points;
    for (std::size_t i = 0; i < corners.size(); ++i) {
      const Vec3 definition = flat->point_sets.front().points[i].position;
      expect_near(length(on_mesh(front, definition.x, definition.y) - corners[i].position), 0, 0.002, "chord");
      if (i % 11 == 0) continue;
      expect_near(length(corners[i].position - corners[i - 1].position), 15, 0.001 * bend_mm, "15 mm between corners");
    }
  }
}

void bend_is_no_parabola() {
  const auto object = built("charuco-a4", {.print_error_mm = 0, .bend_mm = 0.3, .seed = 5});
  // A quadratic surface has no third difference along a line.
  double greatest = 0;
  const auto& corners = object->point_sets.front().points;
  for (std::size_t row = 0; row < 16; ++row) {
    const auto z = [&](std::size_t column) { return corners[row * 11 + column].position.z; };
    greatest = std::max(greatest, std::abs(z(9) - 3 * z(6) + 3 * z(3) - z(0)));
  }
  for (std::size_t column = 0; column < 11; ++column) {
    const auto z = [&](std::size_t row) { return corners[row * 11 + column].position.z; };
    greatest = std::max(greatest, std::abs(z(15) - 3 * z(10) + 3 * z(5) - z(0)));
  }
  expect(greatest > 0.02, "third difference " + std::to_string(greatest));
}

void faces_look_at_the_cameras() {
  for (const std::string& id : target_ids(repository_targets())) {
    const auto object = built(id, {.print_error_mm = 0.05, .bend_mm = 0.3, .seed = 1});
    for (const Mesh& mesh : object->meshes) {
      const auto& [a, b, c] = mesh.triangles.front();
      const Vec3 wound = normalized(cross(vertex(mesh, b) - vertex(mesh, a), vertex(mesh, c) - vertex(mesh, a)));
      const Vec3f& normal = mesh.normals[a];
      expect(dot(wound, {normal.x, normal.y, normal.z}) > 0.99, id + ": winding agrees with the normals");
    }
    expect(object->meshes.front().normals.front().z < -0.99f, id + ": the print looks at the cameras");
  }
}

/// Whether a triangle of the mesh cuts the segment before its end.
bool hides(const Mesh& mesh, const Vec3& from, const Vec3& to) {
  const Vec3 way = to - from;
  for (const auto& [a, b, c] : mesh.triangles) {
    const Vec3 origin = vertex(mesh, a), first = vertex(mesh, b) - origin, second = vertex(mesh, c) - origin;
    const Vec3 across = cross(way, second);
    const double determinant = dot(first, across);
    if (std::abs(determinant) < 1e-12) continue;
    const Vec3 offset = from - origin;
    const double s = dot(offset, across) / determinant, t = dot(way, cross(offset, first)) / determinant;
    const double along = dot(second, cross(offset, first)) / determinant;
    if (s >= 0 && t >= 0 && s + t <= 1 && along > 0 && along < 1 - 1e-4) return true;
  }
  return false;
}

void phantom_hides_nothing() {
  const auto object = built("depth-phantom");
  std::array<int, 3> boards_at{};
  for (const PointSet& set : object->point_sets) {
    const double z = set.points.front().position.z;
    expect(z == -35 || z == 0 || z == 95, set.name);
    ++boards_at[z == -35 ? 0 : z == 0 ? 1 : 2];
  }
  expect(boards_at == std::array{1, 2, 2}, "boards at each depth");
  for (const double distance_mm : {230.0, 300.0, 450.0, 475.0, 600.0, 900.0, 1370.0, 1600.0}) {
    // Pupils may stand up to 3 mm off the axis, and so may the phantom.
    for (const double x : {-6.0, 6.0}) {
      for (const double y : {-6.0, 6.0}) {
        for (const PointSet& set : object->point_sets)
          for (const NamedPoint& corner : set.points)
            for (const Mesh& mesh : object->meshes)
              expect(!hides(mesh, {x, y, -distance_mm}, corner.position), set.name + " is hidden");
      }
    }
  }
}

void markers_are_told_apart() {
  const std::filesystem::path folder = repository_targets().targets;
  std::vector<std::uint64_t> bits;
  const auto add = [&](const BoardDefinition& board) {
    bits.insert(bits.end(), board.marker_bits.begin(), board.marker_bits.end());
  };
  add(std::get<BoardDefinition>(read_target_definition(folder / "charuco-a4.json")));
  add(std::get<BoardDefinition>(read_target_definition(folder / "charuco-small.json")));
  const auto phantom = std::get<AssemblyDefinition>(read_target_definition(folder / "depth-phantom.json"));
  for (const AssembledBoard& part : phantom.boards) add(part.board);
  const std::size_t count = bits.size();
  std::sort(bits.begin(), bits.end());
  bits.erase(std::unique(bits.begin(), bits.end()), bits.end());
  expect(bits.size() == count, "no marker stands on two boards");
}

void charts_show_their_patches() {
  for (const char* id : {"colorchecker-classic", "colorchecker-mini"}) {
    const auto object = built(id);
    const auto& patches = object->point_sets.front().points;
    expect(object->point_sets.front().name == "patches" && patches.size() == 24, "24 patches");
    for (const NamedPoint& patch : patches) {
      const Surface surface = shaded(object->meshes.front(), patch.position.x, patch.position.y);
      expect(surface.diffuse.v == color_checker_patches()[static_cast<std::size_t>(patch.id)].v, "reflectance");
    }
    const double between = (patches[0].position.x + patches[1].position.x) / 2;
    expect(shaded(object->meshes.front(), between, patches[0].position.y).diffuse.v[8] < 0.05f, "dark between patches");
  }
}

void led_counter_shows_its_bits() {
  std::array<std::uint8_t, 12> bits{};
  bits[1] = 0b0010'0001;  // LEDs 8 and 13
  const auto object = build_led_counter(bits);
  for (int led = 0; led < 96; ++led) {
    const double u = (led % 12 - 5.5) * 10, v = (led / 12 - 3.5) * 10;
    const bool lit = shaded(object->meshes.front(), u, v).emission.v[0] > 0;
    expect(lit == (led == 8 || led == 13), "LED " + std::to_string(led));
    expect(shaded(object->meshes.front(), u - 3.5, v).emission.v[0] == 0, "dark between LEDs");
  }
  expect(shaded(object->meshes.front(), -59.9, 0).emission.v[0] > 0, "frame");
}

void point_light_is_small_and_bright() {
  const auto object = built("point-light");
  expect(shaded(object->meshes.front(), 0.17, 0.17).emission.v[5] == 400, "inside 0.25 mm");
  expect(shaded(object->meshes.front(), 0.18, 0.18).emission.v[5] == 0, "outside");
  expect_near(shaded(object->meshes.front(), 50, 50).diffuse.v[5], 0.002, 1e-6, "velvet");
}

}  // namespace

void test_targets(Suite& suite) {
  suite.run("targets: every target is listed and can be built", lists_every_target);
  suite.run("targets: an unknown id or folder is refused", refuses_what_is_not_there);
  suite.run("targets: a broken definition is refused", refuses_a_broken_definition);
  suite.run("targets: corners stand where four squares meet", corners_stand_where_squares_meet);
  suite.run("targets: corners are numbered row-major from the top left", numbers_run_row_major);
  suite.run("targets: markers show their bits with exact edges", draws_the_marker_bits);
  suite.run("targets: corners follow the print error", printed_corners_follow_the_print_error);
  suite.run("targets: bent boards keep lengths and are cut finely", bent_boards_keep_lengths_and_are_finely_cut);
  suite.run("targets: the bend is no parabola", bend_is_no_parabola);
  suite.run("targets: printed faces look at the cameras", faces_look_at_the_cameras);
  suite.run("targets: the depth phantom hides none of its corners", phantom_hides_nothing);
  suite.run("targets: every marker stands on one board only", markers_are_told_apart);
  suite.run("targets: charts show their patches", charts_show_their_patches);
  suite.run("targets: the LED counter shows its bits", led_counter_shows_its_bits);
  suite.run("targets: the point light is small and bright", point_light_is_small_and_bright);
}

}  // namespace nearfar::rig::test
