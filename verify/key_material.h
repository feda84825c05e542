// What a VerificationKey shares between its copies.
#ifndef RESCIND_VERIFY_KEY_MATERIAL_H_
#define RESCIND_VERIFY_KEY_MATERIAL_H_

#include <string>

#include "rescind/key.h"
#include "verify/signature_check.h"

namespace rescind {

struct VerificationKey::Material {
  std::string key_id;
  SignatureCheck check;
};

inline bool is_valid_key_id(std::string_view key_id) { return !key_id.empty() && key_id.size() <= kMaxKeyIdBytes; }

}  // namespace rescind

#endif  // RESCIND_VERIFY_KEY_MATERIAL_H_
