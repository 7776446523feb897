#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <string>
#include <vector>

#include "base/asset_error.h"
#include "spectra/colorimetry.h"
#include "spectra/skin_palette.h"
#include "spectra/spectra.h"
#include "test/shared_data.h"
#include "test/suites.h"

namespace nearfar::rig::test {
namespace {

/// A CSV file of numbers under one line of titles; text cells read as 0.
struct Table {
  std::vector<std::string> titles;
  std::vector<std::vector<double>> rows;

  explicit Table(const std::filesystem::path& path) {
    std::ifstream in(path);
    std::string line;
    std::getline(in, line);
    titles = split(line);
    while (std::getline(in, line)) {
      std::vector<double> row;
      for (const std::string& cell : split(line)) row.push_back(std::strtod(cell.c_str(), nullptr));
      rows.push_back(row);
    }
  }

  static std::vector<std::string> split(const std::string& line) {
    std::vector<std::string> cells;
    std::istringstream in(line);
    for (std::string cell; std::getline(in, cell, ',');) cells.push_back(cell);
    return cells;
  }

  /// A column at the bands of a table of 10 nm steps from 400 nm.
  Spectrum at_bands(std::size_t column, double scale = 1) const {
    Spectrum s;
    for (std::size_t i = 0; i < kBandCount; ++i) s.v[i] = static_cast<float>(rows.at(2 * i).at(column) * scale);
    return s;
  }
};

double rms_difference(const Spectrum& a, const Spectrum& b) {
  double sum = 0;
  for (std::size_t i = 0; i < kBandCount; ++i) sum += std::pow(a.v[i] - b.v[i], 2);
  return std::sqrt(sum / kBandCount);
}

double mean(const Spectrum& s) { return dot(s, Spectrum::constant(1.0f / kBandCount)); }

void expect_reflectance(const Spectrum& s, const std::string& what) {
  expect(std::all_of(s.v.begin(), s.v.end(), [](float v) { return v > 0 && v < 1; }), what + " lies between 0 and 1");
}

void lights_have_mean_one() {
  expect_near(mean(strobe_light()), 1, 1e-5, "strobe");
  expect_near(mean(continuous_light()), 1, 1e-5, "continuous");
}

void illuminants_are_daylight() {
  const auto path = shared_data("color/spectra-observer-illuminants.csv");
  if (!path) return;
  const Table table(*path);
  expect(rms_difference(illuminant_d50(), table.at_bands(4, 0.01)) < 0.001, "D50");
  expect(rms_difference(illuminant_d65(), table.at_bands(6, 0.01)) < 0.001, "D65");
}

void color_differences_after_sharma() {
  const auto path = shared_data("color/ciede2000.csv");
  if (!path) return;
  const Table table(*path);
  const auto column = [&](const std::string& title) {
    const auto at = std::find(table.titles.begin(), table.titles.end(), title);
    expect(at != table.titles.end(), "no column " + title);
    return static_cast<std::size_t>(at - table.titles.begin());
  };
  for (const auto& row : table.rows) {
    const Lab first{row[column("L1")], row[column("a1")], row[column("b1")]};
    const Lab second{row[column("L2")], row[column("a2")], row[column("b2")]};
    expect_near(delta_e_2000(first, second), row[column("dE00")], 5e-5, "pair");
  }
  expect(table.rows.size() == 34, "34 pairs");
}

/// X-Rite's Lab D50 of the chart after November 2014.
constexpr std::array<Lab, 24> kPublished = {{
    {37.54, 14.37, 14.92},  {64.66, 19.27, 17.50},  {49.32, -3.82, -22.54}, {43.46, -12.74, 22.72},
    {54.94, 9.61, -24.79},  {70.48, -32.26, -0.37}, {62.73, 35.83, 56.50},  {39.43, 10.75, -45.17},
    {50.57, 48.64, 16.67},  {30.10, 22.54, -20.87}, {71.77, -24.13, 58.19}, {71.51, 18.24, 67.37},
    {28.37, 15.42, -49.80}, {54.38, -39.72, 32.27}, {42.43, 51.05, 28.62},  {81.80, 2.67, 80.41},
    {50.63, 51.28, -14.12}, {49.57, -29.71, -28.32}, {95.19, -1.03, 2.93},  {81.29, -0.57, 0.44},
    {66.89, -0.75, -0.06},  {50.76, -0.13, 0.14},   {35.63, -0.46, -0.48},  {20.64, 0.07, -0.46},
}};

void patches_have_the_published_colors() {
  for (std::size_t i = 0; i < kPublished.size(); ++i) {
    const Spectrum& patch = color_checker_patches()[i];
    expect_reflectance(patch, "patch " + std::to_string(i));
    const double difference = delta_e_2000(lab_of(patch, illuminant_d50()), kPublished[i]);
    expect_near(difference, 0, 0.5, "dE00 of patch " + std::to_string(i));
  }
}

void patches_have_real_spectra() {
  const auto path = shared_data("color/spectra-colorchecker24.csv");
  if (!path) return;
  const Table table(*path);
  for (std::size_t i = 0; i < kPublished.size(); ++i) {
    expect_near(rms_difference(color_checker_patches()[i], table.at_bands(i + 1)), 0, 0.03, table.titles[i + 1]);
  }
}

void cameras_see_a_white_as_one() {
  for (const std::string model : {"a", "b"}) {
    const CameraSensitivity camera = camera_sensitivity(model);
    const double most = std::max({dot(camera.red, continuous_light()), dot(camera.green, continuous_light()),
                                  dot(camera.blue, continuous_light())});
    expect_near(most, 1, 1e-5, "the channel that sees most");
    expect_near(dot(camera.mono, continuous_light()), 1, 1e-5, "monochrome");
  }
}

using Matrix3 = std::array<std::array<double, 3>, 3>;

double determinant(const Matrix3& m) {
  return m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1]) - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0]) +
         m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0]);
}

std::array<double, 3> seen_by(const CameraSensitivity& camera, const Spectrum& reflectance) {
  const Spectrum light = reflectance * continuous_light();
  return {dot(camera.red, light), dot(camera.green, light), dot(camera.blue, light)};
}

/// Residual of the best 3x3 matrix from one camera to another over the chart: rms as a share of white.
double matrix_residual(const CameraSensitivity& from, const CameraSensitivity& to) {
  Matrix3 normal{}, mixed{};
  for (const Spectrum& patch : color_checker_patches()) {
    const auto x = seen_by(from, patch), y = seen_by(to, patch);
    for (int i = 0; i < 3; ++i) {
      for (int j = 0; j < 3; ++j) normal[i][j] += x[i] * x[j], mixed[i][j] += y[i] * x[j];
    }
  }
  double sum = 0;
  for (const Spectrum& patch : color_checker_patches()) {
    const auto x = seen_by(from, patch), y = seen_by(to, patch);
    for (int channel = 0; channel < 3; ++channel) {
      double predicted = 0;
      for (int k = 0; k < 3; ++k) {
        Matrix3 replaced = normal;
        for (int row = 0; row < 3; ++row) replaced[row][k] = mixed[channel][row];
        predicted += determinant(replaced) / determinant(normal) * x[k];
      }
      sum += std::pow(predicted - y[channel], 2);
    }
  }
  return std::sqrt(sum / (3 * 24));
}

void cameras_differ_by_more_than_a_matrix() {
  const double residual = matrix_residual(camera_sensitivity("b"), camera_sensitivity("a"));
  // Two measured cameras of different makers, both Bayer: 0.0016.
  expect(residual > 0.0016 && residual < 0.005, "residual of a 3x3 matrix: " + std::to_string(residual));
}

void cameras_from_measured_curves() {
  const auto path = shared_data("color/spectra-cameras.csv");
  if (!path) return;
  const CameraSensitivity nikon = camera_sensitivity(path->string() + "#nikon5100");
  expect_near(nikon.green.v[7] / nikon.red.v[7], 0.95 / 0.0795, 3, "green over red at 540 nm");
  expect(matrix_residual(camera_sensitivity(path->string() + "#canon5d2"), nikon) > 0.001, "cameras differ");
  expect_error<AssetError>("no column \"r\"", [&] { camera_sensitivity(path->string()); });
  expect_error<AssetError>("no column \"leica_R\"", [&] { camera_sensitivity(path->string() + "#leica"); });
}

/// Writes a file, hands its path over and removes it.
void with_file(const std::string& text, const std::function<void(const std::string&)>& use) {
  const auto path = std::filesystem::temp_directory_path() /
                    ("nearfar-curves-" + std::to_string(std::hash<std::string>{}(text)) + ".csv");
  std::ofstream(path) << text;
  try {
    use(path.string());
  } catch (...) {
    std::filesystem::remove(path);
    throw;
  }
  std::filesystem::remove(path);
}

void cameras_from_a_plain_file() {
  with_file("nm,r,g,b\n400,0,0,1\n550,0,1,0\n700,1,0,0\n", [](const std::string& path) {
    const CameraSensitivity camera = camera_sensitivity(path);
    expect_near(camera.blue.v[3] / camera.blue.v[0], 0.6, 1e-5, "straight line between the rows");
    expect_near(dot(camera.green, continuous_light()), 1, 1e-5, "green sees most");
  });
}

void cameras_that_cannot_be_read() {
  const auto refused = [](const std::string& text, const std::string& why) {
    with_file(text, [&](const std::string& path) {
      expect_error<AssetError>(why, [&] { camera_sensitivity(path); });
    });
  };
  expect_error<AssetError>("cannot be read", [] { camera_sensitivity("no-such-camera"); });
  refused("nm,r,g,b\n420,1,1,1\n700,1,1,1\n", "400 to 700 nm");
  refused("nm,r,g,b\n400,1,1,1\n500,1,,1\n700,1,1,1\n", "missing number");
  refused("nm,r,g,b\n400,1,1,1\n700,1,1,1\n600,1,1,1\n", "sorted");
  refused("nm,r,g,b\n400,0,0,0\n700,0,0,0\n", "no light");
  refused("", "no column");
}

void coating_halves_the_light() {
  for (const bool tint : {false, true}) {
    const Spectrum reflected = coating_reflectance(tint), passed = coating_transmittance(tint);
    expect_near(mean(reflected), 0.485, 1e-4, "mean reflectance");
    for (std::size_t i = 0; i < kBandCount; ++i) expect_near(reflected.v[i] + passed.v[i], 0.97, 1e-5, "absorption");
    const double span = reflected.v[kBandCount - 1] - reflected.v[0];
    expect_near(span, tint ? 0.1 : 0, 1e-5, "reflection is warmer by");
  }
}

void skin_reaches_its_typology_angle() {
  for (double ita = -60; ita <= 60; ita += 5) {
    const Spectrum skin = skin_reflectance(melanin_of_ita(ita), 0.035);
    expect_reflectance(skin, "skin");
    expect_near(typology_angle_deg(skin), ita, 0.1, "ITA");
  }
  expect(melanin_of_ita(-60) < 0.5 && melanin_of_ita(60) > 0.002, "the whole range is reached inside the model");
}

void blood_reddens() {
  for (const double ita : {50.0, 0.0, -50.0}) {
    const double melanin = melanin_of_ita(ita);
    const Lab pale = lab_of(skin_reflectance(melanin, 0.02), illuminant_d65());
    const Lab flushed = lab_of(skin_reflectance(melanin, 0.07), illuminant_d65());
    expect(flushed.lightness < pale.lightness && flushed.a - flushed.b > pale.a - pale.b, "redder and darker");
  }
}

void palette_follows_the_model() {
  const double melanin = melanin_of_ita(20);
  const SkinPalette palette(melanin);
  for (const float ratio : {0.55f, 1.0f, 1.37f, 2.6f}) {
    for (const float blood : {0.012f, 0.037f, 0.1f, 0.23f}) {
      const Spectrum exact = skin_reflectance(melanin * ratio, blood), fast = palette.at(ratio, blood);
      for (std::size_t i = 0; i < kBandCount; ++i) expect_near(fast.v[i] / exact.v[i], 1, 0.01, "share of the exact");
    }
  }
}

/// Least rms distance of the model to a measured skin over melanin and blood.
double best_skin_fit(const Spectrum& measured) {
  double best = 1;
  for (double melanin = 0.01; melanin <= 0.43; melanin *= 1.06) {
    for (double blood = 0.01; blood <= 0.1; blood *= 1.15) {
      best = std::min(best, rms_difference(skin_reflectance(melanin, blood), measured));
    }
  }
  return best;
}

void skin_is_like_measured_skin() {
  const auto path = shared_data("color/spectra-skin-and-other.csv");
  if (!path) return;
  const Table table(*path);
  for (std::size_t column = 1; column <= 4; ++column) {
    // The samples lack the dips of hemoglobin at 542 and 577 nm that living skin has: closer would be worse.
    expect_near(best_skin_fit(table.at_bands(column, 0.01)), 0, 0.045, table.titles[column]);
  }
}

void other_tissues_are_plausible() {
  const auto lightness = [](const Spectrum& s) { return lab_of(s, illuminant_d65()).lightness; };
  expect(lightness(hair_reflectance(0, 0)) > 55 && lightness(hair_reflectance(1, 0)) < 22, "blond to black hair");
  expect(lab_of(hair_reflectance(0.4, 1), illuminant_d65()).a > lab_of(hair_reflectance(0.4, 0), illuminant_d65()).a + 5,
         "red hair is red");
  for (int kind = 0; kind < 5; ++kind) expect_reflectance(iris_reflectance(kind), "iris");
  expect(lightness(iris_reflectance(0)) < 35, "brown irises are dark");
  expect(lab_of(iris_reflectance(3), illuminant_d65()).b < -10, "blue irises are blue");
  expect(lightness(sclera_reflectance()) > 70, "the white of the eye");
  expect_near(paper_white().v[8], 0.89, 0.02, "paper");
}

}  // namespace

void test_spectra(Suite& suite) {
  suite.run("spectra: lights have mean 1", lights_have_mean_one);
  suite.run("spectra: D50 and D65 are CIE daylight", illuminants_are_daylight);
  suite.run("spectra: CIEDE2000 gives the 34 published pairs", color_differences_after_sharma);
  suite.run("spectra: patches have the published Lab", patches_have_the_published_colors);
  suite.run("spectra: patches resemble measured ones", patches_have_real_spectra);
  suite.run("spectra: cameras see a white as 1", cameras_see_a_white_as_one);
  suite.run("spectra: cameras a and b differ by more than a matrix", cameras_differ_by_more_than_a_matrix);
  suite.run("spectra: cameras from measured curves", cameras_from_measured_curves);
  suite.run("spectra: cameras from a plain file", cameras_from_a_plain_file);
  suite.run("spectra: camera files that cannot be read", cameras_that_cannot_be_read);
  suite.run("spectra: the coating halves the light", coating_halves_the_light);
  suite.run("spectra: skin reaches its ITA", skin_reaches_its_typology_angle);
  suite.run("spectra: blood reddens skin", blood_reddens);
  suite.run("spectra: skin resembles measured skin", skin_is_like_measured_skin);
  suite.run("spectra: the skin palette follows the model", palette_follows_the_model);
  suite.run("spectra: hair, eyes and paper", other_tissues_are_plausible);
}

}  // namespace nearfar::rig::test
