#include "webauthn/testing/cbor_text.h"

namespace rescind::testing {

std::string big_endian(std::uint64_t number, std::size_t bytes) {
  std::string text(bytes, '\0');
  for (std::size_t i = 0; i < bytes; ++i) text[bytes - 1 - i] = static_cast<char>(number >> (8 * i));
  return text;
}

std::string cbor_head(unsigned major_type, std::uint64_t argument) {
  const auto head = [&](unsigned info) { return std::string(1, static_cast<char>(major_type << 5 | info)); };
  if (argument < 24) return head(static_cast<unsigned>(argument));
  if (argument < 0x100) return head(24) + big_endian(argument, 1);
  if (argument < 0x10000) return head(25) + big_endian(argument, 2);
  if (argument < 0x100000000) return head(26) + big_endian(argument, 4);
  return head(27) + big_endian(argument, 8);
}

std::string cbor_integer(std::int64_t number) {
  return number >= 0 ? cbor_head(0, static_cast<std::uint64_t>(number)) : cbor_head(1, static_cast<std::uint64_t>(-1 - number));
}

std::string cbor_bytes(std::string_view bytes) { return cbor_head(2, bytes.size()).append(bytes); }
std::string cbor_text(std::string_view text) { return cbor_head(3, text.size()).append(text); }

std::string cbor_array(const std::vector<std::string>& elements) {
  std::string text = cbor_head(4, elements.size());
  for (const std::string& element : elements) text += element;
  return text;
}

std::string cbor_map(const std::vector<std::pair<std::string, std::string>>& members) {
  std::string text = cbor_head(5, members.size());
  for (const auto& [key, value] : members) text += key + value;
  return text;
}

}  // namespace rescind::testing
