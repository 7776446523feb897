// Members of JS objects, read on the JS thread.
#pragma once

#include <napi.h>

#include <string>

namespace nearfar::addon {

/// A value of the wrong type throws a JS TypeError that names it.

[[noreturn]] void reject_type(Napi::Env env, const std::string& what, const std::string& expected);

Napi::Object object_from(const Napi::Value& value, const char* what);
std::string text_from(const Napi::Object& object, const char* name);
bool flag_from(const Napi::Object& object, const char* name);
double number_from(const Napi::Object& object, const char* name);
/// 0 to 1000000.
int integer_from(const Napi::Object& object, const char* name);

}  // namespace nearfar::addon
