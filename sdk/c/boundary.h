// What every function of the C interface does at its edge: nothing is thrown over it, and a text is a pointer and a size.
#ifndef RESCIND_SDK_C_BOUNDARY_H_
#define RESCIND_SDK_C_BOUNDARY_H_

#include <new>
#include <string>
#include <string_view>

#include "rescind/key.h"
#include "rescind/rescind.h"
#include "rescind/verifier.h"

namespace rescind::c {

// `call` returns a rescind_error.
template <class Call>
rescind_error guarded(Call call) noexcept {
  try {
    return call();
  } catch (const std::bad_alloc&) {
    return RESCIND_OUT_OF_MEMORY;
  } catch (...) {
    return RESCIND_INTERNAL;
  }
}

inline bool is_text(const char* data, size_t size) { return data != nullptr || size == 0; }
inline std::string_view text_of(const char* data, size_t size) {
  return size == 0 ? std::string_view() : std::string_view(data, size);
}

// A text of a handle, as rescind.h says under "Text". Precondition: a NUL byte stands behind it.
inline const char* hand_out(std::string_view text, size_t* size) {
  if (size != nullptr) *size = text.size();
  return size == nullptr && text.find('\0') != text.npos ? nullptr : text.data();
}

// The text that there is not.
inline const char* hand_out_nothing(size_t* size) {
  if (size != nullptr) *size = 0;
  return nullptr;
}

rescind_error to_c(VerifyError error);
rescind_error to_c(KeyError error);

}  // namespace rescind::c

#endif  // RESCIND_SDK_C_BOUNDARY_H_
