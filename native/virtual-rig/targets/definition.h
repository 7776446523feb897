// Definition files of targets (src/schema/target.ts) as structs.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <variant>
#include <vector>

#include "optics/vec.h"

namespace nearfar::rig {

struct SizeMm {
  double width = 0;
  double height = 0;
};

/// A chessboard, or a ChArUco board when it has markers.
struct BoardDefinition {
  std::string id;
  int squares_x = 0;
  int squares_y = 0;
  double square_mm = 0;
  bool top_left_black = true;
  SizeMm sheet;
  double marker_mm = 0;
  /// The 36 bits of each marker row-major from its top left, the first one highest; 1 is white. Markers
  /// stand row-major in the white squares.
  std::vector<std::uint64_t> marker_bits;

  SizeMm pattern() const { return {squares_x * square_mm, squares_y * square_mm}; }
};

struct AssembledBoard {
  BoardDefinition board;
  Rigid T_target_board;
};

/// A square tube from the base to the back of a board.
struct PostDefinition {
  /// Of `AssemblyDefinition::boards`.
  std::size_t board = 0;
  double side_mm = 0;
};

struct AssemblyDefinition {
  std::vector<AssembledBoard> boards;
  SizeMm base;
  /// Front of the base.
  double base_z_mm = 0;
  std::vector<PostDefinition> posts;
};

struct ColorChartDefinition {
  SizeMm body;
  int columns = 0;
  int rows = 0;
  double patch_mm = 0;
  double pitch_mm = 0;
};

using TargetDefinition = std::variant<BoardDefinition, AssemblyDefinition, ColorChartDefinition>;

/// Throws AssetError naming the file and what is wrong with it.
TargetDefinition read_target_definition(const std::filesystem::path& path);

}  // namespace nearfar::rig
