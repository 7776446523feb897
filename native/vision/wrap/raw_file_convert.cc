#include "raw_file_convert.h"

#include <memory>

namespace nearfar::vision {
namespace {

using resample::Cfa;

const char* name_of(Cfa cfa) {
  switch (cfa) {
    case Cfa::rggb: return "RGGB";
    case Cfa::bggr: return "BGGR";
    case Cfa::gbrg: return "GBRG";
    case Cfa::grbg: return "GRBG";
  }
  return "";
}

}  // namespace

Napi::Value raw_file_to(Napi::Env env, const RawFile& file) {
  using Owner = std::shared_ptr<const void>;
  auto owner = std::make_unique<Owner>(file.owner);
  const auto buffer = Napi::ArrayBuffer::New(
      env, file.samples.data(), file.samples.size_bytes(),
      [](Napi::Env, void*, Owner* kept) { std::unique_ptr<Owner>{kept}.reset(); }, owner.get());
  // The buffer's end frees it from here on.
  owner.release();
  Napi::Object object = Napi::Object::New(env);
  object.Set("samples", Napi::Uint16Array::New(env, file.samples.size(), buffer, 0));
  object.Set("widthPx", file.width_px);
  object.Set("heightPx", file.height_px);
  object.Set("cfa", name_of(file.cfa));
  object.Set("blackLevel", file.black_level);
  object.Set("whiteLevel", file.white_level);
  object.Set("rotationDeg", file.rotation_deg);
  object.Set("camera", file.camera);
  return object;
}

}  // namespace nearfar::vision
