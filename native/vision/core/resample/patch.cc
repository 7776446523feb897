#include "patch.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "cell_sums.h"
#include "simd.h"

namespace nearfar::vision::resample {
namespace {

/// Rows of a mosaic that are demosaicked at a time.
constexpr int slab_rows = 64;
/// Px of a mosaic around what is wanted: more than demosaicing looks at, and even, so that the pattern begins alike.
constexpr int mosaic_margin_px = 4;

/// IEC 61966-2-1.
double light_of_srgb(double signal) {
  return signal <= 0.04045 ? signal / 12.92 : std::pow((signal + 0.055) / 1.055, 2.4);
}

/// Lanczos' kernel of two lobes, stretched to the step. With a step of 2 the weights are, but for a hundredth, those of
/// the half-band filter -1 0 9 16 9 0 -1.
std::vector<float> cell_weights_for(int step) {
  if (step == 1) return {1};
  const auto sinc = [](double t) { return std::sin(std::numbers::pi * t) / (std::numbers::pi * t); };
  std::vector<double> weights{1};
  double sum = 1;
  for (int k = 1; k < 2 * step; ++k) {
    const double t = static_cast<double>(k) / step;
    weights.push_back(k % step == 0 ? 0 : sinc(t) * sinc(t / 2));
    sum += 2 * weights.back();
  }
  std::vector<float> shares;
  for (const double weight : weights) shares.push_back(static_cast<float>(weight / sum));
  return shares;
}

/// OpenCV names a pattern by the second row's second and third sample.
int conversion_of(Cfa cfa) {
  switch (cfa) {
    case Cfa::rggb: return cv::COLOR_BayerBG2RGB_EA;
    case Cfa::bggr: return cv::COLOR_BayerRG2RGB_EA;
    case Cfa::gbrg: return cv::COLOR_BayerGR2RGB_EA;
    case Cfa::grbg: return cv::COLOR_BayerGB2RGB_EA;
  }
  return cv::COLOR_BayerBG2RGB_EA;
}

void look_up(const std::uint16_t* samples, const float* light, float* into, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) into[i] = light[samples[i]];
}

NEARFAR_WIDE_CLONES
std::uint16_t greatest(const std::uint16_t* samples, std::size_t count) {
  std::uint16_t most = 0;
  for (std::size_t i = 0; i < count; ++i) most = std::max(most, samples[i]);
  return most;
}

}  // namespace

Decoding::Decoding(const Source& source, int step)
    : source_(source), step_(step), cell_weights_(cell_weights_for(step)) {
  const double range = source.white_level - source.black_level;
  const int values = source.bits_per_sample == 8 ? 256 : 65536;
  saturated_ = static_cast<int>(std::clamp(std::ceil(source.white_level), 0.0, 65536.0));
  if (source.srgb) {
    for (int value = 0; value < values; ++value) {
      light_.push_back(static_cast<float>(light_of_srgb((value - source.black_level) / range)));
    }
  }
  scale_ = static_cast<float>(1 / (source.srgb ? 1 : range));
  offset_ = static_cast<float>(source.srgb ? 0 : -source.black_level / range);
}

void Patch::load(const SampleReader& reader, const Area& area, const CancelFlag& flag) {
  const int channels = decoding_.source().channels();
  area_ = area;
  row_step_ = area.width() * (channels == 3 ? quad_lanes : 1) + lanes;
  cells_.resize(static_cast<std::size_t>(row_step_) * area.height());
  clipped_.assign(static_cast<std::size_t>(area.width()) * area.height(), 0);
  any_clipped_ = false;
  const std::size_t row_length = static_cast<std::size_t>(right_px() - left_px()) * channels;
  rows_.resize(decoding_.cell_px());
  scratch_.resize(decoding_.cell_px());
  for (auto& row : scratch_) row.resize(row_length);
  lights_.resize(decoding_.light().empty() ? 0 : decoding_.cell_px());
  for (auto& row : lights_) row.resize(row_length);
  // One more, which sums look at and which must be a number.
  sums_.resize(row_length + 1);
  if (decoding_.source().cfa) {
    load_mosaic(reader, flag);
  } else {
    load_full_color(reader, flag);
  }
}

void Patch::load_full_color(const SampleReader& reader, const CancelFlag& flag) {
  const int left = left_px(), right = right_px();
  for (int row = area_.top * decoding_.step(); row < bottom_px(); ++row) {
    flag.check();
    const std::uint16_t* const samples = reader.view(row, left, right, scratch(row));
    add_pixel_row(row, samples, samples);
  }
}

void Patch::load_mosaic(const SampleReader& reader, const CancelFlag& flag) {
  const Source& source = decoding_.source();
  const auto even = [](int px) { return px - px % 2; };
  const int left = std::max(0, even(left_px()) - mosaic_margin_px);
  const int right = std::min(source.width_px, right_px() + mosaic_margin_px);
  const int skipped = left_px() - left;
  for (int first = area_.top * decoding_.step(); first < bottom_px(); first += slab_rows) {
    flag.check();
    const int last = std::min(first + slab_rows, bottom_px());
    const int top = std::max(0, even(first) - mosaic_margin_px);
    const int bottom = std::min(source.height_px, last + mosaic_margin_px);
    cv::Mat mosaic(bottom - top, right - left, CV_16UC1);
    for (int row = top; row < bottom; ++row) reader.read(row, left, right, mosaic.ptr<std::uint16_t>(row - top));
    cv::Mat color;
    cv::cvtColor(mosaic, color, conversion_of(*source.cfa));
    for (int row = first; row < last; ++row) {
      const auto* const samples = color.ptr<std::uint16_t>(row - top) + static_cast<std::ptrdiff_t>(skipped) * 3;
      std::copy_n(samples, static_cast<std::ptrdiff_t>(right_px() - left_px()) * 3, scratch(row));
      add_pixel_row(row, scratch(row), mosaic.ptr<std::uint16_t>(row - top) + skipped);
    }
  }
}

void Patch::add_pixel_row(int row, const std::uint16_t* samples, const std::uint16_t* stored) {
  const int place = row % decoding_.cell_px();
  rows_[place] = samples;
  if (!lights_.empty()) {
    look_up(samples, decoding_.light().data(), lights_[place].data(), lights_[place].size());
  }
  mark_clipped(row, stored);
  const int before_end = row - (decoding_.cell_px() - 1);
  if (before_end >= area_.top * decoding_.step() && before_end % decoding_.step() == 0) {
    fill_cell_row(before_end / decoding_.step());
  }
}

void Patch::fill_cell_row(int row) {
  const int size = decoding_.cell_px(), middle = size / 2;
  const std::size_t count = sums_.size() - 1;
  const auto sum_in_order = [&](const auto& row_of) {
    std::vector<decltype(row_of(0))> rows;
    for (int k = 0; k < size; ++k) rows.push_back(row_of((row * decoding_.step() + k) % size));
    sum_down(rows.data() + middle, decoding_.cell_weights(), sums_.data(), count);
  };
  if (lights_.empty()) {
    sum_in_order([this](int place) { return rows_[place]; });
  } else {
    sum_in_order([this](int place) { return std::as_const(lights_[place]).data(); });
  }
  float* const into = &cells_[(row - area_.top) * row_step_];
  sum_across(sums_.data(), decoding_.source().channels(), decoding_.step(), decoding_.cell_weights(), area_.width(),
             into);
  // Where kernels have weights of 0.
  std::fill_n(into + row_step_ - lanes, lanes, 0.0F);
}

void Patch::mark_clipped(int row, const std::uint16_t* stored) {
  const int per_pixel = decoding_.source().samples_per_pixel;
  const std::size_t count = static_cast<std::size_t>(right_px() - left_px()) * per_pixel;
  if (greatest(stored, count) < decoding_.saturated()) return;
  any_clipped_ = true;
  const int step = decoding_.step(), middle = (decoding_.cell_px() - 1) / 2;
  // Pixels belong to the cells on either side of which they lie less than a step: those that weigh them most.
  const auto first = [&](int px) { return (std::max(0, px - middle - step + 1) + step - 1) / step; };
  const auto last = [&](int px) { return (px - middle + step - 1 < 0) ? -1 : (px - middle + step - 1) / step; };
  const auto rows_end = std::min(last(row - area_.top * step), area_.height() - 1);
  for (int cells = first(row - area_.top * step); cells <= rows_end; ++cells) {
    std::uint8_t* const marks = &clipped_[static_cast<std::size_t>(cells) * area_.width()];
    for (std::size_t i = 0; i < count; ++i) {
      if (stored[i] < decoding_.saturated()) continue;
      const int pixel = static_cast<int>(i) / per_pixel;
      const int columns_end = std::min(last(pixel), area_.width() - 1);
      for (int column = first(pixel); column <= columns_end; ++column) marks[column] = 1;
    }
  }
}

Cells Patch::cells() const {
  return {.first = cells_.data(),
          .row_step = row_step_,
          .color = decoding_.source().channels() == 3,
          .left = area_.left,
          .top = area_.top};
}

bool Patch::clipped(const Area& cells) const {
  const int left = std::max(cells.left, area_.left), right = std::min(cells.right, area_.right);
  const int top = std::max(cells.top, area_.top), bottom = std::min(cells.bottom, area_.bottom);
  for (int row = top; row < bottom; ++row) {
    const std::uint8_t* const marks = &clipped_[static_cast<std::size_t>(row - area_.top) * area_.width()];
    for (int column = left; column < right; ++column) {
      if (marks[column - area_.left] != 0) return true;
    }
  }
  return false;
}

}  // namespace nearfar::vision::resample
