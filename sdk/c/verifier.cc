#include <utility>
#include <vector>

#include "sdk/c/boundary.h"
#include "sdk/c/handles.h"

using rescind::c::guarded;

rescind_error rescind_verifier_create(const rescind_index* index, size_t cache_tokens, size_t cache_bytes,
                                      rescind_verifier** verifier) {
  if (verifier == nullptr) return RESCIND_INVALID_ARGUMENT;
  *verifier = nullptr;
  if (index == nullptr || cache_tokens > RESCIND_MAX_CACHE_TOKENS) return RESCIND_INVALID_ARGUMENT;
  return guarded([&] {
    const rescind::CacheLimits limits{cache_tokens, cache_bytes};
    *verifier = new rescind_verifier{index->index, rescind::CachingVerifier({}, limits)};
    return RESCIND_OK;
  });
}

void rescind_verifier_free(rescind_verifier* verifier) { delete verifier; }

rescind_error rescind_verifier_set_issuers(rescind_verifier* verifier, const rescind_policy* const* policies,
                                           const rescind_keys* const* keys, size_t count) {
  if (verifier == nullptr || (count > 0 && (policies == nullptr || keys == nullptr))) return RESCIND_INVALID_ARGUMENT;
  return guarded([&] {
    std::vector<rescind::TrustedIssuer> issuers;
    for (size_t i = 0; i < count; ++i) {
      if (policies[i] == nullptr || keys[i] == nullptr) return RESCIND_INVALID_ARGUMENT;
      issuers.push_back({policies[i]->policy, keys[i]->keys});
    }
    verifier->verifier.replace_issuers(std::move(issuers));
    return RESCIND_OK;
  });
}

rescind_error rescind_verify(rescind_verifier* verifier, const char* token, size_t size, int64_t now,
                             rescind_token** verified) {
  if (verified != nullptr) *verified = nullptr;
  if (verifier == nullptr || !rescind::c::is_text(token, size)) return RESCIND_INVALID_ARGUMENT;
  return guarded([&] {
    const std::chrono::sys_seconds time{std::chrono::seconds(now)};
    auto checked = verifier->verifier.verify(rescind::c::text_of(token, size), *verifier->index, time);
    if (!checked) return rescind::c::to_c(checked.error());
    if (verified != nullptr) *verified = new rescind_token{std::move(*checked)};
    return RESCIND_OK;
  });
}
