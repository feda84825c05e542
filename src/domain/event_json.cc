#include "domain/event_json.h"

#include <boost/json/value.hpp>

#include "base/rfc3339.h"

namespace rescind {

boost::json::object to_json(const Event& event) {
  const EventDraft& draft = event.draft;
  boost::json::object json{
      {"seq", event.seq}, {"type", to_string(draft.type)}, {"at", to_rfc3339(draft.at)}, {"ip", draft.address}};
  json["user"] = draft.user ? boost::json::value(draft.user->text) : boost::json::value();
  json["session"] = draft.session ? boost::json::value(draft.session->text()) : boost::json::value();
  json["by"] = draft.by.empty() ? boost::json::value() : boost::json::value(draft.by);
  json["detail"] = draft.detail;
  return json;
}

}  // namespace rescind
