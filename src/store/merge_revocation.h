// One row per key: what becomes of it when a revocation with the same key arrives. The same rule in every store.
#ifndef RESCIND_STORE_MERGE_REVOCATION_H_
#define RESCIND_STORE_MERGE_REVOCATION_H_

#include <algorithm>
#include <optional>

#include "rescind/revocation.h"
#include "store/store.h"

namespace rescind {

// The stricter value and the later expiry of both; absent where `row` has both already and nothing is to change. A higher
// value is the stricter one in every kind.
inline std::optional<RevocationDraft> merge_revocation(const Revocation& row, const RevocationDraft& draft) {
  if (row.value >= draft.value && row.expires >= draft.expires) return std::nullopt;
  RevocationDraft merged = draft;
  merged.value = std::max(row.value, draft.value);
  merged.expires = std::max(row.expires, draft.expires);
  return merged;
}

}  // namespace rescind

#endif  // RESCIND_STORE_MERGE_REVOCATION_H_
