#include "token/roles.h"

#include <cstddef>
#include <set>

#include "base/utf8.h"
#include "token/access_token.h"

namespace rescind {
namespace {

constexpr std::size_t kBytesBesideARole = 3;  // quotes and comma, in the token

bool is_role(std::string_view name) {
  if (name.empty()) return false;
  while (!name.empty()) {
    const auto code_point = take_code_point(name);
    if (!code_point || is_control(*code_point) || is_blank(*code_point) || *code_point == U',') return false;
  }
  return true;
}

}  // namespace

bool are_roles(const std::vector<std::string>& names) {
  std::size_t bytes = 0;
  for (const std::string& name : names) {
    if (!is_role(name)) return false;
    bytes += name.size() + kBytesBesideARole;
  }
  const std::set<std::string> different(names.begin(), names.end());
  return names.size() <= kMaxRoles && bytes <= kMaxRolesBytes && different.size() == names.size();
}

}  // namespace rescind
