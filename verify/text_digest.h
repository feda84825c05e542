// A keyed digest of a token's text, to know it again without keeping it.
//
// NH, the universal hash of UMAC (Black, Halevi, Krawczyk, Krovetz, Rogaway 1999; RFC 4418 section 5.2), over words of 64 bits:
// two different texts of one length meet with a probability of 2^-64 over the random key, whoever chose them, as long as
// neither key nor digests are shown to anybody. A keyed digest and no signature: who knows the key finds texts that meet.
#ifndef RESCIND_VERIFY_TEXT_DIGEST_H_
#define RESCIND_VERIFY_TEXT_DIGEST_H_

#include <array>
#include <cstdint>
#include <string_view>

#include "rescind/verifier.h"

namespace rescind {

struct TextDigest {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  std::uint64_t size = 0;  // of the text, in bytes
  bool operator==(const TextDigest&) const = default;
};

// Thread-safety: any thread may call operator().
class TextHash {
 public:
  TextHash();  // with a new random key
  // Precondition: text.size() <= kMaxTokenBytes.
  TextDigest operator()(std::string_view text) const;
  // 32 bits of two words alone, under words of the key that nothing else uses. Precondition: pair.size() == 16.
  std::uint32_t of_pair(std::string_view pair) const;

 private:
  std::array<std::uint64_t, kMaxTokenBytes / sizeof(std::uint64_t) + 2> key_;
};

}  // namespace rescind

#endif  // RESCIND_VERIFY_TEXT_DIGEST_H_
