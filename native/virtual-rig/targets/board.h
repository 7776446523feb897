// Printed boards as meshes with their corners.
#pragma once

#include "targets/definition.h"
#include "targets/targets.h"

namespace nearfar::rig {

/// Adds the board at its pose; its point set has the board's id.
void add_board(Object& object, const BoardDefinition& board, const PrintFlaws& flaws, const Rigid& T_object_board);

/// Boards on posts before a dark base.
Object assembled(const AssemblyDefinition& assembly, const PrintFlaws& flaws);

/// Patches on a dark body; point set "patches" holds their centres.
Object color_chart(const ColorChartDefinition& chart);

/// An emitter of 0.5 mm before black velvet; point set "point-light" holds its centre.
Object point_light();

}  // namespace nearfar::rig
