#include "webauthn/relying_party.h"

#include <algorithm>
#include <optional>

namespace rescind {
namespace {

constexpr std::size_t kMaxDomainBytes = 253;  // RFC 1035 section 2.3.4, without the final dot
constexpr std::size_t kMaxLabelBytes = 63;
constexpr std::string_view kAndroid = "android:apk-key-hash:";
constexpr std::string_view kLocalhost = "localhost";

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_label_char(char c) { return (c >= 'a' && c <= 'z') || is_digit(c) || c == '-'; }

bool is_label(std::string_view label) {
  return !label.empty() && label.size() <= kMaxLabelBytes && label.front() != '-' && label.back() != '-' &&
         std::ranges::all_of(label, is_label_char);
}

// A name whose last label is a number is an IPv4 address to a browser, and no RP ID.
bool is_domain(std::string_view text) {
  if (text.size() > kMaxDomainBytes) return false;
  for (;;) {
    const std::size_t dot = text.find('.');
    if (!is_label(text.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return !std::ranges::all_of(text, is_digit);
    text.remove_prefix(dot + 1);
  }
}

// With the dot: "evil-example.com" is not below "example.com".
bool is_same_or_below(std::string_view host, std::string_view domain) {
  return host == domain ||
         (host.size() > domain.size() && host.ends_with(domain) && host[host.size() - domain.size() - 1] == '.');
}

bool is_port(std::string_view text) {
  return !text.empty() && text.size() <= 5 && text.front() != '0' && std::ranges::all_of(text, is_digit) &&
         std::stoi(std::string(text)) <= 65535;
}

// The host of an origin as browsers write it; absent where `origin` is not that.
std::optional<std::string_view> host_of(std::string_view origin) {
  constexpr std::string_view kHttps = "https://";
  constexpr std::string_view kHttp = "http://";
  const bool is_https = origin.starts_with(kHttps);
  if (!is_https && !origin.starts_with(kHttp)) return std::nullopt;
  origin.remove_prefix(is_https ? kHttps.size() : kHttp.size());
  const std::size_t colon = origin.find(':');
  const std::string_view host = origin.substr(0, colon);
  if (!is_domain(host) || (!is_https && !is_same_or_below(host, kLocalhost))) return std::nullopt;
  if (colon == std::string_view::npos) return host;
  const std::string_view port = origin.substr(colon + 1);
  if (!is_port(port) || port == (is_https ? "443" : "80")) return std::nullopt;
  return host;
}

bool is_android_app(std::string_view origin) { return origin.starts_with(kAndroid) && origin.size() > kAndroid.size(); }

bool contains(const std::vector<std::string>& origins, std::string_view origin) {
  return std::ranges::find(origins, origin) != origins.end();
}

}  // namespace

RelyingParty::RelyingParty(RelyingPartySettings settings) : settings_(std::move(settings)), id_hash_(sha256({settings_.id})) {}

Result<RelyingParty> RelyingParty::create(RelyingPartySettings settings) {
  if (!is_domain(settings.id)) return fail(ErrorCode::kInvalidRequest, "the RP ID \"" + settings.id + "\" is not a domain");
  if (settings.origins.empty()) return fail(ErrorCode::kInvalidRequest, "passkeys need at least one origin");
  for (const std::string& origin : settings.origins) {
    const std::optional<std::string_view> host = host_of(origin);
    if (!host && !is_android_app(origin)) {
      return fail(ErrorCode::kInvalidRequest, "\"" + origin + "\" is not an origin for passkeys (https://host[:port])");
    }
    if (host && !is_same_or_below(*host, settings.id)) {
      return fail(ErrorCode::kInvalidRequest, "the origin \"" + origin + "\" is not within the RP ID \"" + settings.id + "\"");
    }
  }
  for (const std::string& origin : settings.top_origins) {
    if (!host_of(origin)) return fail(ErrorCode::kInvalidRequest, "\"" + origin + "\" is not an origin (https://host[:port])");
  }
  if (settings.name.empty()) settings.name = settings.id;
  return RelyingParty(std::move(settings));
}

bool RelyingParty::allows(std::string_view origin) const { return contains(settings_.origins, origin); }
bool RelyingParty::may_frame(std::string_view top_origin) const { return contains(settings_.top_origins, top_origin); }

}  // namespace rescind
