// The issuers whose tokens are verified here besides our own, each with its own policy and keys.
#ifndef RESCIND_ISSUERS_TRUSTED_ISSUERS_H_
#define RESCIND_ISSUERS_TRUSTED_ISSUERS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "issuers/key_source.h"
#include "rescind/foreign_token.h"

namespace rescind {

inline constexpr std::size_t kMaxTrustedIssuers = 32;

struct ForeignIssuer {
  std::string name;  // for logs and metrics
  ForeignPolicy policy;
  std::unique_ptr<KeySource> keys;
};

enum class ForeignRefusal : std::uint8_t {
  kNotTrusted,  // no issuer vouches for it
  kUnknown,     // none does, and one whose keys are not here now might
};

// The keys that an issuer's token was checked with.
struct KeysOfIssuer {
  const KeySource* source = nullptr;
  std::uint64_t version = 0;
  // False once the issuer has others, or none that may be used.
  bool are_current() const { return version != kNoKeys && source->version() == version; }
};

// Authentic as long as these keys are current.
struct VouchedToken {
  AuthenticToken token;
  KeysOfIssuer keys;
};

// Thread-safety: any thread may call any member.
class TrustedIssuers {
 public:
  TrustedIssuers() = default;
  explicit TrustedIssuers(std::vector<ForeignIssuer> issuers) : issuers_(std::move(issuers)) {}

  bool empty() const { return issuers_.empty(); }

  // Null where none has this `iss`.
  const ForeignIssuer* find(std::string_view issuer) const;

  // The token, authentic by the policy and the keys of one issuer. Its `kid` chooses who is asked, and where the keys of
  // several have it each is, by its own policy; a key of one never vouches for another, because `iss` is compared too.
  Result<VouchedToken, ForeignRefusal> authenticate(std::string_view token) const;

 private:
  std::vector<ForeignIssuer> issuers_;
};

}  // namespace rescind

#endif  // RESCIND_ISSUERS_TRUSTED_ISSUERS_H_
