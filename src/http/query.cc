#include "http/query.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace rescind {
namespace {

constexpr std::size_t kUsualLimit = 100;
constexpr std::uint64_t kMaxNumber = std::uint64_t{1} << 53;

}  // namespace

Result<Query> Query::parse(const Request& request) {
  std::optional<FormFields> fields = parse_form(request.query);
  if (!fields) return fail(ErrorCode::kInvalidRequest, "the query cannot be read");
  return Query(std::move(*fields));
}

void Query::complain(std::string_view name, std::string_view what) {
  if (!complaint_) complaint_ = "\"" + std::string(name) + "\" " + std::string(what);
}

std::optional<std::string> Query::take_text(std::string_view name) {
  const auto found = std::ranges::find(fields_, name, &FormFields::value_type::first);
  if (found == fields_.end()) return std::nullopt;
  std::string value = std::move(found->second);
  fields_.erase(found);
  return value;
}

std::optional<std::uint64_t> Query::take_number(std::string_view name) {
  const std::optional<std::string> text = take_text(name);
  if (!text) return std::nullopt;
  std::uint64_t value = 0;
  const char* const end = text->data() + text->size();
  const auto [stopped, error] = std::from_chars(text->data(), end, value);
  if (error != std::errc() || stopped != end || value > kMaxNumber) {
    complain(name, "must be a whole number from 0 to 2^53");
    return std::nullopt;
  }
  return value;
}

std::size_t Query::take_limit() {
  const std::uint64_t limit = take_number("limit").value_or(kUsualLimit);
  if (limit == 0 || limit > kMaxListed) complain("limit", "must be from 1 to " + std::to_string(kMaxListed));
  return static_cast<std::size_t>(limit);
}

Result<void> Query::finish() {
  if (!complaint_ && !fields_.empty()) complain(fields_.front().first, "is not known here, or is there twice");
  if (complaint_) return fail(ErrorCode::kInvalidRequest, std::move(*complaint_));
  return {};
}

}  // namespace rescind
