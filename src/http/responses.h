// Building responses: the one table from error codes to statuses, and JSON bodies.
#ifndef RESCIND_HTTP_RESPONSES_H_
#define RESCIND_HTTP_RESPONSES_H_

#include <boost/json/object.hpp>

#include "base/error.h"
#include "base/json_object.h"
#include "http/message.h"

namespace rescind {

unsigned status_of(ErrorCode code);

// {"code","message"}, no-store; 401 carries WWW-Authenticate (RFC 6750 section 3, RFC 9470 section 3), 503 and 429 Retry-After.
// `response` is clear.
void write_error(const Error& error, Response& response);
Response error_response(const Error& error);

// {"error","error_description"} (RFC 6749 section 5.2), for /oauth2/*.
Response oauth_error_response(const Error& error);

// no-store, as everything that depends on a credential.
Response json_response(unsigned status, const boost::json::object& body);
Response json_response(unsigned status, JsonObject body);

}  // namespace rescind

#endif  // RESCIND_HTTP_RESPONSES_H_
