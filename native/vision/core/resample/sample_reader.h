#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "request.h"

namespace nearfar::vision::resample {

/// Rows of stored samples, from a file or from memory, as 16-bit words. Safe to use from several threads.
class SampleReader {
 public:
  /// The source must outlive it.
  /// @throws FileUnreadable, FileDamaged when the file is too short for its samples.
  explicit SampleReader(const Source& source);
  ~SampleReader();
  SampleReader(const SampleReader&) = delete;
  SampleReader& operator=(const SampleReader&) = delete;

  /// Pixels `from` up to, not including, `to` of a row; all samples of each.
  /// @throws FileDamaged, FileUnreadable.
  void read(int row, int from, int to, std::uint16_t* into) const;
  /// The same where they lie when they lie in memory as they are wanted, else as read into `scratch`.
  const std::uint16_t* view(int row, int from, int to, std::uint16_t* scratch) const;

 private:
  void read_bytes(std::uint64_t offset, std::size_t size, std::byte* into) const;

  const Source& source_;
  const FileSamples* file_ = nullptr;
  const std::byte* memory_ = nullptr;
  int descriptor_ = -1;
};

}  // namespace nearfar::vision::resample
