// Any text: what is taken as a hash is one line of 60 printable characters with a cost within the bounds.
#include <cstdint>
#include <cstdlib>

#include "domain/bcrypt_hash.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (!rescind::is_bcrypt_hash(text)) return 0;
  if (text.size() != 60) std::abort();
  for (const char c : text) {
    if (c <= ' ' || c > '~') std::abort();
  }
  const int cost = (text[4] - '0') * 10 + text[5] - '0';
  if (cost < 4 || cost > 14) std::abort();
  return 0;
}
