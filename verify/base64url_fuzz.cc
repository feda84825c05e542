// What decodes, encodes to the same text: no bytes have two texts.
#include <cstdlib>

#include "rescind/base64url.h"
#include "verify/sha256.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rescind;
  const std::string_view text = as_text({data, size});
  if (const auto bytes = base64url_decode(text); bytes && base64url_encode(*bytes) != text) std::abort();
  const auto round_trip = base64url_decode(base64url_encode({data, size}));
  if (!round_trip || as_text(*round_trip) != text) std::abort();
  return 0;
}
