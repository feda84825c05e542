#include <utility>

#include "sdk/c/boundary.h"
#include "sdk/c/handles.h"

using rescind::c::guarded;

rescind_error rescind_keys_from_jwks(const char* json, size_t size, rescind_keys** keys) {
  if (keys == nullptr) return RESCIND_INVALID_ARGUMENT;
  *keys = nullptr;
  if (!rescind::c::is_text(json, size)) return RESCIND_INVALID_ARGUMENT;
  return guarded([&] {
    auto read = rescind::KeySet::from_jwks(rescind::c::text_of(json, size));
    if (!read) return rescind::c::to_c(read.error());
    *keys = new rescind_keys{std::move(*read)};
    return RESCIND_OK;
  });
}

void rescind_keys_free(rescind_keys* keys) { delete keys; }

size_t rescind_keys_count(const rescind_keys* keys) { return keys == nullptr ? 0 : keys->keys.size(); }

rescind_error rescind_policy_create(const char* issuer, const char* audience, rescind_policy** policy) {
  if (policy == nullptr) return RESCIND_INVALID_ARGUMENT;
  *policy = nullptr;
  if (issuer == nullptr || *issuer == '\0' || audience == nullptr || *audience == '\0') return RESCIND_INVALID_ARGUMENT;
  return guarded([&] {
    *policy = new rescind_policy{{.issuer = issuer, .audience = audience}};
    return RESCIND_OK;
  });
}

void rescind_policy_free(rescind_policy* policy) { delete policy; }

rescind_error rescind_policy_set_type(rescind_policy* policy, const char* type) {
  if (policy == nullptr || type == nullptr || *type == '\0') return RESCIND_INVALID_ARGUMENT;
  return guarded([&] {
    policy->policy.type = type;
    return RESCIND_OK;
  });
}

rescind_error rescind_policy_set_leeway(rescind_policy* policy, int64_t seconds) {
  if (policy == nullptr || seconds < 0) return RESCIND_INVALID_ARGUMENT;
  policy->policy.leeway = std::chrono::seconds(seconds);
  return RESCIND_OK;
}

rescind_error rescind_policy_set_max_lifetime(rescind_policy* policy, int64_t seconds) {
  if (policy == nullptr || seconds < 1) return RESCIND_INVALID_ARGUMENT;
  policy->policy.max_lifetime = std::chrono::seconds(seconds);
  return RESCIND_OK;
}
