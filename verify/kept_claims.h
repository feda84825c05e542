// Claims and everything that they view in one block of memory: one allocation for a token, and its texts beside each other.
#ifndef RESCIND_VERIFY_KEPT_CLAIMS_H_
#define RESCIND_VERIFY_KEPT_CLAIMS_H_

#include <cstddef>
#include <memory>

#include "rescind/token.h"

namespace rescind {

// The same claims, with texts and lists of their own. `claims` may view whatever lives until this returns.
std::shared_ptr<const Claims> keep_claims(Claims&& claims);

// What keeping them takes, without what the allocator adds.
std::size_t kept_bytes(const Claims& claims);

}  // namespace rescind

#endif  // RESCIND_VERIFY_KEPT_CLAIMS_H_
