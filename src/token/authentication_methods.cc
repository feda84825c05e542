#include "token/authentication_methods.h"

#include <algorithm>
#include <cstddef>
#include <set>

#include "token/access_token.h"

namespace rescind {
namespace {

constexpr std::size_t kBytesBesideAName = 3;  // quotes and comma, in the token

bool is_of_a_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

}  // namespace

bool are_authentication_methods(const std::vector<std::string>& names) {
  std::size_t bytes = 0;
  for (const std::string& name : names) {
    if (name.empty() || !std::all_of(name.begin(), name.end(), is_of_a_name)) return false;
    bytes += name.size() + kBytesBesideAName;
  }
  return bytes <= kMaxAmrBytes && std::set<std::string>(names.begin(), names.end()).size() == names.size();
}

}  // namespace rescind
