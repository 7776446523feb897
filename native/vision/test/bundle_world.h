#pragma once

#include <random>

#include "../core/bundle/problem.h"

namespace nearfar::vision::test {

/// A camera of 640 × 480 px with every Brown term, at the world's origin.
bundle::Camera wide_camera();

/// Corners 20 mm apart in a plane.
bundle::Board flat_board(int columns, int rows);

/// Adds views of board 0 that fill the first camera's image, tilted up to 40° and turned by any angle, each seen whole
/// by all cameras without any noise.
void add_views(bundle::Problem& problem, int count, std::mt19937& random);

/// Puts exact projections of the problem's own numbers, with `shape_mm` added to the places of board 0, into the
/// observations.
void observe(bundle::Problem& problem, const std::vector<double>& shape_mm = {});

/// Adds normal noise to all observations.
void add_noise(bundle::Problem& problem, double sigma_px, std::mt19937& random);

/// Moves free intrinsics by a percent, and free poses of views and cameras a little, as start values would be off.
void disturb(bundle::Problem& problem, std::mt19937& random);

/// One wide camera, `views` views of a board of 9 × 6 corners, noise-free.
bundle::Problem single_camera_world(int views, std::mt19937& random);

/// Two wide cameras 60 mm apart on the same views.
bundle::Problem pair_world(int views, std::mt19937& random);

}  // namespace nearfar::vision::test
