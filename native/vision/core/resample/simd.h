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

/// Floats that are computed on at a time; rows of weights and of samples are padded to a multiple of it.
constexpr int lanes = 16;

using Vector = float __attribute__((vector_size(lanes * sizeof(float))));

// References, because how vectors are handed over depends on the machine.

[[gnu::always_inline]] inline void load(Vector& into, const float* from) { std::memcpy(&into, from, sizeof into); }
[[gnu::always_inline]] inline void store(const Vector& from, float* into) { std::memcpy(into, &from, sizeof from); }

}  // namespace nearfar::vision::resample
