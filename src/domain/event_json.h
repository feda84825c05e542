// An event as others read it: in the audit log's pages and lines, and as the body of a webhook.
#ifndef RESCIND_DOMAIN_EVENT_JSON_H_
#define RESCIND_DOMAIN_EVENT_JSON_H_

#include <boost/json/object.hpp>

#include "domain/event.h"

namespace rescind {

// {"seq", "type", "at" (RFC 3339), "ip", "user" or null, "session" or null, "by" or null, "detail"}
boost::json::object to_json(const Event& event);

}  // namespace rescind

#endif  // RESCIND_DOMAIN_EVENT_JSON_H_
