#include "http/json_body.h"

#include <algorithm>
#include <boost/json/serialize.hpp>

#include "http/fields.h"
#include "verify/strict_json.h"

namespace rescind {
namespace {

constexpr std::size_t kMaxBodyDepth = 8;

// "application/json", alone or with charset=utf-8 (RFC 8259 section 11 knows no other).
bool is_json(const Request& request) {
  const FoundField field = find_field(request, "Content-Type");
  if (field.count != 1) return false;
  const std::size_t semicolon = field.value.find(';');
  std::string_view type = field.value.substr(0, semicolon);
  while (!type.empty() && type.back() == ' ') type.remove_suffix(1);
  if (!equal_without_case(type, "application/json")) return false;
  if (semicolon == std::string_view::npos) return true;
  std::string_view parameter = field.value.substr(semicolon + 1);
  while (!parameter.empty() && parameter.front() == ' ') parameter.remove_prefix(1);
  return equal_without_case(parameter, "charset=utf-8");
}

}  // namespace

bool is_plain(std::string_view text) {
  return std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

Result<JsonBody> JsonBody::parse(const Request& request, Presence presence) {
  if (request.body.empty() && presence == Presence::kMayBeEmpty) return JsonBody(boost::json::object());
  if (!is_json(request)) return fail(ErrorCode::kUnsupportedMedia, "Content-Type must be application/json");
  std::optional<boost::json::value> value = parse_strict_json(request.body, kMaxBodyDepth);
  if (!value || !value->is_object()) {
    return fail(ErrorCode::kInvalidRequest, "the body must be one JSON object without duplicate names");
  }
  return JsonBody(std::move(value->as_object()));
}

void JsonBody::complain(std::string_view name, std::string_view what) {
  if (!complaint_) complaint_ = "\"" + std::string(name) + "\" " + std::string(what);
}

std::optional<boost::json::value> JsonBody::take(std::string_view name) {
  const auto found = object_.find(name);
  if (found == object_.end()) return std::nullopt;
  boost::json::value value = std::move(found->value());
  object_.erase(found);
  return value;
}

std::string JsonBody::take_string(std::string_view name, std::size_t max_bytes) {
  std::optional<std::string> text = take_optional_string(name, max_bytes);
  if (!text) complain(name, "is required");
  if (text && text->empty()) complain(name, "must not be empty");
  return std::move(text).value_or(std::string());
}

std::optional<std::string> JsonBody::take_optional_string(std::string_view name, std::size_t max_bytes) {
  std::optional<boost::json::value> value = take(name);
  if (!value) return std::nullopt;
  return checked_text(name, *value, max_bytes);
}

std::string JsonBody::checked_text(std::string_view name, const boost::json::value& value, std::size_t max_bytes) {
  if (!value.is_string()) {
    complain(name, "must be a string");
    return {};
  }
  const boost::json::string& text = value.get_string();
  if (text.size() > max_bytes) complain(name, "is longer than " + std::to_string(max_bytes) + " bytes");
  // Some reader of it, now or later, takes NUL for the end: "admin" and "admin\0x" would be one.
  if (text.find('\0') != boost::json::string::npos) complain(name, "must not hold NUL");
  return std::string(text.data(), text.size());
}

std::optional<std::string> JsonBody::take_optional_plain_string(std::string_view name, std::size_t max_bytes) {
  std::optional<std::string> text = take_optional_string(name, max_bytes);
  if (text && !is_plain(*text)) complain(name, "must not hold control characters");
  return text;
}

std::string JsonBody::take_plain_string(std::string_view name, std::size_t max_bytes) {
  std::string text = take_string(name, max_bytes);
  if (!is_plain(text)) complain(name, "must not hold control characters");
  return text;
}

std::optional<std::vector<std::string>> JsonBody::take_optional_strings(std::string_view name, ListBounds bounds) {
  const std::optional<boost::json::value> value = take(name);
  if (!value) return std::nullopt;
  if (!value->is_array()) {
    complain(name, "must be a list of strings");
    return std::nullopt;
  }
  const boost::json::array& entries = value->get_array();
  if (entries.size() > bounds.entries) complain(name, "has more than " + std::to_string(bounds.entries) + " entries");
  std::vector<std::string> texts;
  for (const boost::json::value& entry : entries) texts.push_back(checked_text(name, entry, bounds.bytes_each));
  return texts;
}

std::optional<bool> JsonBody::take_optional_bool(std::string_view name) {
  std::optional<boost::json::value> value = take(name);
  if (!value) return std::nullopt;
  if (!value->is_bool()) {
    complain(name, "must be true or false");
    return std::nullopt;
  }
  return value->get_bool();
}

std::optional<std::int64_t> JsonBody::take_optional_integer(std::string_view name) {
  std::optional<boost::json::value> value = take(name);
  if (!value) return std::nullopt;
  constexpr std::int64_t kMax = std::int64_t{1} << 53;
  if (!value->is_int64() || value->get_int64() < 0 || value->get_int64() > kMax) {
    complain(name, "must be a whole number from 0 to 2^53");
    return std::nullopt;
  }
  return value->get_int64();
}

std::optional<std::string> JsonBody::take_optional_object(std::string_view name) {
  std::optional<boost::json::value> value = take(name);
  if (!value) return std::nullopt;
  if (!value->is_object()) {
    complain(name, "must be an object");
    return std::nullopt;
  }
  return boost::json::serialize(*value);
}

std::string JsonBody::take_object(std::string_view name) {
  std::optional<std::string> object = take_optional_object(name);
  if (!object) complain(name, "is required");
  return std::move(object).value_or(std::string());
}

Result<void> JsonBody::finish() {
  if (!complaint_ && !object_.empty()) complain(object_.begin()->key(), "is not known here");
  if (complaint_) return fail(ErrorCode::kInvalidRequest, std::move(*complaint_));
  return {};
}

}  // namespace rescind
