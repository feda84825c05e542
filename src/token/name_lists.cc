#include "token/name_lists.h"

#include <algorithm>
#include <cstddef>
#include <set>

#include "base/utf8.h"
#include "token/access_token.h"

namespace rescind {
namespace {

constexpr std::size_t kBytesBesideAName = 3;  // quotes and comma, in the token

bool is_role(std::string_view name) {
  if (name.empty()) return false;
  while (!name.empty()) {
    const auto code_point = take_code_point(name);
    if (!code_point || is_control(*code_point) || is_blank(*code_point) || *code_point == U',') return false;
  }
  return true;
}

bool is_of_a_method(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

bool is_method(std::string_view name) { return !name.empty() && std::all_of(name.begin(), name.end(), is_of_a_method); }

bool differ_and_fit(const std::vector<std::string>& names, std::size_t most_bytes) {
  std::size_t bytes = 0;
  for (const std::string& name : names) bytes += name.size() + kBytesBesideAName;
  return bytes <= most_bytes && std::set<std::string>(names.begin(), names.end()).size() == names.size();
}

}  // namespace

bool are_roles(const std::vector<std::string>& names) {
  return names.size() <= kMaxRoles && std::all_of(names.begin(), names.end(), is_role) && differ_and_fit(names, kMaxRolesBytes);
}

bool are_authentication_methods(const std::vector<std::string>& names) {
  return std::all_of(names.begin(), names.end(), is_method) && differ_and_fit(names, kMaxAmrBytes);
}

}  // namespace rescind
