// Cross-origin requests of the allowed origins (Fetch Standard, "CORS protocol").
#ifndef RESCIND_HTTP_CORS_H_
#define RESCIND_HTTP_CORS_H_

#include <optional>

#include "http/message.h"
#include "http/origin_check.h"

namespace rescind {

// Lets a page of an allowed origin read the answer. Nothing is added for any other origin; "*" is never sent, because the
// answers depend on cookies.
void allow_reading(const OriginCheck& origins, const Request& request, Response& response);

// The answer to a preflight for /auth/*, or absent where `request` is none. Whether the origin is allowed shows in the headers.
std::optional<Response> answer_preflight(const OriginCheck& origins, const Request& request);

}  // namespace rescind

#endif  // RESCIND_HTTP_CORS_H_
