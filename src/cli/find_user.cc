#include "cli/find_user.h"

#include "cli/admin_client.h"
#include "cli/printing.h"

namespace rescind {

// An id of another system may look like an address, so one that nobody has is taken for an id.
CommandResult<std::string> find_user_id(Console& console, const std::string& user) {
  if (user.find('@') == std::string::npos) return user;
  const auto found = console.server.call(Method::kGet, "/admin/users" + make_query({{"email", user}}));
  if (!found) return Unexpected(found.error());
  const boost::json::value* const users = found->if_contains("users");
  if (users == nullptr || !users->is_array() || users->get_array().empty()) return user;
  const boost::json::value& first = users->get_array().front();
  return first.is_object() ? text_at(first.get_object(), "id") : user;
}

}  // namespace rescind
