// The application's own claims, parsed. For issuing; the rule itself stands at check_custom_claims() of access_token.h.
#ifndef RESCIND_TOKEN_CUSTOM_CLAIMS_H_
#define RESCIND_TOKEN_CUSTOM_CLAIMS_H_

#include <boost/json/object.hpp>
#include <string_view>

#include "base/error.h"

namespace rescind {

Result<boost::json::object> parse_custom_claims(std::string_view json);

}  // namespace rescind

#endif  // RESCIND_TOKEN_CUSTOM_CLAIMS_H_
