#pragma once

#include <cstring>

/// A function compiled for several machines, the version for this one being chosen when the addon is loaded. All give
/// the same numbers: they do the same operations in the same order, however many lanes at once, and nothing is
/// contracted to fused operations. Not with the sanitizers, which cannot be running yet when it is chosen.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__)
#define NEARFAR_WIDE_CLONES __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define NEARFAR_WIDE_CLONES
#endif

namespace nearfar::vision::resample {

/// Floats that are computed on at a time; rows of weights and of cells are padded by as many.
constexpr int lanes = 16;
/// Of a pixel: three channels and one that means nothing.
constexpr int quad_lanes = 4;

using Vector = float __attribute__((vector_size(lanes * sizeof(float))));
using Half = float __attribute__((vector_size(lanes / 2 * sizeof(float))));
using Quad = float __attribute__((vector_size(quad_lanes * sizeof(float))));

// References, because how vectors are handed over depends on the machine.

template <typename Lanes>
[[gnu::always_inline]] inline void load(Lanes& into, const void* from) {
  std::memcpy(&into, from, sizeof into);
}
template <typename Lanes>
[[gnu::always_inline]] inline void store(const Lanes& from, void* into) {
  std::memcpy(into, &from, sizeof from);
}

/// Sums of every fourth lane, in a fixed order.
[[gnu::always_inline]] inline void quad_sum(const Vector& v, Quad& sum) {
  const Half half = __builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7) +
                    __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15);
  sum = __builtin_shufflevector(half, half, 0, 1, 2, 3) + __builtin_shufflevector(half, half, 4, 5, 6, 7);
}

}  // namespace nearfar::vision::resample
