// The board's part of the control socket.
#pragma once

#include "board/board.h"
#include "control/control_server.h"

namespace nearfar::rig {

/// Registers ping, seed, pace, feedbackSource, inject, edges, status and the `link` and
/// `killedFirmware` members of faults. `board` must outlive `server`.
void register_board_ops(ControlServer& server, Board& board);

}  // namespace nearfar::rig
