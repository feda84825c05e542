// Members of a JSON object that came from outside.
#ifndef RESCIND_WEBAUTHN_JSON_MEMBERS_H_
#define RESCIND_WEBAUTHN_JSON_MEMBERS_H_

#include <boost/json/object.hpp>
#include <optional>
#include <string_view>

namespace rescind {

// Absent where the member is missing or not a string. The view is of `object`.
inline std::optional<std::string_view> find_string(const boost::json::object& object, std::string_view name) {
  const boost::json::value* value = object.if_contains(name);
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return std::string_view(value->get_string());
}

}  // namespace rescind

#endif  // RESCIND_WEBAUTHN_JSON_MEMBERS_H_
