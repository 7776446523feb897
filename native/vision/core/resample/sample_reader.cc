#include "sample_reader.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bit>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "../file_error.h"

namespace nearfar::vision::resample {
namespace {

/// Rows are mostly looked at from the top down: parts of this one are fetched while others are computed on.
constexpr int rows_ahead = 4;
constexpr std::size_t cache_line_bytes = 64;

[[noreturn]] void fail(const std::string& path, const char* what) {
  throw FileUnreadable(path + " cannot be " + what + ": " + std::generic_category().message(errno));
}

/// The first `count` bytes there become words; from the end, because each word overwrites bytes after its own.
void widen(std::uint16_t* samples, std::size_t count) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(samples);
  for (std::size_t i = count; i-- > 0;) samples[i] = bytes[i];
}

void swap_bytes(std::uint16_t* samples, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) samples[i] = static_cast<std::uint16_t>(samples[i] << 8 | samples[i] >> 8);
}

}  // namespace

SampleReader::SampleReader(const Source& source) : source_(source) {
  if (const auto* memory = std::get_if<MemorySamples>(&source.samples)) {
    memory_ = memory->bytes.get();
    return;
  }
  file_ = &std::get<FileSamples>(source.samples);
  descriptor_ = ::open(file_->path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor_ < 0) fail(file_->path, "opened");
  struct stat status{};
  const bool known = ::fstat(descriptor_, &status) == 0;
  const std::uint64_t needed = file_->byte_offset + source.row_bytes() * source.height_px;
  if (known && static_cast<std::uint64_t>(status.st_size) >= needed) return;
  ::close(descriptor_);
  if (!known) fail(file_->path, "looked at");
  throw FileDamaged(file_->path + " is cut short: it has " + std::to_string(status.st_size) + " bytes where " +
                    std::to_string(needed) + " belong");
}

SampleReader::~SampleReader() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void SampleReader::read(int row, int from, int to, std::uint16_t* into) const {
  const std::size_t bytes_per_sample = source_.bits_per_sample / 8;
  const std::size_t count = static_cast<std::size_t>(to - from) * source_.samples_per_pixel;
  const std::uint64_t offset = static_cast<std::uint64_t>(row) * source_.row_bytes() +
                               static_cast<std::uint64_t>(from) * source_.samples_per_pixel * bytes_per_sample;
  read_bytes(offset, count * bytes_per_sample, reinterpret_cast<std::byte*>(into));
  if (bytes_per_sample == 1) {
    widen(into, count);
  } else if (file_ != nullptr && file_->little_endian != (std::endian::native == std::endian::little)) {
    swap_bytes(into, count);
  }
}

const std::uint16_t* SampleReader::view(int row, int from, int to, std::uint16_t* scratch) const {
  if (memory_ != nullptr && source_.bits_per_sample == 16) {
    const std::size_t pixel = static_cast<std::size_t>(row) * source_.width_px + from;
    const std::byte* const first = memory_ + pixel * source_.samples_per_pixel * sizeof *scratch;
    if (row + rows_ahead < source_.height_px) {
      const std::size_t size = static_cast<std::size_t>(to - from) * source_.samples_per_pixel * sizeof *scratch;
      const std::byte* const next = first + rows_ahead * source_.row_bytes();
      for (std::size_t i = 0; i < size; i += cache_line_bytes) __builtin_prefetch(next + i);
    }
    return reinterpret_cast<const std::uint16_t*>(first);
  }
  read(row, from, to, scratch);
  return scratch;
}

void SampleReader::read_bytes(std::uint64_t offset, std::size_t size, std::byte* into) const {
  if (file_ == nullptr) {
    std::memcpy(into, memory_ + offset, size);
    return;
  }
  for (std::size_t done = 0; done < size;) {
    const ssize_t got =
        ::pread(descriptor_, into + done, size - done, static_cast<off_t>(file_->byte_offset + offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail(file_->path, "read");
    if (got == 0) throw FileDamaged(file_->path + " was cut short while it was read");
    done += static_cast<std::size_t>(got);
  }
}

}  // namespace nearfar::vision::resample
