// The audit log, as JSON for a page of it and as JSON lines for programs that take it all.
#include <boost/json/serialize.hpp>
#include <utility>

#include "http/api_state.h"
#include "http/query.h"
#include "http/responses.h"

namespace rescind {
namespace {

constexpr std::string_view kJsonLines = "application/x-ndjson";

// Whether the client names it in Accept; with or without parameters, in any place.
bool accepts_json_lines(const Request& request) {
  std::string_view rest = find_field(request, "Accept").value;
  while (!rest.empty()) {
    const std::size_t comma = rest.find(',');
    std::string_view type = rest.substr(0, comma);
    type = type.substr(0, type.find(';'));
    while (!type.empty() && type.front() == ' ') type.remove_prefix(1);
    while (!type.empty() && type.back() == ' ') type.remove_suffix(1);
    if (equal_without_case(type, kJsonLines)) return true;
    rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
  }
  return false;
}

Response as_lines(const std::vector<Event>& events) {
  Response response{200, {{"Content-Type", kJsonLines}, {"Cache-Control", "no-store"}}, {}};
  for (const Event& event : events) response.body.append(boost::json::serialize(to_json(event))).push_back('\n');
  return response;
}

}  // namespace

Task<Result<Response>> list_events_route(ApiState& api, const Request& request, const MachineCaller&, std::string_view) {
  Result<Query> query = Query::parse(request);
  if (!query) co_return Unexpected(std::move(query).error());
  EventFilter filter;
  filter.after_seq = query->take_number("since").value_or(0);
  filter.before_seq = query->take_number("before");
  const std::string order = query->take_text("order").value_or("asc");
  filter.limit = query->take_limit();
  if (std::optional<std::string> user = query->take_text("user")) filter.user = UserId{std::move(*user)};
  const std::optional<std::string> type = query->take_text("type");
  Result<void> finished = query->finish();
  if (!finished) co_return Unexpected(std::move(finished).error());
  if (order != "asc" && order != "desc") co_return fail(ErrorCode::kInvalidRequest, "\"order\" must be \"asc\" or \"desc\"");
  if (order == "desc") filter.order = EventOrder::kNewestFirst;
  if (type) filter.type = parse_event_type(*type);
  if (type && !filter.type) co_return fail(ErrorCode::kInvalidRequest, "\"type\" is no type of event");
  Result<std::vector<Event>> found = co_await api.parts.store.list_events(std::move(filter));
  if (!found) co_return Unexpected(std::move(found).error());
  if (accepts_json_lines(request)) co_return as_lines(*found);
  boost::json::array list;
  for (const Event& event : *found) list.push_back(to_json(event));
  co_return json_response(200, {{"events", std::move(list)}});
}

}  // namespace rescind
