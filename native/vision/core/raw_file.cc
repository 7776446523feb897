#include "raw_file.h"

#include <fcntl.h>
#include <libraw/libraw.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <new>
#include <optional>
#include <system_error>
#include <tuple>
#include <vector>

#include "file_error.h"

namespace nearfar::vision {
namespace {

/// What LibRaw's callbacks are told of one file.
struct Watch {
  const CancelFlag& flag;
  bool damaged = false;
};

void check_readable(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) throw FileUnreadable(path + " cannot be opened: " + std::generic_category().message(errno));
  ::close(descriptor);
}

/// @param status of a call to LibRaw.
void check(int status, const std::string& path, const Watch& watch) {
  watch.flag.check();
  if (status == LIBRAW_UNSUFFICIENT_MEMORY) throw std::bad_alloc();
  if (status == LIBRAW_FILE_UNSUPPORTED) throw FileDamaged(path + " is not a raw file that LibRaw knows");
  if (status != LIBRAW_SUCCESS || watch.damaged) {
    const char* const why = status == LIBRAW_SUCCESS ? "its data end early or are damaged" : LibRaw::strerror(status);
    throw FileDamaged(path + " is a damaged raw file: " + why);
  }
}

std::optional<resample::Cfa> cfa_of(LibRaw& raw) {
  const auto& [filters, description] = std::tie(raw.imgdata.idata.filters, raw.imgdata.idata.cdesc);
  // Below 1000 LibRaw means patterns of its own: 9 is X-Trans.
  if (filters < 1000 || raw.is_fuji_rotated() != 0) return std::nullopt;
  const auto color = [&](int row, int column) { return description[raw.COLOR(row, column)]; };
  for (int row = 2; row < 8; ++row) {
    for (int column = 0; column < 2; ++column) {
      if (color(row, column) != color(row % 2, column)) return std::nullopt;
    }
  }
  const std::string pattern{color(0, 0), color(0, 1), color(1, 0), color(1, 1)};
  if (pattern == "RGGB") return resample::Cfa::rggb;
  if (pattern == "BGGR") return resample::Cfa::bggr;
  if (pattern == "GBRG") return resample::Cfa::gbrg;
  if (pattern == "GRBG") return resample::Cfa::grbg;
  return std::nullopt;
}

/// Of a pixel of the visible area: of the file, of the color and of the place.
unsigned black_at(LibRaw& raw, int row, int column) {
  const auto& color = raw.imgdata.color;
  const unsigned rows = color.cblack[4], columns = color.cblack[5];
  const unsigned place =
      rows * columns > 0 && rows * columns <= std::size(color.cblack) - 6
          ? color.cblack[6 + static_cast<unsigned>(row) % rows * columns + static_cast<unsigned>(column) % columns]
          : 0;
  return color.black + color.cblack[raw.COLOR(row, column)] + place;
}

/// Moves the visible area to the front of the buffer, adding what each color's black level lacks of the greatest.
/// @returns the greatest black level.
unsigned pack_visible(LibRaw& raw) {
  const auto& sizes = raw.imgdata.sizes;
  const auto& pattern = raw.imgdata.color.cblack;
  // A period of the pattern of places together with the colors'.
  const int rows = 2 * std::clamp<int>(static_cast<int>(pattern[4]), 1, 64);
  const int columns = 2 * std::clamp<int>(static_cast<int>(pattern[5]), 1, 64);
  std::vector<unsigned> blacks;
  for (int row = 0; row < rows; ++row) {
    for (int column = 0; column < columns; ++column) blacks.push_back(black_at(raw, row, column));
  }
  const unsigned greatest = *std::max_element(blacks.begin(), blacks.end());
  const std::size_t pitch = sizes.raw_pitch / sizeof(std::uint16_t);
  std::uint16_t* const samples = raw.imgdata.rawdata.raw_image;
  for (int row = 0; row < sizes.height; ++row) {
    const std::uint16_t* const from = samples + (row + sizes.top_margin) * pitch + sizes.left_margin;
    std::uint16_t* const into = samples + static_cast<std::size_t>(row) * sizes.width;
    for (int column = 0; column < sizes.width; ++column) {
      const unsigned lacking = greatest - blacks[row % rows * columns + column % columns];
      into[column] = static_cast<std::uint16_t>(std::min(from[column] + lacking, 65535U));
    }
  }
  return greatest;
}

/// LibRaw's 5 is a quarter turn counter-clockwise.
int rotation_of(int flip) { return flip == 3 ? 180 : flip == 5 ? 270 : flip == 6 ? 90 : 0; }

void check_layout(const LibRaw& raw, const std::string& path) {
  const auto& sizes = raw.imgdata.sizes;
  if (raw.imgdata.rawdata.raw_image == nullptr) {
    throw FileDamaged(path + " holds no mosaic of 16-bit samples: only raw files of 2 × 2 color filters are read");
  }
  const bool fits = sizes.width > 0 && sizes.height > 0 && sizes.left_margin + sizes.width <= sizes.raw_width &&
                    sizes.top_margin + sizes.height <= sizes.raw_height &&
                    sizes.raw_pitch >= sizes.raw_width * sizeof(std::uint16_t);
  if (!fits) throw FileDamaged(path + " is a damaged raw file: its visible area is not within its samples");
}

}  // namespace

RawFile read_raw_file(const std::string& path, const CancelFlag& flag) {
  check_readable(path);
  const auto raw = std::make_shared<LibRaw>();
  Watch watch{flag};
  // The offset is of another type in other versions of LibRaw.
  raw->set_dataerror_handler([](void* data, const char*, auto) { static_cast<Watch*>(data)->damaged = true; },
                             &watch);
  raw->set_progress_handler(
      [](void* data, LibRaw_progress, int, int) { return static_cast<Watch*>(data)->flag.is_cancelled() ? 1 : 0; },
      &watch);
  check(raw->open_file(path.c_str()), path, watch);
  check(raw->unpack(), path, watch);
  check_layout(*raw, path);
  const std::optional<resample::Cfa> cfa = cfa_of(*raw);
  if (!cfa) throw FileDamaged(path + " has another color filter than Bayer's 2 × 2, which is all that is read");
  raw->set_dataerror_handler(nullptr, nullptr);
  raw->set_progress_handler(nullptr, nullptr);
  const auto& sizes = raw->imgdata.sizes;
  const auto& names = raw->imgdata.idata;
  const unsigned black = pack_visible(*raw);
  const unsigned white = raw->imgdata.color.maximum;
  if (white <= black || white > 65535) throw FileDamaged(path + " is a damaged raw file: its levels make no sense");
  return {.owner = raw,
          .samples = {raw->imgdata.rawdata.raw_image, static_cast<std::size_t>(sizes.width) * sizes.height},
          .width_px = sizes.width,
          .height_px = sizes.height,
          .cfa = *cfa,
          .black_level = static_cast<int>(black),
          .white_level = static_cast<int>(white),
          .rotation_deg = rotation_of(sizes.flip),
          .camera = std::string(names.make) + " " + names.model};
}

}  // namespace nearfar::vision
