#include "service/foreign_revocation.h"

namespace rescind {
namespace {

std::chrono::sys_seconds last_expiry(const ForeignTerms& terms) { return terms.now + terms.leeway + terms.issuer.max_lifetime; }

}  // namespace

RevocationDraft foreign_token_revocation(const ForeignPolicy& issuer, std::string_view token_id,
                                         std::chrono::sys_seconds expires_at) {
  return {RevocationKind::kToken, token_key(issuer.issuer, token_id), 0, expires_at};
}

RevocationDraft foreign_token_revocation(const ForeignTerms& terms, std::string_view token_id) {
  return foreign_token_revocation(terms.issuer, token_id, last_expiry(terms));
}

RevocationDraft foreign_session_revocation(const ForeignTerms& terms, std::string_view session_id) {
  return {RevocationKind::kSession, session_key(terms.issuer.issuer, session_id), 0, last_expiry(terms)};
}

RevocationDraft foreign_user_revocation(const ForeignTerms& terms, std::string_view subject) {
  // `before` refuses what is strictly earlier.
  const std::chrono::sys_seconds before = terms.now + terms.leeway + std::chrono::seconds(1);
  return foreign_before_revocation(terms.issuer, before_subject_key(terms.issuer.issuer, subject), before);
}

RevocationDraft foreign_before_revocation(const ForeignPolicy& issuer, RevocationKey key, std::chrono::sys_seconds before) {
  return {RevocationKind::kBefore, key, before.time_since_epoch().count(), before + issuer.max_lifetime};
}

}  // namespace rescind
