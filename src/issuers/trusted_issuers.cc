#include "issuers/trusted_issuers.h"

#include <algorithm>

namespace rescind {

const ForeignIssuer* TrustedIssuers::find(std::string_view issuer) const {
  const auto found = std::ranges::find_if(issuers_, [&](const ForeignIssuer& one) { return one.policy.issuer == issuer; });
  return found == issuers_.end() ? nullptr : &*found;
}

Result<VouchedToken, ForeignRefusal> TrustedIssuers::authenticate(std::string_view token) const {
  const Result<std::string, VerifyError> key_id = read_key_id(token);
  if (!key_id) return Unexpected(ForeignRefusal::kNotTrusted);
  bool is_known_key = false;
  bool is_certain = true;
  for (const ForeignIssuer& issuer : issuers_) {
    const std::uint64_t version = issuer.keys->version();
    const std::shared_ptr<const KeySet> keys = issuer.keys->find_keys();
    if (!keys) is_certain = false;
    if (!keys || find_signer(*keys, *key_id) == nullptr) continue;
    is_known_key = true;
    Result<AuthenticToken, VerifyError> token_of_issuer = authenticate_foreign(token, *keys, issuer.policy);
    if (token_of_issuer) return VouchedToken{std::move(*token_of_issuer), {issuer.keys.get(), version}};
  }
  if (!is_known_key && !key_id->empty()) {
    for (const ForeignIssuer& issuer : issuers_) {
      if (issuer.keys->ask_for_unknown_key() == KeyOutlook::kOnTheWay) is_certain = false;
    }
  }
  return Unexpected(is_certain ? ForeignRefusal::kNotTrusted : ForeignRefusal::kUnknown);
}

}  // namespace rescind
