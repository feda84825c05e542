#include "http/fields.h"

namespace rescind {

FoundField find_field(const Request& request, std::string_view name) {
  FoundField found;
  for (const HeaderField& field : request.headers) {
    if (!equal_without_case(field.name, name)) continue;
    if (found.count++ == 0) found.value = field.value;
  }
  return found;
}

Authorization find_authorization(const Request& request) {
  const FoundField field = find_field(request, "Authorization");
  if (field.count == 0) return {};
  const std::size_t space = field.value.find(' ');
  if (field.count > 1 || space == std::string_view::npos) return {AuthorizationState::kUnusable, {}};
  const std::string_view scheme = field.value.substr(0, space);
  const std::string_view credentials = field.value.substr(space + 1);
  if (credentials.empty() || credentials.find(' ') != std::string_view::npos) return {AuthorizationState::kUnusable, {}};
  if (equal_without_case(scheme, "Bearer")) return {AuthorizationState::kBearer, credentials};
  if (equal_without_case(scheme, "Basic")) return {AuthorizationState::kBasic, credentials};
  return {AuthorizationState::kUnusable, {}};
}

}  // namespace rescind
