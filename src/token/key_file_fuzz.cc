#include <cstdint>
#include <cstdlib>
#include <string>

#include "token/key_file.h"
#include "token/test_random.h"

// A key file that is taken is sound, and is written back as the same keys, sealed or not. What is sealed is made here, for
// nobody guesses a tag.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rescind;
  static CountingRandom random;
  const MasterSecrets secrets{.current = Secret(std::string(32, 'm'))};
  const Secret text(std::string(reinterpret_cast<const char*>(data), size));
  const auto content = parse_key_file(text, secrets);
  if (!content) return 0;
  if (!is_sound(content->keys)) std::abort();
  const auto again = parse_key_file(format_key_file(content->keys, secrets, random), secrets);
  if (!again || again->sealing != Sealing::kCurrent) std::abort();
  if (format_key_file(again->keys, {}, random).reveal() != format_key_file(content->keys, {}, random).reveal()) std::abort();
  return 0;
}
