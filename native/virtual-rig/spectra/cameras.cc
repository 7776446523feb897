// Cameras' sensitivities: two analytic models, and measured curves from a file.
#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <sstream>
#include <vector>

#include "base/asset_error.h"
#include "spectra/shapes.h"
#include "spectra/spectra.h"

namespace nearfar::rig {
namespace {

/// Brings raw curves to the scale that camera_sensitivity() promises.
CameraSensitivity scaled(const CameraSensitivity& s) {
  const Spectrum& light = continuous_light();
  const float most = std::max({dot(s.red, light), dot(s.green, light), dot(s.blue, light)});
  return {s.red * (1 / most), s.green * (1 / most), s.blue * (1 / most), s.mono * (1 / dot(s.mono, light))};
}

/// Silicon behind a cut filter for the infrared.
double silicon(double nm, double peak_nm, double cut_nm) {
  return skewed_gaussian(nm, peak_nm, 130, 210) * (1 - step_up(nm, cut_nm, 6));
}

/// An ordinary Bayer camera.
CameraSensitivity model_a() {
  const auto seen = [](auto filter) {
    return sample_bands([&](double nm) { return filter(nm) * silicon(nm, 540, 675); });
  };
  CameraSensitivity s;
  s.red = seen([](double nm) { return 0.85 * skewed_gaussian(nm, 602, 20, 45) + 0.07 * gaussian(nm, 530, 25); });
  s.green = seen([](double nm) { return skewed_gaussian(nm, 532, 38, 37); });
  s.blue = seen([](double nm) { return 1.05 * skewed_gaussian(nm, 458, 22, 33); });
  s.mono = seen([](double) { return 1.0; });
  return s;
}

/// Another maker's: wider red, green shifted down, blue shifted up, and red that leaks in the violet.
CameraSensitivity model_b() {
  const auto seen = [](auto filter) {
    return sample_bands([&](double nm) { return filter(nm) * silicon(nm, 570, 660); });
  };
  CameraSensitivity s;
  s.red = seen([](double nm) { return 0.75 * skewed_gaussian(nm, 594, 30, 60) + 0.10 * gaussian(nm, 435, 22); });
  s.green = seen([](double nm) { return 0.95 * skewed_gaussian(nm, 524, 34, 46) + 0.04 * gaussian(nm, 640, 30); });
  s.blue = seen([](double nm) { return 1.1 * skewed_gaussian(nm, 466, 30, 27) + 0.05 * gaussian(nm, 550, 30); });
  s.mono = seen([](double) { return 1.0; });
  return s;
}

struct Row {
  double nm;
  std::array<double, 3> rgb;
};

std::vector<std::string> cells(const std::string& line) {
  std::vector<std::string> out;
  std::istringstream in(line);
  for (std::string cell; std::getline(in, cell, ',');) {
    while (!cell.empty() && (cell.back() == '\r' || cell.back() == ' ')) cell.pop_back();
    out.push_back(cell);
  }
  return out;
}

/// Reads three columns of a file of curves.
class CurveFile {
 public:
  /// @param name "FILE.csv", or "FILE.csv#camera" for the columns camera_R, camera_G, camera_B.
  explicit CurveFile(const std::string& name) : name_(name) {
    const std::size_t mark = name.rfind('#');
    path_ = name.substr(0, mark);
    if (mark != std::string::npos) {
      const std::string camera = name.substr(mark + 1);
      columns_ = {camera + "_R", camera + "_G", camera + "_B"};
    }
  }

  std::vector<Row> read() const {
    std::ifstream in(path_);
    if (!in) fail("cannot be read; give \"a\", \"b\" or a CSV file with the columns nm, r, g, b");
    std::string line;
    std::getline(in, line);
    const std::vector<std::string> header = cells(line);
    const std::size_t nm = column(header, "nm");
    const std::array<std::size_t, 3> rgb = {column(header, columns_[0]), column(header, columns_[1]),
                                            column(header, columns_[2])};
    std::vector<Row> rows;
    while (std::getline(in, line)) {
      if (line.find_first_not_of(" \r") == std::string::npos) continue;
      const std::vector<std::string> values = cells(line);
      rows.push_back({number(values, nm), {number(values, rgb[0]), number(values, rgb[1]), number(values, rgb[2])}});
    }
    check(rows);
    return rows;
  }

 private:
  [[noreturn]] void fail(const std::string& why) const {
    throw AssetError("camera sensitivity \"" + name_ + "\": " + why);
  }

  std::size_t column(const std::vector<std::string>& header, const std::string& title) const {
    const auto at = std::find(header.begin(), header.end(), title);
    if (at == header.end()) {
      fail("has no column \"" + title + "\"; its header must be nm,r,g,b, or give FILE.csv#NAME to choose the " +
           "columns NAME_R, NAME_G, NAME_B");
    }
    return static_cast<std::size_t>(at - header.begin());
  }

  double number(const std::vector<std::string>& values, std::size_t at) const {
    try {
      return std::stod(values.at(at));
    } catch (const std::logic_error&) {
      fail("has a row with a missing number");
    }
  }

  void check(const std::vector<Row>& rows) const {
    const auto rises = [](const Row& a, const Row& b) { return a.nm >= b.nm; };
    if (std::adjacent_find(rows.begin(), rows.end(), rises) != rows.end()) fail("must be sorted by nm");
    if (rows.empty() || rows.front().nm > band_nm(0) || rows.back().nm < band_nm(kBandCount - 1)) {
      fail("must reach from 400 to 700 nm");
    }
    const auto dark = [](const Row& row) { return row.rgb[0] <= 0 && row.rgb[1] <= 0 && row.rgb[2] <= 0; };
    if (std::all_of(rows.begin(), rows.end(), dark)) fail("sees no light at all");
  }

  std::string name_;
  std::string path_;
  std::array<std::string, 3> columns_ = {"r", "g", "b"};
};

/// Straight lines between the rows.
Spectrum channel_at_bands(const std::vector<Row>& rows, std::size_t channel) {
  return sample_bands([&](double nm) {
    const auto below = [](const Row& row, double at) { return row.nm < at; };
    const auto above = std::lower_bound(rows.begin(), rows.end(), nm, below);
    if (above == rows.begin()) return above->rgb[channel];
    const Row& low = *(above - 1);
    return std::lerp(low.rgb[channel], above->rgb[channel], (nm - low.nm) / (above->nm - low.nm));
  });
}

CameraSensitivity measured(const std::string& name) {
  const std::vector<Row> rows = CurveFile(name).read();
  CameraSensitivity s{channel_at_bands(rows, 0), channel_at_bands(rows, 1), channel_at_bands(rows, 2), {}};
  s.mono = s.red + s.green + s.blue;
  return s;
}

}  // namespace

CameraSensitivity camera_sensitivity(const std::string& model) {
  if (model == "a") return scaled(model_a());
  if (model == "b") return scaled(model_b());
  return scaled(measured(model));
}

}  // namespace nearfar::rig
