#include "main/token_inspect.h"

#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <optional>

#include "rescind/base64url.h"
#include "rescind/verifier.h"
#include "verify/strict_json.h"

namespace rescind {
namespace {

constexpr std::string_view kTimeClaims[] = {"iat", "exp", "nbf", "auth_time"};

// JSON with everything escaped that a terminal could act on: DEL, C1 controls, and whatever is not ASCII at all
// (direction marks and look-alikes among it).
std::string printable(const boost::json::value& value) {
  std::string out;
  for (const char c : boost::json::serialize(value)) {
    if (c >= ' ' && c < '\x7f') {
      out += c;
    } else {
      std::array<char, 5> escaped{};
      std::snprintf(escaped.data(), escaped.size(), "\\x%02x", static_cast<unsigned>(static_cast<unsigned char>(c)));
      out += escaped.data();
    }
  }
  return out;
}

std::string spell_distance(std::chrono::seconds distance) {
  const bool past = distance.count() < 0;
  const auto seconds = past ? -distance.count() : distance.count();
  const auto amount = seconds < 120       ? std::to_string(seconds) + " seconds"
                      : seconds < 7'200   ? std::to_string(seconds / 60) + " minutes"
                      : seconds < 172'800 ? std::to_string(seconds / 3'600) + " hours"
                                          : std::to_string(seconds / 86'400) + " days";
  return past ? amount + " ago" : "in " + amount;
}

// Absent for what is no time between 1970 and 9999.
std::optional<std::string> spell_time(const boost::json::value& value, WallTime now) {
  constexpr std::int64_t kEndOfYear9999 = 253'402'300'799;
  if (!value.is_int64() || value.get_int64() < 0 || value.get_int64() > kEndOfYear9999) return std::nullopt;
  const std::time_t moment = static_cast<std::time_t>(value.get_int64());
  std::tm utc{};
  if (gmtime_r(&moment, &utc) == nullptr) return std::nullopt;
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &utc);
  const auto distance = std::chrono::seconds(value.get_int64()) - to_seconds(now).time_since_epoch();
  return std::string(text.data()) + ", " + spell_distance(distance);
}

void describe(std::string_view title, const boost::json::object& object, WallTime now, std::string& out) {
  out += std::string(title) + "\n";
  for (const auto& [name, value] : object) {
    out += "  " + printable(boost::json::value(name)) + ": " + printable(value);
    if (std::ranges::count(kTimeClaims, std::string_view(name)) > 0) {
      if (const auto time = spell_time(value, now)) out += "  (" + *time + ")";
    }
    out += "\n";
  }
}

std::optional<boost::json::object> decode_object(std::string_view segment) {
  const auto bytes = base64url_decode(segment);
  if (!bytes) return std::nullopt;
  const std::string_view text(reinterpret_cast<const char*>(bytes->data()), bytes->size());
  auto value = parse_strict_json(text, kMaxJsonDepth);
  if (!value || !value->is_object()) return std::nullopt;
  return std::move(value->get_object());
}

Unexpected<Error> no_token(std::string problem) { return fail(ErrorCode::kInvalidToken, std::move(problem)); }

}  // namespace

Result<std::string> describe_token(std::string_view token, WallTime now) {
  if (token.starts_with("rt1.")) return no_token("a refresh token is opaque: there is nothing to read in it");
  if (token.size() > kMaxTokenBytes) return no_token("longer than " + std::to_string(kMaxTokenBytes) + " bytes");
  const std::size_t first = token.find('.');
  const std::size_t second = first == std::string_view::npos ? first : token.find('.', first + 1);
  if (second == std::string_view::npos || token.find('.', second + 1) != std::string_view::npos) {
    return no_token("not a token of three segments");
  }
  const auto header = decode_object(token.substr(0, first));
  if (!header) return no_token("the header is not canonical base64url of one strict JSON object");
  const auto claims = decode_object(token.substr(first + 1, second - first - 1));
  if (!claims) return no_token("the claims are not canonical base64url of one strict JSON object");
  if (!base64url_decode(token.substr(second + 1))) return no_token("the signature is not canonical base64url");
  std::string out = "NOT VERIFIED: anybody can write this. Whether a token is good says GET /verify.\n";
  describe("header", *header, now, out);
  describe("claims", *claims, now, out);
  return out;
}

}  // namespace rescind
