// /admin/apikeys: keys for machines.
#include <utility>

#include "http/api_state.h"
#include "http/json_body.h"
#include "http/responses.h"

namespace rescind {
namespace {

constexpr std::size_t kMaxScopes = 32;
constexpr std::size_t kMaxScopeBytes = 32;

boost::json::object describe(const ApiKey& key) {
  return {{"id", key.id.text()},
          {"name", key.name},
          {"scopes", boost::json::array(key.scopes.begin(), key.scopes.end())},
          {"created_at", to_rfc3339(key.created_at)},
          {"revoked_at", key.revoked_at ? boost::json::value(to_rfc3339(*key.revoked_at)) : boost::json::value()}};
}

}  // namespace

Task<Result<Response>> create_api_key_route(ApiState& api, const Request& request, const MachineCaller& caller,
                                            std::string_view) {
  Result<JsonBody> body = JsonBody::parse(request, JsonBody::Presence::kRequired);
  if (!body) co_return Unexpected(std::move(body).error());
  NewApiKey wanted{
      .name = body->take_plain_string("name", kMaxApiKeyNameBytes),
      .scopes = body->take_optional_strings("scopes", {kMaxScopes, kMaxScopeBytes}).value_or(std::vector<std::string>())};
  Result<void> finished = body->finish();
  if (!finished) co_return Unexpected(std::move(finished).error());
  Actor actor = actor_of(api, request, caller);
  Result<CreatedApiKey> made = co_await api.parts.api_keys.create(std::move(wanted), caller.scopes, std::move(actor));
  if (!made) co_return Unexpected(std::move(made).error());
  boost::json::object answer = describe(made->key);
  answer.erase("revoked_at");
  answer["key"] = made->text.reveal();
  co_return json_response(201, answer);
}

Task<Result<Response>> list_api_keys_route(ApiState& api, const Request&, const MachineCaller&, std::string_view) {
  Result<std::vector<ApiKey>> keys = co_await api.parts.api_keys.list();
  if (!keys) co_return Unexpected(std::move(keys).error());
  boost::json::array list;
  for (const ApiKey& key : *keys) list.push_back(describe(key));
  co_return json_response(200, {{"apikeys", std::move(list)}});
}

Task<Result<Response>> revoke_api_key_route(ApiState& api, const Request& request, const MachineCaller& caller,
                                            std::string_view parameter) {
  const std::optional<ApiKeyId> id = ApiKeyId::parse(parameter);
  if (!id) co_return fail(ErrorCode::kNotFound, "no such API key");
  Actor actor = actor_of(api, request, caller);
  Result<void> revoked = co_await api.parts.api_keys.revoke(*id, std::move(actor));
  if (!revoked) co_return Unexpected(std::move(revoked).error());
  co_return json_response(200, {{"apikey", {{"id", id->text()}}}});
}

}  // namespace rescind
