#include <algorithm>
#include <optional>
#include <utility>

#include "sdk/c/boundary.h"
#include "sdk/c/handles.h"

using rescind::c::guarded;
using rescind::c::is_text;
using rescind::c::text_of;

namespace {

std::chrono::sys_seconds time_of(int64_t seconds) { return std::chrono::sys_seconds(std::chrono::seconds(seconds)); }

std::optional<rescind::RevocationKind> kind_of(rescind_kind kind) {
  switch (kind) {
    case RESCIND_KIND_TOKEN: return rescind::RevocationKind::kToken;
    case RESCIND_KIND_SESSION: return rescind::RevocationKind::kSession;
    case RESCIND_KIND_USER: return rescind::RevocationKind::kUser;
    case RESCIND_KIND_BEFORE: return rescind::RevocationKind::kBefore;
  }
  return std::nullopt;  // a caller's number that is none of them
}

template <class Compute>
rescind_error write_key(uint8_t* key, Compute compute) {
  return guarded([&] {
    std::ranges::copy(compute().bytes, key);
    return RESCIND_OK;
  });
}

using KeyOfTwo = rescind::RevocationKey (*)(std::string_view, std::string_view);

rescind_error key_of_two(KeyOfTwo compute, const char* one, size_t one_size, const char* other, size_t other_size,
                         uint8_t* key) {
  if (!is_text(one, one_size) || !is_text(other, other_size) || key == nullptr) return RESCIND_INVALID_ARGUMENT;
  return write_key(key, [&] { return compute(text_of(one, one_size), text_of(other, other_size)); });
}

}  // namespace

rescind_error rescind_index_create(rescind_index** index) {
  if (index == nullptr) return RESCIND_INVALID_ARGUMENT;
  *index = nullptr;
  return guarded([&] {
    *index = new rescind_index{std::make_shared<rescind::RevocationIndex>()};
    return RESCIND_OK;
  });
}

void rescind_index_free(rescind_index* index) { delete index; }

rescind_error rescind_index_apply(rescind_index* index, uint64_t seq, rescind_kind kind, const uint8_t key[RESCIND_KEY_BYTES],
                                  int64_t value, int64_t expires) {
  const std::optional<rescind::RevocationKind> known = kind_of(kind);
  if (index == nullptr || key == nullptr || !known) return RESCIND_INVALID_ARGUMENT;
  return guarded([&] {
    rescind::Revocation revocation{.seq = seq, .kind = *known, .key = {}, .value = value, .expires = time_of(expires)};
    std::copy_n(key, revocation.key.bytes.size(), revocation.key.bytes.begin());
    const auto applied = index->index->apply(revocation);
    if (applied) return RESCIND_OK;
    switch (applied.error()) {
      case rescind::IndexError::kFull: return RESCIND_INDEX_FULL;
      case rescind::IndexError::kNotAnIndex:
      case rescind::IndexError::kOtherVersion:
      case rescind::IndexError::kDamaged: break;  // of an index that is opened, not filled
    }
    return RESCIND_INTERNAL;
  });
}

rescind_error rescind_index_purge(rescind_index* index, int64_t until, size_t* removed) {
  if (index == nullptr) return RESCIND_INVALID_ARGUMENT;
  return guarded([&] {
    const std::size_t went = index->index->purge(time_of(until));
    if (removed != nullptr) *removed = went;
    return RESCIND_OK;
  });
}

uint64_t rescind_index_head(const rescind_index* index) { return index == nullptr ? 0 : index->index->head(); }

size_t rescind_index_size(const rescind_index* index) { return index == nullptr ? 0 : index->index->size(); }

rescind_error rescind_key_of_token(const char* issuer, size_t issuer_size, const char* token_id, size_t token_id_size,
                                   uint8_t key[RESCIND_KEY_BYTES]) {
  return key_of_two(rescind::token_key, issuer, issuer_size, token_id, token_id_size, key);
}

rescind_error rescind_key_of_session(const char* issuer, size_t issuer_size, const char* session_id, size_t session_id_size,
                                     uint8_t key[RESCIND_KEY_BYTES]) {
  return key_of_two(rescind::session_key, issuer, issuer_size, session_id, session_id_size, key);
}

rescind_error rescind_key_of_user(const char* issuer, size_t issuer_size, const char* subject, size_t subject_size,
                                  uint8_t key[RESCIND_KEY_BYTES]) {
  return key_of_two(rescind::user_key, issuer, issuer_size, subject, subject_size, key);
}

rescind_error rescind_key_of_before_issuer(const char* issuer, size_t issuer_size, uint8_t key[RESCIND_KEY_BYTES]) {
  if (!is_text(issuer, issuer_size) || key == nullptr) return RESCIND_INVALID_ARGUMENT;
  return write_key(key, [&] { return rescind::before_issuer_key(text_of(issuer, issuer_size)); });
}

rescind_error rescind_key_of_before_subject(const char* issuer, size_t issuer_size, const char* subject, size_t subject_size,
                                            uint8_t key[RESCIND_KEY_BYTES]) {
  return key_of_two(rescind::before_subject_key, issuer, issuer_size, subject, subject_size, key);
}

rescind_error rescind_key_of_before_client(const char* issuer, size_t issuer_size, const char* client_id, size_t client_id_size,
                                           uint8_t key[RESCIND_KEY_BYTES]) {
  return key_of_two(rescind::before_client_key, issuer, issuer_size, client_id, client_id_size, key);
}
