#include "subjects/subject.h"

#include "subjects/head/head.h"
#include "subjects/ict_face_kit.h"
#include "subjects/skin_texture.h"

namespace nearfar::rig {

const std::vector<std::string>& expression_names() {
  static const std::vector<std::string> names{"neutral", "smile", "surprise", "frown", "eyes-closed"};
  return names;
}

std::shared_ptr<const Object> build_subject(const SubjectSpec& spec, double eyelid_closure,
                                            const AssetFolders& folders) {
  if (spec.source == "head")
    return head::build_head(head::draw_traits(spec.identity), head::action_of(spec.expression, eyelid_closure),
                            SkinTexture(spec.skin_contrast, spec.identity));
  if (spec.source == "ict") {
    if (folders.ict_face_kit.empty())
      throw AssetError(
          "Subjects of source \"ict\" need an ICT-FaceKit folder; give its path as virtual.ictFaceKit, "
          "or use source \"head\".");
    return build_ict_subject(spec, eyelid_closure, folders.ict_face_kit);
  }
  throw AssetError("There is no subject source \"" + spec.source + "\"; there are \"head\" and \"ict\".");
}

}  // namespace nearfar::rig
