#include <cstdint>
#include <cstdlib>
#include <string>

#include "token/refresh_token.h"

// Whatever the text, decoding is safe; and what is accepted is exactly what this server would write.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rescind;
  static const RefreshTokenCodec codec{Secret(std::string(kRefreshKeyBytes, 'k'))};
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto content = codec.decode(text); content && codec.encode(*content).reveal() != text) std::abort();

  // The fuzzer cannot make a MAC: give it a good token with its changes laid over it.
  std::string token(codec.encode({SessionId{}, size}).reveal());
  bool is_changed = false;
  for (std::size_t i = 0; i < size && i < token.size(); ++i) {
    is_changed |= data[i] != 0;
    token[i] = static_cast<char>(token[i] ^ data[i]);
  }
  if (codec.decode(token).has_value() == is_changed) std::abort();
  return 0;
}
