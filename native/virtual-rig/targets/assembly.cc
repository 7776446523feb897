#include <array>
#include <memory>

#include "cameras/scene/random.h"
#include "targets/board.h"
#include "targets/sheet.h"

namespace nearfar::rig {
namespace {

/// Matte black card.
constexpr float kCardReflectance = 0.04f;

double squared_diagonal(const SizeMm& size) { return size.width * size.width + size.height * size.height; }

/// The four sides of a square tube along z.
Mesh tube(const Vec2& centre, double side_mm, double front_z, double back_z) {
  const double r = side_mm / 2;
  const std::array<Vec2, 4> around{{{-r, -r}, {r, -r}, {r, r}, {-r, r}}};
  Mesh mesh;
  for (std::size_t side = 0; side < 4; ++side) {
    const Vec2 &from = around[side], &to = around[(side + 1) % 4];
    const Vec3 normal = normalized({from.x + to.x, from.y + to.y, 0});
    const auto first = static_cast<std::uint32_t>(mesh.positions.size());
    for (const double z : {front_z, back_z}) {
      for (const Vec2& corner : {from, to}) {
        mesh.positions.push_back(to_float({centre.x + corner.x, centre.y + corner.y, z}));
        mesh.normals.push_back(to_float(normal));
        mesh.uvs.push_back({0, 0});
      }
    }
    mesh.triangles.insert(mesh.triangles.end(),
                          {{first, first + 1, first + 2}, {first + 1, first + 3, first + 2}});
  }
  return mesh;
}

}  // namespace

Object assembled(const AssemblyDefinition& assembly, const PrintFlaws& flaws) {
  Object object;
  for (std::size_t i = 0; i < assembly.boards.size(); ++i) {
    const auto& [board, T_target_board] = assembly.boards[i];
    const double size_share = squared_diagonal(board.sheet) / squared_diagonal(assembly.base);
    const PrintFlaws own{flaws.print_error_mm, flaws.bend_mm * size_share, mix_seed({flaws.seed, i})};
    add_board(object, board, own, T_target_board);
  }
  const auto card = std::make_shared<PlainMaterial>(Spectrum::constant(kCardReflectance));
  const SheetBend flat(assembly.base, 0, 0);
  const Rigid T_target_base{{}, {0, 0, assembly.base_z_mm}};
  object.meshes.push_back(front_of_sheet(assembly.base, flat, card, T_target_base));
  object.meshes.push_back(back_of_sheet(assembly.base, flat, T_target_base));
  for (const PostDefinition& post : assembly.posts) {
    const Vec3 top = assembly.boards[post.board].T_target_board.translation;
    // A little behind the board's back, so that a bent board does not cut it.
    Mesh mesh = tube({top.x, top.y}, post.side_mm, top.z + 2 * kBoardThicknessMm, assembly.base_z_mm);
    mesh.material = card;
    object.meshes.push_back(std::move(mesh));
  }
  return object;
}

}  // namespace nearfar::rig
