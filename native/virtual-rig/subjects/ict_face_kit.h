// Heads out of an ICT-FaceKit folder (github.com/ICT-VGL/ICT-FaceKit): the kit's shapes, our own skin.
#pragma once

#include <filesystem>
#include <memory>

#include "subjects/mesh.h"
#include "world/world.h"

namespace nearfar::rig {

namespace ict {
struct KitData;
}

/// A folder, read once. Immutable and thread-safe.
class IctFaceKit {
 public:
  /// Reads the official layout (FaceXModel/*.obj, the folder itself or its parent) or the packed form
  /// (one .json with the format "ict-facekit-pack/1" and its .bin); takes 0.1 s packed, seconds official.
  /// Throws AssetError saying what is missing.
  static IctFaceKit load(const std::filesystem::path& folder);

  /// Shape from the kit's identity modes, skin, hair and eyes drawn as for the project's own head.
  /// Point set "landmarks68" is left out when the folder does not say which vertices they are.
  /// Throws AssetError for an unknown expression or one whose shapes the folder lacks.
  std::shared_ptr<const Object> build(const SubjectSpec& spec, double eyelid_closure) const;

 private:
  explicit IctFaceKit(std::shared_ptr<const ict::KitData> data) : data_(std::move(data)) {}
  std::shared_ptr<const ict::KitData> data_;
};

/// Reads the folder and builds one head: IctFaceKit::load(folder).build(spec, eyelid_closure).
std::shared_ptr<const Object> build_ict_subject(const SubjectSpec& spec, double eyelid_closure,
                                                const std::filesystem::path& folder);

}  // namespace nearfar::rig
