#include <cstdint>
#include <cstdlib>

#include "domain/email.h"

// What is accepted has one spelling, and that spelling is accepted as itself.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto key = rescind::parse_email({reinterpret_cast<const char*>(data), size});
  if (!key) return 0;
  const auto again = rescind::parse_email(key->text);
  if (!again || *again != *key || key->text.size() != size) std::abort();
  return 0;
}
