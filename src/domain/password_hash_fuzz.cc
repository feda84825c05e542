#include <cstdint>
#include <cstdlib>

#include "domain/password_hash.h"

// What is accepted is affordable and is written back as the same text.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto hash = rescind::parse_password_hash(text);
  if (hash && (!rescind::is_sane(hash->cost) || rescind::format_password_hash(*hash) != text)) std::abort();
  return 0;
}
