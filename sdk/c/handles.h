// What stands behind the handles of rescind/rescind.h. Each holds what it needs of others, so that they may be freed in any
// order.
#ifndef RESCIND_SDK_C_HANDLES_H_
#define RESCIND_SDK_C_HANDLES_H_

#include <memory>

#include "rescind/caching_verifier.h"
#include "rescind/key.h"
#include "rescind/rescind.h"
#include "rescind/revocation_index.h"
#include "rescind/token.h"
#include "rescind/verifier.h"

struct rescind_keys {
  rescind::KeySet keys;
};

struct rescind_policy {
  rescind::VerifierPolicy policy;
};

struct rescind_index {
  std::shared_ptr<rescind::RevocationIndex> index;
};

struct rescind_verifier {
  std::shared_ptr<const rescind::RevocationIndex> index;
  rescind::CachingVerifier verifier;
};

struct rescind_token {
  rescind::VerifiedToken token;
};

#endif  // RESCIND_SDK_C_HANDLES_H_
