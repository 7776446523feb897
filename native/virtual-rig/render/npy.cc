#include "render/npy.h"

#include <unistd.h>

#include <bit>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <string>
#include <system_error>

#include "base/asset_error.h"

namespace nearfar::rig {

namespace {

static_assert(std::endian::native == std::endian::little, "the values are written as they lie in memory");

/// Magic, version, header length and the Python dictionary, padded so that the data start at a multiple of 64.
std::string npy_header(const char* dtype, const std::vector<std::size_t>& shape) {
  std::string tuple;
  for (const std::size_t extent : shape) tuple += std::to_string(extent) + ", ";
  if (shape.size() > 1) tuple.resize(tuple.size() - 2);
  std::string text = std::string("{'descr': '") + dtype + "', 'fortran_order': False, 'shape': (" + tuple + "), }";
  constexpr std::size_t kPreamble = 10;
  while ((kPreamble + text.size() + 1) % 64 != 0) text += ' ';
  text += '\n';
  std::string header = "\x93NUMPY\x01";
  header += '\0';
  header += static_cast<char>(text.size() & 0xFF);
  header += static_cast<char>(text.size() >> 8);
  return header + text;
}

/// Removes the file at its end unless it has been renamed.
class TemporaryFile {
 public:
  explicit TemporaryFile(std::filesystem::path path) : path_(std::move(path)) {}
  ~TemporaryFile() {
    std::error_code ignored;
    if (!renamed_) std::filesystem::remove(path_, ignored);
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  void rename_to(const std::filesystem::path& target) {
    std::error_code error;
    std::filesystem::rename(path_, target, error);
    if (error) throw AssetError("cannot write " + target.string() + ": " + error.message());
    renamed_ = true;
  }

 private:
  std::filesystem::path path_;
  bool renamed_ = false;
};

void write_whole_file(const std::filesystem::path& path, std::span<const std::byte> head,
                      std::span<const std::byte> body) {
  const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
  std::error_code ignored;
  if (!std::filesystem::is_directory(folder, ignored))
    throw AssetError("there is no folder " + folder.string() + " to write into: create it first");
  const std::filesystem::path temporary_path = path.string() + "." + std::to_string(::getpid()) + ".part";
  TemporaryFile temporary(temporary_path);
  std::ofstream out(temporary_path, std::ios::binary | std::ios::trunc);
  for (const auto bytes : {head, body})
    out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  out.close();
  if (!out) throw AssetError("cannot write " + path.string() + ": " + std::strerror(errno));
  temporary.rename_to(path);
}

template <typename Value>
void write_array(const std::filesystem::path& path, const char* dtype, std::span<const Value> values,
                 const std::vector<std::size_t>& shape) {
  std::size_t count = 1;
  for (const std::size_t extent : shape) count *= extent;
  if (count != values.size()) throw std::invalid_argument("the array's shape does not hold its values");
  const std::string header = npy_header(dtype, shape);
  write_whole_file(path, std::as_bytes(std::span(header)), std::as_bytes(values));
}

}  // namespace

void write_npy(const std::filesystem::path& path, std::span<const float> values,
               const std::vector<std::size_t>& shape) {
  write_array(path, "<f4", values, shape);
}

void write_npy(const std::filesystem::path& path, std::span<const std::uint8_t> values,
               const std::vector<std::size_t>& shape) {
  write_array(path, "|u1", values, shape);
}

void write_npy(const std::filesystem::path& path, std::span<const std::uint16_t> values,
               const std::vector<std::size_t>& shape) {
  write_array(path, "<u2", values, shape);
}

}  // namespace nearfar::rig
