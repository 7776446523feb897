// Spectra on the renderer's bands: 16 samples from 400 to 700 nm in steps of 20 nm.
#pragma once

#include <array>
#include <cstddef>

namespace nearfar::rig {

inline constexpr std::size_t kBandCount = 16;
inline constexpr double kFirstBandNm = 400;
inline constexpr double kBandStepNm = 20;

constexpr double band_nm(std::size_t band) { return kFirstBandNm + kBandStepNm * static_cast<double>(band); }

/// Reflectance, transmittance (0 to 1), relative radiance or relative sensitivity, by band.
struct Spectrum {
  alignas(64) std::array<float, kBandCount> v{};

  static Spectrum constant(float value) {
    Spectrum s;
    s.v.fill(value);
    return s;
  }
  Spectrum& operator+=(const Spectrum& o) {
    for (std::size_t i = 0; i < kBandCount; ++i) v[i] += o.v[i];
    return *this;
  }
  Spectrum& operator*=(const Spectrum& o) {
    for (std::size_t i = 0; i < kBandCount; ++i) v[i] *= o.v[i];
    return *this;
  }
  Spectrum& operator*=(float s) {
    for (float& x : v) x *= s;
    return *this;
  }
  friend Spectrum operator*(const Spectrum& a, const Spectrum& b) { return Spectrum(a) *= b; }
  friend Spectrum operator*(const Spectrum& a, float s) { return Spectrum(a) *= s; }
  friend Spectrum operator+(const Spectrum& a, const Spectrum& b) { return Spectrum(a) += b; }
};

inline float dot(const Spectrum& a, const Spectrum& b) {
  float sum = 0;
  for (std::size_t i = 0; i < kBandCount; ++i) sum += a.v[i] * b.v[i];
  return sum;
}

}  // namespace nearfar::rig
