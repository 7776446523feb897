#pragma once

#include <arv.h>

#include <memory>
#include <string>

namespace nearfar::aravis {

struct ObjectUnref {
  void operator()(gpointer object) const { g_object_unref(object); }
};
/// Owns one reference of a GObject.
template <typename T>
using ObjectPtr = std::unique_ptr<T, ObjectUnref>;

struct GFree {
  void operator()(gpointer memory) const { g_free(memory); }
};
/// Owns memory of g_malloc (the `dup` calls of Aravis return arrays of borrowed strings in it).
template <typename T>
using GlibPtr = std::unique_ptr<T, GFree>;

/// Receives the GError of Aravis calls and throws it as a CameraError.
class ErrorSlot {
 public:
  ErrorSlot() = default;
  ErrorSlot(const ErrorSlot&) = delete;
  ErrorSlot& operator=(const ErrorSlot&) = delete;
  ~ErrorSlot() { g_clear_error(&error_); }

  /// For the `GError**` argument; may be used again once `check` has returned.
  GError** out() { return &error_; }
  bool failed() const { return error_ != nullptr; }
  /// Forgets a failure that does not matter.
  void clear() { g_clear_error(&error_); }
  /// Throws the failure, if there is one. `doing` completes the sentence "cannot …".
  void check(const std::string& doing);

 private:
  GError* error_ = nullptr;
};

/// The text, or an empty string for null.
inline std::string text_of(const char* text) { return text == nullptr ? std::string() : std::string(text); }

}  // namespace nearfar::aravis
