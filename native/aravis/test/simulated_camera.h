#pragma once

#include <arv.h>

#include <atomic>
#include <cstdint>
#include <string>

#include "../core/glib_handles.h"

namespace nearfar::aravis::test {

/// A GigE Vision camera of libaravis on a loopback address of this process alone, found by
/// discovery like any other. The test program's own getifaddrs lists that address, so neither
/// privileges nor a network alias are needed.
class SimulatedCamera {
 public:
  explicit SimulatedCamera(const std::string& serial);

  /// An edge on Line0: one frame, all of whose bytes are `value`.
  void trigger(std::uint8_t value);
  /// From now on an edge every frame period, whatever the trigger mode says.
  void run_freely();

 private:
  void fill(ArvBuffer* buffer);
  void write(std::uint32_t address, std::uint32_t value);

  ObjectPtr<ArvGvFakeCamera> server_;
  ArvFakeCamera* camera_;
  std::atomic<std::uint8_t> value_{0};
};

}  // namespace nearfar::aravis::test
