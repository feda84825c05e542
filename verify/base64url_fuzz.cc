// What decodes, encodes to the same text: no bytes have two texts. A long text decodes exactly where each of its groups of four
// characters does, and to the same bytes, however many are decoded at a time.
#include <algorithm>
#include <cstdlib>

#include "rescind/base64url.h"
#include "verify/sha256.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rescind;
  const std::string_view text = as_text({data, size});
  if (const auto bytes = base64url_decode(text); bytes && base64url_encode(*bytes) != text) std::abort();
  const auto round_trip = base64url_decode(base64url_encode({data, size}));
  if (!round_trip || as_text(*round_trip) != text) std::abort();
  std::vector<std::uint8_t> groups;
  bool are_good = text.size() % 4 != 1;
  for (std::size_t at = 0; are_good && at < text.size(); at += 4) {
    const auto group = base64url_decode(text.substr(at, 4));
    are_good = group.has_value();
    if (group) groups.insert(groups.end(), group->begin(), group->end());
  }
  const auto whole = base64url_decode(text);
  if (whole.has_value() != are_good || (whole && *whole != groups)) std::abort();
  return 0;
}
