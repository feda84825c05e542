// /admin/keys: the life of the signing keys. Nothing private of them is ever shown.
#include <utility>

#include "http/api_state.h"
#include "http/form.h"
#include "http/json_body.h"
#include "http/responses.h"
#include "service/key_rotation.h"

namespace rescind {
namespace {

boost::json::value time_or_null(std::optional<WallTime> time) {
  return time ? boost::json::value(to_rfc3339(*time)) : boost::json::value();
}

Response keys_response(const ApiState& api) {
  boost::json::array list;
  for (const KeyDescription& key : api.parts.key_rotation.list()) {
    list.push_back({{"kid", key.key_id},
                    {"alg", to_string(key.algorithm)},
                    {"state", to_string(key.state)},
                    {"published_at", time_or_null(key.published_at)},
                    {"active_at", time_or_null(key.active_at)},
                    {"retired_at", time_or_null(key.retired_at)},
                    {"removed_at", time_or_null(key.removed_at)}});
  }
  return json_response(200, {{"keys", std::move(list)}});
}

}  // namespace

Task<Result<Response>> list_keys_route(ApiState& api, const Request&, const MachineCaller&, std::string_view) {
  co_return keys_response(api);
}

Task<Result<Response>> rotate_keys_route(ApiState& api, const Request& request, const MachineCaller& caller, std::string_view) {
  Result<JsonBody> body = JsonBody::parse(request, JsonBody::Presence::kMayBeEmpty);
  if (!body) co_return Unexpected(std::move(body).error());
  const bool at_once = body->take_optional_bool("at_once").value_or(false);
  Result<void> finished = body->finish();
  if (!finished) co_return Unexpected(std::move(finished).error());
  const RotationPace pace = at_once ? RotationPace::kAtOnce : RotationPace::kPublishedAhead;
  Actor actor = actor_of(api, request, caller);
  Result<void> rotated = co_await api.parts.key_rotation.rotate(pace, std::move(actor));
  if (!rotated) co_return Unexpected(std::move(rotated).error());
  co_return keys_response(api);
}

Task<Result<Response>> remove_key_route(ApiState& api, const Request& request, const MachineCaller& caller,
                                        std::string_view parameter) {
  std::optional<std::string> key_id = percent_decode(parameter);
  if (!key_id) co_return fail(ErrorCode::kNotFound, "no such key");
  Actor actor = actor_of(api, request, caller);
  Result<void> removed = co_await api.parts.key_rotation.remove(std::move(*key_id), std::move(actor));
  if (!removed) co_return Unexpected(std::move(removed).error());
  co_return keys_response(api);
}

Task<Result<Response>> remove_all_keys_route(ApiState& api, const Request& request, const MachineCaller& caller,
                                             std::string_view) {
  Actor actor = actor_of(api, request, caller);
  Result<void> removed = co_await api.parts.key_rotation.remove_all(std::move(actor));
  if (!removed) co_return Unexpected(std::move(removed).error());
  co_return keys_response(api);
}

}  // namespace rescind
