// What anybody may read: keys, metadata, health, metrics.
#include "http/api_state.h"
#include "http/responses.h"

namespace rescind {
namespace {

constexpr std::chrono::seconds kMetadataMaxAge{300};

Response cacheable_json(const std::string& body, std::chrono::seconds max_age) {
  const std::string caching = "public, max-age=" + std::to_string(max_age.count());
  return {200, {{"Content-Type", "application/json"}, {"Cache-Control", caching}}, body};
}

}  // namespace

Task<Result<Response>> jwks_route(ApiState& api, const Request&, std::string_view) {
  co_return cacheable_json(api.parts.keys.get()->jwks_json(), api.config.keys_max_age);
}

Task<Result<Response>> metadata_route(ApiState& api, const Request&, std::string_view) {
  co_return cacheable_json(api.metadata_json, kMetadataMaxAge);
}

Task<Result<Response>> health_route(ApiState&, const Request&, std::string_view) {
  co_return json_response(200, {{"status", "ok"}});
}

// Ready only while a token could be judged: the index is loaded and the lease lives.
Task<Result<Response>> ready_route(ApiState& api, const Request&, std::string_view) {
  if (!api.parts.revocations.is_loaded() || !api.parts.revocations.lease_is_live()) {
    co_return fail(ErrorCode::kVerifierStale, "the revocation index is not up to date");
  }
  co_return json_response(200, {{"status", "ready"}});
}

Task<Result<Response>> metrics_route(ApiState& api, const Request&, std::string_view) {
  co_return Response{
      200, {{"Content-Type", "text/plain; version=0.0.4"}, {"Cache-Control", "no-store"}}, api.parts.metrics.render()};
}

}  // namespace rescind
