#include "read_value.h"

#include <cmath>

namespace nearfar::addon {

void reject_type(Napi::Env env, const std::string& what, const std::string& expected) {
  throw Napi::TypeError::New(env, what + " must be " + expected);
}

Napi::Object object_from(const Napi::Value& value, const char* what) {
  if (!value.IsObject()) reject_type(value.Env(), what, "an object");
  return value.As<Napi::Object>();
}

std::string text_from(const Napi::Object& object, const char* name) {
  const Napi::Value value = object.Get(name);
  if (!value.IsString()) reject_type(object.Env(), name, "a string");
  return value.As<Napi::String>().Utf8Value();
}

bool flag_from(const Napi::Object& object, const char* name) {
  const Napi::Value value = object.Get(name);
  if (!value.IsBoolean()) reject_type(object.Env(), name, "true or false");
  return value.As<Napi::Boolean>().Value();
}

double number_from(const Napi::Object& object, const char* name) {
  const Napi::Value value = object.Get(name);
  if (!value.IsNumber()) reject_type(object.Env(), name, "a number");
  return value.As<Napi::Number>().DoubleValue();
}

int integer_from(const Napi::Object& object, const char* name) {
  const double number = number_from(object, name);
  const bool representable = number >= 0 && number <= 1'000'000 && number == std::floor(number);
  if (!representable) reject_type(object.Env(), name, "an integer from 0 to 1000000");
  return static_cast<int>(number);
}

}  // namespace nearfar::addon
