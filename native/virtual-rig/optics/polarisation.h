#pragma once

namespace nearfar::rig {

/// Which way the light from what stands before the rig swings, by the plane of the plate's normal and the ray: `s`
/// across it (vertically, the plate being turned about the vertical), `p` in it.
enum class Polarisation { none, s, p };

}  // namespace nearfar::rig
