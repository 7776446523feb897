#include "targets/board.h"

#include <memory>
#include <utility>

#include "spectra/spectra.h"
#include "targets/checker_pattern.h"
#include "targets/print_displacement.h"
#include "targets/sheet.h"

namespace nearfar::rig {
namespace {

constexpr float kPaperSpecular = 0.02f;

class PrintedMaterial : public Material {
 public:
  PrintedMaterial(const BoardDefinition& board, const PrintDisplacement& displacement)
      : pattern_(board), displacement_(displacement), paper_(paper_white()), ink_(printed_black()) {}

  void shade(const SurfacePoint& point, Surface& surface) const override {
    const auto [u, v] = displacement_.definition_at(point.u, point.v);
    surface = {};
    surface.diffuse = pattern_.black_at(u, v) ? ink_ : paper_;
    surface.specular = kPaperSpecular;
  }

 private:
  CheckerPattern pattern_;
  PrintDisplacement displacement_;
  Spectrum paper_;
  Spectrum ink_;
};

}  // namespace

void add_board(Object& object, const BoardDefinition& board, const PrintFlaws& flaws, const Rigid& T_object_board) {
  const PrintDisplacement displacement(board.pattern(), flaws.print_error_mm, flaws.seed);
  const SheetBend bend(board.sheet, flaws.bend_mm, flaws.seed);
  auto print = std::make_shared<PrintedMaterial>(board, displacement);
  object.meshes.push_back(front_of_sheet(board.sheet, bend, std::move(print), T_object_board));
  object.meshes.push_back(back_of_sheet(board.sheet, bend, T_object_board));
  PointSet corners{board.id, {}};
  for (int id = 0; id < inner_corner_count(board); ++id) {
    const Vec2 paper = displacement.paper_at(inner_corner(board, id));
    corners.points.push_back({id, T_object_board * bend.position(paper.x, paper.y)});
  }
  object.point_sets.push_back(std::move(corners));
}

}  // namespace nearfar::rig
