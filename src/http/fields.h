// Reading header fields and addresses of a request.
#ifndef RESCIND_HTTP_FIELDS_H_
#define RESCIND_HTTP_FIELDS_H_

#include <optional>
#include <string_view>

#include "base/field_rules.h"
#include "http/message.h"

namespace rescind {

struct FoundField {
  std::size_t count = 0;
  std::string_view value;  // of the first one
};
FoundField find_field(const Request& request, std::string_view name);

// "Authorization: Bearer <token>" (RFC 6750 section 2.1).
enum class AuthorizationState { kAbsent, kBearer, kBasic, kUnusable };
struct Authorization {
  AuthorizationState state = AuthorizationState::kAbsent;
  std::string_view credentials;  // what follows the scheme
};
// kUnusable: two fields, another scheme, or nothing behind the scheme.
Authorization find_authorization(const Request& request);

}  // namespace rescind

#endif  // RESCIND_HTTP_FIELDS_H_
