#include "http/cors.h"

#include <string>

#include "http/fields.h"

namespace rescind {

void allow_reading(const OriginCheck& origins, const Request& request, Response& response) {
  const FoundField origin = find_field(request, "Origin");
  if (origin.count != 1) return;
  response.fields.add("Vary", "Origin");
  if (!origins.allows(origin.value)) return;
  response.fields.add("Access-Control-Allow-Origin", origin.value);
  response.fields.add("Access-Control-Allow-Credentials", "true");
}

std::optional<Response> answer_preflight(const OriginCheck& origins, const Request& request) {
  const bool is_preflight = request.method == "OPTIONS" && find_field(request, "Access-Control-Request-Method").count == 1;
  if (!is_preflight || !request.path.starts_with("/auth/")) return std::nullopt;
  Response response{204, {{"Cache-Control", "no-store"}}, {}};
  if (origins.allows(find_field(request, "Origin").value)) {
    response.fields.add("Access-Control-Allow-Methods", "GET, POST, PATCH, DELETE");
    response.fields.add("Access-Control-Allow-Headers", "Authorization, Content-Type");
    response.fields.add("Access-Control-Max-Age", "600");
  }
  allow_reading(origins, request, response);
  return response;
}

}  // namespace rescind
