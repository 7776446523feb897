#pragma once

#include <cstring>

/// A function compiled for several machines, the version for this one being chosen when the addon is loaded. All give
/// the same numbers: they do the same operations in the same order, however many lanes at once, and nothing is
/// contracted to fused operations. Not with the sanitizers, which cannot be running yet when it is chosen.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__)
#define NEARFAR_WIDE_CLONES __attribute__((target_clones("avx512f", "avx2", "default")))
/// One of those versions, written out: for vectors, which the compiler handles well only as wide as the machine's own.
#define NEARFAR_VERSION_FOR(machine) __attribute__((target(machine)))
#else
#define NEARFAR_WIDE_CLONES
#endif

namespace nearfar::vision::resample {

/// Floats that the widest machines compute on at a time; rows of weights and of cells are padded by as many.
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

}  // namespace nearfar::vision::resample
