#include "verify/kept_claims.h"

#include <array>
#include <cassert>
#include <new>
#include <type_traits>
#include <utility>

namespace rescind {
namespace {

using Text = std::string_view;
using Texts = std::span<const std::string_view>;

constexpr std::array kTexts{&Claims::session_id, &Claims::client_id, &Claims::issuer, &Claims::subject,
                            &Claims::token_id,   &Claims::scope,     &Claims::json};
constexpr std::array kLists{&Claims::audience, &Claims::amr, &Claims::roles};

// The block is an array of these, which destroys nothing.
struct Unit {
  alignas(Claims) std::array<std::byte, alignof(Claims)> bytes;
};
static_assert(std::is_trivially_destructible_v<Claims> && std::is_trivially_destructible_v<Text>);
static_assert(sizeof(Claims) % alignof(Text) == 0 && alignof(Unit) % alignof(Text) == 0);

std::size_t bytes_of(Text text) { return text.size() + 1; }

// What stands in the block: the claims, the elements of the lists, the texts.
struct Extent {
  explicit Extent(const Claims& claims) {
    for (const auto text : kTexts) text_bytes += bytes_of(claims.*text);
    for (const auto list : kLists) {
      elements += (claims.*list).size();
      for (const Text text : claims.*list) text_bytes += bytes_of(text);
    }
  }
  std::size_t units() const {
    return (sizeof(Claims) + elements * sizeof(Text) + text_bytes + sizeof(Unit) - 1) / sizeof(Unit);
  }

  std::size_t elements = 0;
  std::size_t text_bytes = 0;
};

Text put(Text text, char*& at) {
  char* const begin = at;
  at += text.copy(begin, text.size());
  *at++ = '\0';
  return {begin, text.size()};
}

}  // namespace

std::size_t kept_bytes(const Claims& claims) { return Extent(claims).units() * sizeof(Unit); }

std::shared_ptr<const Claims> keep_claims(Claims&& claims) {
  const Extent extent(claims);
  const auto block = std::make_shared_for_overwrite<Unit[]>(extent.units());
  Claims* const kept = new (block.get()) Claims(std::move(claims));
  Text* element = reinterpret_cast<Text*>(kept + 1);
  char* at = reinterpret_cast<char*>(element + extent.elements);
  for (const auto text : kTexts) kept->*text = put(kept->*text, at);
  for (const auto list : kLists) {
    const Text* const first = element;
    for (const Text text : kept->*list) new (element++) Text(put(text, at));
    kept->*list = {first, element};
  }
  assert(at <= reinterpret_cast<char*>(block.get() + extent.units()));
  return {block, kept};
}

}  // namespace rescind
