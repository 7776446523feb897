// Where tests find data that is too large or not ours to keep in the repository.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>

namespace nearfar::rig::test {

/// A file or folder of the shared data: $NEARFAR_SHARED_DATA, else ../shared/data beside the repository.
/// Absent: prints a sentence, and the test that asked returns.
inline std::optional<std::filesystem::path> shared_data(const std::string& name) {
  const char* set = std::getenv("NEARFAR_SHARED_DATA");
  const std::filesystem::path repository = std::filesystem::path(__FILE__).parent_path() / "../../..";
  const std::filesystem::path root = set != nullptr ? std::filesystem::path(set) : repository / "../shared/data";
  const std::filesystem::path found = root / name;
  if (std::filesystem::exists(found)) return found;
  std::printf("skip  %s is not there: set NEARFAR_SHARED_DATA to the folder of the shared data\n", name.c_str());
  return std::nullopt;
}

}  // namespace nearfar::rig::test
