// NumPy files (.npy, format version 1.0): little endian, C order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

namespace nearfar::rig {

/// Writes `values` as an array of this shape under a temporary name in the same folder and renames it,
/// so that no reader ever meets half a file and a failure leaves none behind.
/// Throws AssetError when the folder does not exist or the file cannot be written,
/// std::invalid_argument when the shape does not hold as many values.
void write_npy(const std::filesystem::path& path, std::span<const float> values, const std::vector<std::size_t>& shape);
void write_npy(const std::filesystem::path& path, std::span<const std::uint8_t> values,
               const std::vector<std::size_t>& shape);
void write_npy(const std::filesystem::path& path, std::span<const std::uint16_t> values,
               const std::vector<std::size_t>& shape);

}  // namespace nearfar::rig
