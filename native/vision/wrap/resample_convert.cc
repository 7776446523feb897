#include "resample_convert.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

#include "read_value.h"
#include "typed_array.h"

namespace nearfar::vision {
namespace {

using resample::Cfa;
using resample::FileSamples;
using resample::MemorySamples;
using resample::Source;

std::optional<Cfa> cfa_from(const Napi::Object& source) {
  if (source.Get("cfa").IsNull()) return std::nullopt;
  const std::string name = text_from(source, "cfa");
  if (name == "RGGB") return Cfa::rggb;
  if (name == "BGGR") return Cfa::bggr;
  if (name == "GBRG") return Cfa::gbrg;
  if (name == "GRBG") return Cfa::grbg;
  reject_type(source.Env(), "cfa", "RGGB, BGGR, GBRG, GRBG or null");
}

/// Whether no JS can take the memory away, as it can by handing an array's buffer to another thread.
bool is_shared(const Napi::TypedArray& array) {
  napi_value buffer = nullptr;
  bool own = true;
  napi_get_typedarray_info(array.Env(), array, nullptr, nullptr, nullptr, &buffer, nullptr);
  napi_is_arraybuffer(array.Env(), buffer, &own);
  return !own;
}

/// @param source gets the bits per sample that the array's type tells.
MemorySamples memory_samples_from(const Napi::TypedArray& array, Source& source) {
  const bool words = array.TypedArrayType() == napi_uint16_array;
  if (!words && array.TypedArrayType() != napi_uint8_array) {
    reject_type(array.Env(), "samples", "a Uint16Array, a Uint8Array or a place in a file");
  }
  source.bits_per_sample = words ? 16 : 8;
  // Not by ArrayBuffer(), which samples in shared memory do not have.
  void* data = nullptr;
  napi_get_typedarray_info(array.Env(), array, nullptr, nullptr, &data, nullptr, nullptr);
  const std::size_t size = array.ByteLength();
  if (is_shared(array)) return {{static_cast<const std::byte*>(data), [](const std::byte*) {}}, size};
  std::shared_ptr<std::byte[]> copy = std::make_unique_for_overwrite<std::byte[]>(size);
  if (size > 0) std::memcpy(copy.get(), data, size);
  return {std::move(copy), size};
}

FileSamples file_samples_from(const Napi::Value& value) {
  const Napi::Object place = object_from(value, "samples");
  const double offset = number_from(place, "byteOffset");
  if (!(offset >= 0 && offset < 9e15)) reject_type(value.Env(), "byteOffset", "a number of bytes");
  return {text_from(place, "path"), static_cast<std::uint64_t>(offset), flag_from(place, "littleEndian")};
}

Source source_from(const Napi::Value& value) {
  const Napi::Object object = object_from(value, "source");
  Source source;
  source.bits_per_sample = integer_from(object, "bitsPerSample");
  source.width_px = integer_from(object, "widthPx");
  source.height_px = integer_from(object, "heightPx");
  source.samples_per_pixel = integer_from(object, "samplesPerPixel");
  source.cfa = cfa_from(object);
  source.srgb = text_from(object, "transfer") == "srgb";
  source.black_level = number_from(object, "blackLevel");
  source.white_level = number_from(object, "whiteLevel");
  const Napi::Object mount = object_from(object.Get("mount"), "mount");
  source.mount = {integer_from(mount, "rotationDeg"), flag_from(mount, "mirrored")};
  const Napi::Value samples = object.Get("samples");
  if (samples.IsTypedArray()) {
    source.samples = memory_samples_from(samples.As<Napi::TypedArray>(), source);
  } else {
    source.samples = file_samples_from(samples);
  }
  return source;
}

/// An array of numbers, of any of the given lengths.
template <std::size_t greatest, typename Number = double>
std::size_t numbers_into(std::array<Number, greatest>& into, const Napi::Value& value, const char* name,
                         std::initializer_list<std::size_t> lengths) {
  std::string expected = "an array of ";
  for (const std::size_t length : lengths) {
    expected += (length == *lengths.begin() ? "" : " or ") + std::to_string(length);
  }
  expected += " numbers";
  if (!value.IsArray()) reject_type(value.Env(), name, expected);
  const auto array = value.As<Napi::Array>();
  const std::size_t length = array.Length();
  if (std::find(lengths.begin(), lengths.end(), length) == lengths.end()) reject_type(value.Env(), name, expected);
  for (std::uint32_t i = 0; i < length; ++i) {
    const Napi::Value number = array.Get(i);
    if (!number.IsNumber()) reject_type(value.Env(), name, expected);
    into[i] = static_cast<Number>(number.As<Napi::Number>().DoubleValue());
  }
  return length;
}

std::array<double, 9> nine_from(const Napi::Object& object, const char* name) {
  std::array<double, 9> numbers;
  numbers_into(numbers, object.Get(name), name, {9});
  return numbers;
}

std::variant<resample::CameraMap, resample::HomographyMap> map_from(const Napi::Value& value) {
  const Napi::Object map = object_from(value, "map");
  if (text_from(map, "kind") == "homography") return resample::HomographyMap{nine_from(map, "homography")};
  return resample::CameraMap{nine_from(map, "rayOfPixel"), nine_from(map, "intrinsics")};
}

std::optional<resample::Flat> flat_from(const Napi::Value& value) {
  if (value.IsNull()) return std::nullopt;
  const Napi::Object flat = object_from(value, "flat");
  return resample::Flat{
      integer_from(flat, "columns"), integer_from(flat, "rows"),
      numbers_of<float>(flat.Get("gains"), "gains", napi_float32_array, "a Float32Array")};
}

resample::ColorStep color_step_from(const Napi::Value& value) {
  if (!value.IsArray() || value.As<Napi::Array>().Length() != 3) reject_type(value.Env(), "color", "steps of 3 rows");
  const auto rows = value.As<Napi::Array>();
  resample::ColorStep step;
  for (std::uint32_t row = 0; row < 3; ++row) {
    std::array<float, 6> weights{};
    const std::size_t terms = numbers_into(weights, rows.Get(row), "color", {3, 6});
    if (row > 0 && static_cast<int>(terms) != step.terms) reject_type(value.Env(), "color", "rows of equal length");
    step.terms = static_cast<int>(terms);
    std::copy_n(weights.begin(), terms, step.weights.begin() + static_cast<std::ptrdiff_t>(row * terms));
  }
  return step;
}

std::vector<resample::ColorStep> color_from(const Napi::Value& value) {
  if (!value.IsArray()) reject_type(value.Env(), "color", "an array of steps");
  const auto array = value.As<Napi::Array>();
  std::vector<resample::ColorStep> steps;
  for (std::uint32_t i = 0; i < array.Length(); ++i) steps.push_back(color_step_from(array.Get(i)));
  return steps;
}

}  // namespace

resample::Request resample_request_from(const Napi::Value& value) {
  const Napi::Object object = object_from(value, "the request");
  resample::Request request;
  request.source = source_from(object.Get("source"));
  request.map = map_from(object.Get("map"));
  request.width_px = integer_from(object, "widthPx");
  request.height_px = integer_from(object, "heightPx");
  if (const Napi::Value dark = object.Get("dark"); !dark.IsNull()) numbers_into(request.dark, dark, "dark", {3});
  request.flat = flat_from(object.Get("flat"));
  request.color = color_from(object.Get("color"));
  request.white = number_from(object, "white");
  return request;
}

Napi::Object samples_in_place(const Napi::Value& request) {
  const Napi::Value samples = request.As<Napi::Object>().Get("source").As<Napi::Object>().Get("samples");
  const bool in_place = samples.IsTypedArray() && is_shared(samples.As<Napi::TypedArray>());
  return in_place ? samples.As<Napi::Object>() : Napi::Object();
}

Napi::Value resampled_to(Napi::Env env, const resample::Result& result) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("widthPx", result.width_px);
  object.Set("heightPx", result.height_px);
  object.Set("channels", result.channels);
  object.Set("samples", array_of<Napi::Uint16Array>(env, result.samples));
  object.Set("flags", array_of<Napi::Uint8Array>(env, result.flags));
  object.Set("validPx", static_cast<double>(result.valid_px));
  object.Set("clippedPx", static_cast<double>(result.clipped_px));
  object.Set("sourcePxPerPx", result.source_px_per_px);
  return object;
}

}  // namespace nearfar::vision
