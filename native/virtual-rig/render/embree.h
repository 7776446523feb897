// Embree 3 and 4 behind one face: the few calls that differ between them, and handles that release themselves.
#pragma once

#if defined(NEARFAR_EMBREE_4)
#include <embree4/rtcore.h>
#else
#include <embree3/rtcore.h>
#endif

#include <memory>
#include <stdexcept>
#include <type_traits>

namespace nearfar::rig {

struct EmbreeRelease {
  void operator()(RTCDevice device) const { rtcReleaseDevice(device); }
  void operator()(RTCScene scene) const { rtcReleaseScene(scene); }
};
using EmbreeDevice = std::unique_ptr<std::remove_pointer_t<RTCDevice>, EmbreeRelease>;
using EmbreeScene = std::unique_ptr<std::remove_pointer_t<RTCScene>, EmbreeRelease>;

/// Throws std::runtime_error where Embree does not run.
inline EmbreeDevice new_embree_device() {
  // One thread: the trees, and with them every tie between triangles, are then the same each time.
  EmbreeDevice device(rtcNewDevice("threads=1"));
  if (!device) throw std::runtime_error("Embree, the ray tracer, could not start on this processor");
  return device;
}

/// Rays of a packet.
inline constexpr int kPacket = 8;

/// Finds the first hits of neighbouring rays.
/// @param valid -1 for a ray to trace, 0 for one to leave alone; 32-byte aligned, like `rays`.
inline void intersect_packet(RTCScene scene, const int* valid, RTCRayHit8& rays) {
#if defined(NEARFAR_EMBREE_4)
  RTCIntersectArguments arguments;
  rtcInitIntersectArguments(&arguments);
  arguments.flags = RTC_RAY_QUERY_FLAG_COHERENT;
  rtcIntersect8(valid, scene, &rays, &arguments);
#else
  RTCIntersectContext context;
  rtcInitIntersectContext(&context);
  context.flags = RTC_INTERSECT_CONTEXT_FLAG_COHERENT;
  rtcIntersect8(valid, scene, &context, &rays);
#endif
}

/// Finds whether rays meet anything; `tfar` of those that do becomes negative.
inline void occlude_packet(RTCScene scene, const int* valid, RTCRay8& rays) {
#if defined(NEARFAR_EMBREE_4)
  rtcOccluded8(valid, scene, &rays, nullptr);
#else
  RTCIntersectContext context;
  rtcInitIntersectContext(&context);
  rtcOccluded8(valid, scene, &context, &rays);
#endif
}

inline void intersect_one(RTCScene scene, RTCRayHit& ray) {
#if defined(NEARFAR_EMBREE_4)
  rtcIntersect1(scene, &ray, nullptr);
#else
  RTCIntersectContext context;
  rtcInitIntersectContext(&context);
  rtcIntersect1(scene, &context, &ray);
#endif
}

}  // namespace nearfar::rig
