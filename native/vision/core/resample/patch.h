#pragma once

#include <cstdint>
#include <vector>

#include "../cancel_flag.h"
#include "convolve.h"
#include "sample_reader.h"

namespace nearfar::vision::resample {

/// Cells of the stored frame, or pixels: from the first up to, not including, the last.
struct Area {
  int left = 0;
  int top = 0;
  int right = 0;
  int bottom = 0;

  int width() const { return right - left; }
  int height() const { return bottom - top; }
};

/// How samples become what is resampled: shares of light, full color, and where the frame is shrunk a lot a cell for
/// every `step` pixels in both directions. A cell is a mean of the pixels around it with the weights of Lanczos' kernel
/// of two lobes, which holds off what cells could not tell from coarser detail.
class Decoding {
 public:
  Decoding(const Source& source, int step);

  const Source& source() const { return source_; }
  int step() const { return step_; }
  /// Of a cell's pixels in each direction, from its middle outwards; they and their mirror images sum to 1.
  const std::vector<float>& cell_weights() const { return cell_weights_; }
  /// Side of a cell, an odd number.
  int cell_px() const { return 2 * static_cast<int>(cell_weights_.size()) - 1; }
  /// Of cells that lie wholly in the frame.
  int columns() const { return cells_in(source_.width_px); }
  int rows() const { return cells_in(source_.height_px); }
  /// In cells, of a place in pixels.
  double cell_place(double px) const { return (px - (cell_px() - 1) / 2) / step_; }
  /// Light of each sample value; empty where light is linear in the samples.
  const std::vector<float>& light() const { return light_; }
  /// Share of light = scale × weighted sum of samples, or of their light, + offset.
  float scale() const { return scale_; }
  float offset() const { return offset_; }
  /// Least saturated sample; 65536: none is.
  int saturated() const { return saturated_; }

 private:
  int cells_in(int px) const { return px < cell_px() ? 0 : (px - cell_px()) / step_ + 1; }

  const Source& source_;
  int step_;
  std::vector<float> cell_weights_;
  std::vector<float> light_;
  float scale_;
  float offset_;
  int saturated_;
};

/// Part of the frame, decoded. Its memory is used again for the next part.
class Patch {
 public:
  explicit Patch(const Decoding& decoding) : decoding_(decoding) {}

  /// @param area cells, within the frame.
  void load(const SampleReader& reader, const Area& area, const CancelFlag& flag);

  /// In samples, or in their light.
  Cells cells() const;
  bool any_clipped() const { return any_clipped_; }
  /// Whether a saturated sample lies in these cells of the frame; cells outside the area have none.
  bool clipped(const Area& cells) const;

 private:
  void load_full_color(const SampleReader& reader, const CancelFlag& flag);
  void load_mosaic(const SampleReader& reader, const CancelFlag& flag);
  /// First and end of the area's pixels.
  int left_px() const { return area_.left * decoding_.step(); }
  int right_px() const { return (area_.right - 1) * decoding_.step() + decoding_.cell_px(); }
  int bottom_px() const { return (area_.bottom - 1) * decoding_.step() + decoding_.cell_px(); }
  /// Rows of pixels, as wide as the area's pixels, are added from the top down.
  /// @param row of pixels in the frame. @param samples full color; they stay while a cell can need them.
  /// @param stored as the file has them.
  void add_pixel_row(int row, const std::uint16_t* samples, const std::uint16_t* stored);
  /// Where a row of pixels can stay that lies nowhere yet.
  std::uint16_t* scratch(int row) { return scratch_[row % decoding_.cell_px()].data(); }
  /// Of a row of cells in the frame, from its pixels.
  void fill_cell_row(int row);
  /// @param row of pixels in the frame.
  void mark_clipped(int row, const std::uint16_t* stored);

  const Decoding& decoding_;
  Area area_;
  std::ptrdiff_t row_step_ = 0;
  std::vector<float> cells_;
  /// The last rows of pixels, as many as a cell has, and the light of each if it is not linear; row y at y modulo that.
  std::vector<const std::uint16_t*> rows_;
  std::vector<std::vector<std::uint16_t>> scratch_;
  std::vector<std::vector<float>> lights_;
  std::vector<float> sums_;
  std::vector<std::uint8_t> clipped_;
  bool any_clipped_ = false;
};

}  // namespace nearfar::vision::resample
