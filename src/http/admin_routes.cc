#include <charconv>
#include <utility>

#include "http/api_state.h"
#include "http/form.h"
#include "http/json_body.h"
#include "http/responses.h"

namespace rescind {
namespace {

constexpr std::size_t kMaxListed = 1000;

std::optional<std::uint64_t> parse_number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size() || value > std::uint64_t{1} << 53)
    return std::nullopt;
  return value;
}

struct Page {
  std::uint64_t after = 0;
  std::size_t limit = 100;
};

// ?since=SEQ&limit=N, and what `take` knows of itself.
template <class Take>
Result<Page> read_query(const Request& request, Take take) {
  const std::optional<FormFields> fields = parse_form(request.query);
  if (!fields) return fail(ErrorCode::kInvalidRequest, "the query cannot be read");
  Page page;
  for (const auto& [name, value] : *fields) {
    if (name == "since" || name == "limit") {
      const std::optional<std::uint64_t> number = parse_number(value);
      if (!number || (name == "limit" && (*number == 0 || *number > kMaxListed))) {
        return fail(ErrorCode::kInvalidRequest, "\"" + name + "\" is out of range");
      }
      if (name == "since") page.after = *number;
      if (name == "limit") page.limit = static_cast<std::size_t>(*number);
    } else if (!take(name, value)) {
      return fail(ErrorCode::kInvalidRequest, "the query parameter or its value is not known here");
    }
  }
  return page;
}

}  // namespace

Task<Result<Response>> adopt_session_route(ApiState& api, const Request& request, const MachineCaller&, std::string_view) {
  Result<JsonBody> body = JsonBody::parse(request, JsonBody::Presence::kRequired);
  if (!body) co_return Unexpected(std::move(body).error());
  AdoptSession adopt{.user = UserId{body->take_plain_string("user", kMaxUserIdBytes)},
                     .client_id = body->take_optional_string("client", kMaxClientIdBytes).value_or(std::string()),
                     .claims_json = body->take_optional_object("claims").value_or(std::string()),
                     .device = read_device(api, request, body->take_optional_string("device", kMaxDeviceBytes))};
  Result<void> finished = body->finish();
  if (!finished) co_return Unexpected(std::move(finished).error());
  if (!is_plain(adopt.client_id)) {
    co_return fail(ErrorCode::kInvalidRequest, "\"client\" must not hold control characters");
  }
  Result<TokenPair> pair = co_await api.parts.sessions.adopt(std::move(adopt));
  if (!pair) co_return Unexpected(std::move(pair).error());
  co_return deliver_pair(api, 201, *pair, Delivery::kBody);
}

Task<Result<Response>> end_session_route(ApiState& api, const Request& request, const MachineCaller&,
                                         std::string_view parameter) {
  const std::optional<SessionId> session = SessionId::parse(parameter);
  if (!session) co_return fail(ErrorCode::kNotFound, "no such session");
  Actor actor{api.client_address.of(request), std::nullopt};
  auto ended = co_await api.parts.revocations.revoke_session(*session, std::nullopt, EndReason::kAdmin, std::move(actor));
  if (!ended) co_return Unexpected(std::move(ended).error());
  if (!*ended) co_return fail(ErrorCode::kNotFound, "no such session, or it has ended already");
  co_return json_response(200, {{"session", {{"id", session->text()}}}});
}

Task<Result<Response>> list_revocations_route(ApiState& api, const Request& request, const MachineCaller&, std::string_view) {
  Result<Page> page = read_query(request, [](const std::string&, const std::string&) { return false; });
  if (!page) co_return Unexpected(std::move(page).error());
  Result<std::vector<Revocation>> found = co_await api.parts.store.list_revocations(page->after, page->limit);
  if (!found) co_return Unexpected(std::move(found).error());
  boost::json::array list;
  for (const Revocation& revocation : *found) list.push_back(to_json(revocation));
  co_return json_response(200, {{"revocations", std::move(list)}, {"head", api.parts.revocations.index().head()}});
}

Task<Result<Response>> list_events_route(ApiState& api, const Request& request, const MachineCaller&, std::string_view) {
  EventFilter filter;
  Result<Page> page = read_query(request, [&](const std::string& name, const std::string& value) {
    if (name == "user") filter.user = UserId{value};
    if (name == "type") filter.type = parse_event_type(value);
    return name == "user" || (name == "type" && filter.type);
  });
  if (!page) co_return Unexpected(std::move(page).error());
  filter.after_seq = page->after;
  filter.limit = page->limit;
  Result<std::vector<Event>> found = co_await api.parts.store.list_events(std::move(filter));
  if (!found) co_return Unexpected(std::move(found).error());
  boost::json::array list;
  for (const Event& event : *found) list.push_back(to_json(event));
  co_return json_response(200, {{"events", std::move(list)}});
}

}  // namespace rescind
