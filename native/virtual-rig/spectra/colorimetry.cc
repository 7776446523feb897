#include "spectra/colorimetry.h"

#include <array>
#include <cmath>
#include <cstdlib>

#include "optics/vec.h"
#include "spectra/shapes.h"

namespace nearfar::rig {
namespace {

struct Observer {
  std::array<double, kBandCount> x, y, z;
};

/// Multi-lobe fits of the CIE 1931 observer: Wyman, Sloan, Shirley, JCGT 2(2) 2013, table 1.
Observer make_observer() {
  Observer o{};
  for (std::size_t i = 0; i < kBandCount; ++i) {
    const double nm = band_nm(i);
    o.x[i] = 1.056 * skewed_gaussian(nm, 599.8, 37.9, 31.0) + 0.362 * skewed_gaussian(nm, 442.0, 16.0, 26.7) -
             0.065 * skewed_gaussian(nm, 501.1, 20.4, 26.2);
    o.y[i] = 0.821 * skewed_gaussian(nm, 568.8, 46.9, 40.5) + 0.286 * skewed_gaussian(nm, 530.9, 16.3, 31.1);
    o.z[i] = 1.217 * skewed_gaussian(nm, 437.0, 11.8, 36.0) + 0.681 * skewed_gaussian(nm, 459.0, 26.0, 13.8);
  }
  return o;
}

const Observer& observer() {
  static const Observer o = make_observer();
  return o;
}

/// The CIE daylight model (CIE 15): mean and two components at the bands.
constexpr std::array<double, kBandCount> kS0 = {94.8,  105.9, 113.9, 125.5, 121.3, 113.1, 106.5, 105.3,
                                                100.0, 95.1,  90.5,  88.4,  85.1,  82.6,  81.3,  74.3};
constexpr std::array<double, kBandCount> kS1 = {43.4, 43.9, 36.7, 32.6, 24.3, 16.2,  8.6,   4.2,
                                                0.0,  -3.5, -5.8, -8.6, -10.9, -12.0, -13.6, -13.3};
constexpr std::array<double, kBandCount> kS2 = {-1.1, -0.7, -2.6, -2.8, -2.6, -1.5, -1.2, -0.5,
                                                0.0,  0.5,  3.2,  4.7,  6.7,  8.6,  10.2, 9.6};

/// @param kelvin nominal correlated color temperature, 4000 to 7000.
Spectrum daylight(double kelvin) {
  // The nominal temperatures were named before the second radiation constant became 1.4388 cm K.
  const double t = kelvin * 1.4388 / 1.438;
  const double x = -4.6070e9 / (t * t * t) + 2.9678e6 / (t * t) + 99.11 / t + 0.244063;
  const double y = -3 * x * x + 2.87 * x - 0.275;
  const double m = 0.0241 + 0.2562 * x - 0.7341 * y;
  const double m1 = (-1.3515 - 1.7703 * x + 5.9114 * y) / m;
  const double m2 = (0.03 - 31.4424 * x + 30.0717 * y) / m;
  Spectrum s;
  for (std::size_t i = 0; i < kBandCount; ++i) s.v[i] = static_cast<float>((kS0[i] + m1 * kS1[i] + m2 * kS2[i]) / 100);
  return s;
}

double lab_root(double share) {
  constexpr double kKnee = 6.0 / 29;
  return share > kKnee * kKnee * kKnee ? std::cbrt(share) : share / (3 * kKnee * kKnee) + 4.0 / 29;
}

double hue_deg(double a, double b) {
  const double h = std::atan2(b, a) / kRadPerDeg;
  return h < 0 ? h + 360 : h;
}

/// The chroma-dependent factor of CIEDE2000.
double chroma_weight(double chroma) {
  const double c7 = std::pow(chroma, 7);
  return std::sqrt(c7 / (c7 + std::pow(25.0, 7)));
}

struct HuePair {
  double difference_deg;
  double mean_deg;
};

/// Difference within ±180° and the mean on the shorter arc.
HuePair compare_hues(double first_deg, double second_deg) {
  const double raw = second_deg - first_deg;
  if (std::abs(raw) <= 180) return {raw, (first_deg + second_deg) / 2};
  const double mean = (first_deg + second_deg) / 2;
  return {raw > 0 ? raw - 360 : raw + 360, mean < 180 ? mean + 180 : mean - 180};
}

double cos_deg(double deg) { return std::cos(deg * kRadPerDeg); }

}  // namespace

const Spectrum& illuminant_d50() {
  static const Spectrum s = daylight(5000);
  return s;
}

const Spectrum& illuminant_d65() {
  static const Spectrum s = daylight(6500);
  return s;
}

std::array<double, 3> relative_xyz(const Spectrum& reflectance, const Spectrum& illuminant) {
  const Observer& o = observer();
  std::array<double, 3> color{}, white{};
  for (std::size_t i = 0; i < kBandCount; ++i) {
    const std::array<double, 3> seen = {o.x[i], o.y[i], o.z[i]};
    for (std::size_t k = 0; k < 3; ++k) {
      white[k] += illuminant.v[i] * seen[k];
      color[k] += illuminant.v[i] * seen[k] * reflectance.v[i];
    }
  }
  return {color[0] / white[0], color[1] / white[1], color[2] / white[2]};
}

Lab lab_of(const Spectrum& reflectance, const Spectrum& illuminant) {
  const auto [x, y, z] = relative_xyz(reflectance, illuminant);
  const double fx = lab_root(x), fy = lab_root(y), fz = lab_root(z);
  return {116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)};
}

double typology_angle_deg(const Spectrum& reflectance) {
  const Lab lab = lab_of(reflectance, illuminant_d65());
  return std::atan2(lab.lightness - 50, lab.b) / kRadPerDeg;
}

double delta_e_2000(const Lab& first, const Lab& second) {
  const double g = 0.5 * (1 - chroma_weight((std::hypot(first.a, first.b) + std::hypot(second.a, second.b)) / 2));
  const double a1 = first.a * (1 + g), a2 = second.a * (1 + g);
  const double c1 = std::hypot(a1, first.b), c2 = std::hypot(a2, second.b), c = (c1 + c2) / 2;
  const HuePair hue = c1 * c2 == 0 ? HuePair{0, hue_deg(a1 + a2, first.b + second.b)}
                                   : compare_hues(hue_deg(a1, first.b), hue_deg(a2, second.b));
  const double h = hue.mean_deg;
  const double t = 1 - 0.17 * cos_deg(h - 30) + 0.24 * cos_deg(2 * h) + 0.32 * cos_deg(3 * h + 6) -
                   0.2 * cos_deg(4 * h - 63);
  const double from_mid = std::pow((first.lightness + second.lightness) / 2 - 50, 2);
  const double dl = (second.lightness - first.lightness) / (1 + 0.015 * from_mid / std::sqrt(20 + from_mid));
  const double dc = (c2 - c1) / (1 + 0.045 * c);
  const double dh = 2 * std::sqrt(c1 * c2) * std::sin(hue.difference_deg / 2 * kRadPerDeg) / (1 + 0.015 * c * t);
  const double turn = 60 * std::exp(-std::pow((h - 275) / 25, 2));
  const double rotation = -2 * chroma_weight(c) * std::sin(turn * kRadPerDeg);
  return std::sqrt(dl * dl + dc * dc + dh * dh + rotation * dc * dh);
}

}  // namespace nearfar::rig
