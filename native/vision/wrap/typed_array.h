#pragma once

#include <napi.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <vector>

#include "read_value.h"

namespace nearfar::vision {

/// Elements of JS typed arrays, copied in and out. JS thread; a value of another type throws a JS TypeError.

/// @param type its napi name, @param expected its name in JS.
template <typename Element>
std::vector<Element> numbers_of(const Napi::Value& value, const char* name, napi_typedarray_type type,
                                const char* expected) {
  if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != type) {
    reject_type(value.Env(), name, expected);
  }
  const auto array = value.As<Napi::TypedArrayOf<Element>>();
  return {array.Data(), array.Data() + array.ElementLength()};
}

inline std::vector<std::uint8_t> bytes_from(const Napi::Object& object, const char* name) {
  return numbers_of<std::uint8_t>(object.Get(name), name, napi_uint8_array, "a Uint8Array");
}

/// Of what `element` makes of each item.
template <typename TypedArray, typename Items, typename Element = std::identity>
TypedArray array_of(Napi::Env env, const Items& items, Element element = {}) {
  TypedArray array = TypedArray::New(env, items.size());
  std::transform(items.begin(), items.end(), array.Data(), element);
  return array;
}

}  // namespace nearfar::vision
