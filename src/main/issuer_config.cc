#include "main/issuer_config.h"

#include <algorithm>
#include <set>

#include "issuers/trusted_issuers.h"
#include "main/outgoing_url.h"
#include "main/setting_values.h"

namespace rescind {
namespace {

using Rule = Result<void, ConfigError>;

constexpr std::size_t kMaxIssuerBytes = 1024;
constexpr std::size_t kMaxClaimSteps = 4;
constexpr std::size_t kMaxClaimNameBytes = 128;
constexpr std::size_t kMaxAudiences = 16;

const Choices<Algorithm> kAlgorithms = {
    {"ES256", Algorithm::kEs256}, {"EdDSA", Algorithm::kEdDsa}, {"RS256", Algorithm::kRs256}, {"PS256", Algorithm::kPs256}};

// "realm_access.roles" is two steps; a name with a colon, such as a URL, is one, for such names hold dots of their own.
Problem set_claim_path(std::string_view text, ClaimPath& out) {
  out.clear();
  while (!text.empty()) {
    const std::size_t end = text.find(':') != text.npos ? text.size() : std::min(text.find('.'), text.size());
    out.emplace_back(text.substr(0, end));
    const bool ends_in_dot = end + 1 == text.size();
    text.remove_prefix(std::min(end + 1, text.size()));
    if (ends_in_dot) out.emplace_back();
  }
  const auto is_bad = [](const std::string& step) { return step.empty() || step.size() > kMaxClaimNameBytes; };
  if (out.size() > kMaxClaimSteps || std::ranges::any_of(out, is_bad)) return "is not a claim, or at most 4 joined by dots";
  return std::nullopt;
}

Problem set_algorithms(SettingItems items, std::vector<Algorithm>& out) {
  out.clear();
  for (const std::string& item : items) {
    if (Problem problem = set_choice(item, kAlgorithms, out.emplace_back())) return problem;
  }
  return std::nullopt;
}

Problem set_audiences(SettingItems items, std::vector<std::string>& out) {
  out.assign(items.begin(), items.end());
  const auto is_bad = [](const std::string& one) { return one.empty() || one.size() > kMaxIssuerBytes; };
  if (out.size() > kMaxAudiences || std::ranges::any_of(out, is_bad)) return "is not 1 to 16 audiences that are not empty";
  return std::nullopt;
}

#define RESCIND_ISSUER(expression)                          \
  [](SettingItems items, IssuerConfig& issuer) -> Problem { \
    const std::string& text = items.front();                \
    return expression;                                      \
  }
#define RESCIND_ISSUER_LIST(expression) [](SettingItems items, IssuerConfig& issuer) -> Problem { return expression; }
#define RESCIND_ISSUER_SWITCH(member)                       \
  [](SettingItems items, IssuerConfig& issuer) -> Problem { \
    issuer.member = items.front() == "true";                \
    return std::nullopt;                                    \
  }

constexpr TableSettingType kText = TableSettingType::kText;
constexpr TableSettingType kTexts = TableSettingType::kTexts;
constexpr TableSettingType kSwitch = TableSettingType::kSwitch;

const TableSetting<IssuerConfig> kSettings[] = {
    {"name", kText, RESCIND_ISSUER(set_name(text, issuer.name))},
    {"issuer", kText, RESCIND_ISSUER(set_visible(text, kMaxIssuerBytes, issuer.policy.issuer))},
    {"jwks_url", kText, RESCIND_ISSUER(set_visible(text, kMaxUrlBytes, issuer.jwks.url))},
    {"jwks_file", kText, RESCIND_ISSUER(set_visible(text, kMaxUrlBytes, issuer.jwks.file))},
    {"secret_file", kText, RESCIND_ISSUER(set_visible(text, kMaxUrlBytes, issuer.secret_file))},
    {"key_id", kText, RESCIND_ISSUER(set_visible(text, kMaxKeyIdBytes, issuer.key_id))},
    {"allow_http", kSwitch, RESCIND_ISSUER_SWITCH(allow_http)},
    {"audience", kTexts, RESCIND_ISSUER_LIST(set_audiences(items, issuer.policy.audiences))},
    {"accept_any_audience", kSwitch, RESCIND_ISSUER_SWITCH(accept_any_audience)},
    {"type", kText, RESCIND_ISSUER(set_visible(text, 64, issuer.policy.type))},
    {"algorithms", kTexts, RESCIND_ISSUER_LIST(set_algorithms(items, issuer.jwks.algorithms))},
    {"user_claim", kText, RESCIND_ISSUER(set_claim_path(text, issuer.policy.user))},
    {"session_claim", kText, RESCIND_ISSUER(set_claim_path(text, issuer.policy.session))},
    {"roles_claim", kText, RESCIND_ISSUER(set_claim_path(text, issuer.policy.roles))},
    {"scope_claim", kText, RESCIND_ISSUER(set_claim_path(text, issuer.policy.scope))},
    {"max_lifetime", kText, RESCIND_ISSUER(set_duration(text, {"1s", "31d"}, issuer.policy.max_lifetime))},
    {"jwks_timeout", kText, RESCIND_ISSUER(set_duration(text, {"100ms", "1m"}, issuer.jwks.timeout))},
    {"jwks_cooldown", kText, RESCIND_ISSUER(set_duration(text, {"1s", "1h"}, issuer.jwks.cooldown))},
    {"jwks_max_age", kText, RESCIND_ISSUER(set_duration(text, {"1s", "7d"}, issuer.jwks.max_age))},
    {"jwks_max_stale", kText, RESCIND_ISSUER(set_duration(text, {"1s", "31d"}, issuer.jwks.max_stale))},
};

Rule check_url(const std::string& url, bool allow_http) {
  if (const Problem problem = outgoing_url_problem(url)) return Unexpected(ConfigError{"jwks_url " + *problem});
  if (url.starts_with("http://") && !allow_http && !is_http_on_localhost(url)) {
    return Unexpected(ConfigError{
        "jwks_url is plain http on a host other than localhost: whoever stands between could hand us keys and make tokens."
        " Use https, or say allow_http = true where that network is trusted"});
  }
  return {};
}

Rule check_issuer(const IssuerConfig& issuer) {
  const auto broken = [](std::string what) { return Unexpected(ConfigError{std::move(what)}); };
  if (issuer.policy.issuer.empty()) return broken("issuer is missing: the iss claim of its tokens");
  const int sources = !issuer.jwks.url.empty() + !issuer.jwks.file.empty() + !issuer.secret_file.empty();
  if (sources != 1) return broken("exactly one of jwks_url, jwks_file and secret_file is needed");
  if (!issuer.jwks.url.empty()) {
    if (auto url = check_url(issuer.jwks.url, issuer.allow_http); !url) return url;
  }
  if (issuer.policy.audiences.empty() != issuer.accept_any_audience) {
    return broken(
        "audience is needed: without it, tokens that the issuer made for any other application would pass here. Where that is"
        " wanted, say accept_any_audience = true and no audience");
  }
  if (issuer.policy.user.empty()) return broken("user_claim must name a claim");
  if (issuer.secret_file.empty() && !issuer.key_id.empty()) return broken("key_id is for secret_file only; a JWK has its own");
  if (!issuer.secret_file.empty() && !issuer.jwks.algorithms.empty()) {
    return broken("algorithms is for jwks_url and jwks_file; a shared secret is HS256");
  }
  if (issuer.jwks.max_stale < issuer.jwks.max_age) return broken("jwks_max_stale must not be shorter than jwks_max_age");
  return {};
}

}  // namespace

std::span<const TableSetting<IssuerConfig>> issuer_settings() { return kSettings; }

Rule check_issuers(const Config& config) {
  if (config.issuers.size() > kMaxTrustedIssuers) {
    return Unexpected(ConfigError{"issuers: at most " + std::to_string(kMaxTrustedIssuers) + " can be trusted"});
  }
  std::set<std::string_view> names;
  std::set<std::string_view> values{config.token.issuer};
  for (const IssuerConfig& issuer : config.issuers) {
    const auto named = [&](const std::string& what) {
      return Unexpected(ConfigError{"issuers, " + issuer.name + ": " + what});
    };
    if (issuer.name.empty()) return Unexpected(ConfigError{"issuers: each needs a name"});
    if (!names.insert(issuer.name).second) return named("the name stands twice");
    if (auto kept = check_issuer(issuer); !kept) return named(kept.error().message);
    if (!values.insert(issuer.policy.issuer).second) return named("its iss is ours or stands twice");
  }
  return {};
}

std::string_view issuers_comment() {
  return "Other systems whose access tokens are verified and can be revoked here, at most 32. In this file only.\n"
         "Keys: exactly one of jwks_url (https; http on localhost only, unless allow_http = true), jwks_file, and\n"
         "secret_file (HS256, at least 32 bytes; key_id where its tokens name one), which is read at the start.\n"
         "audience: one or several, of which a token must have one; or accept_any_audience = true.\n"
         "type: the typ of its tokens; \"JWT\" lets it be missing. With \"at+jwt\" (RFC 9068) its ID tokens cannot pass.\n"
         "algorithms: which keys of the set count; an RSA key without alg needs the one that is meant.\n"
         "*_claim: where user, session, roles and scope stand; dots lead into objects, a name with a colon is taken\n"
         "whole, \"\" is none. The application must look at X-Auth-Issuer too: users of two issuers may share a name.\n"
         "max_lifetime: tokens that live longer are refused, and revocations are kept this long. Raising it does not\n"
         "lengthen revocations that were made before.\n"
         "jwks_cooldown: the least time between two fetches. jwks_max_age: a set this old is fetched anew.\n"
         "jwks_max_stale: a set this old, because no fetch succeeded since, is not used any more.\n"
         "A jwks_file is read anew by the same three; and, as a URL, when a token names a key that is not there.";
}

std::string_view issuers_example() {
  return "[[issuers]]\n"
         "name = \"keycloak\"\n"
         "issuer = \"https://sso.example.com/realms/shop\"\n"
         "jwks_url = \"https://sso.example.com/realms/shop/protocol/openid-connect/certs\"\n"
         "audience = [\"shop-api\"]\n"
         "type = \"JWT\"\n"
         "algorithms = [\"RS256\"]\n"
         "user_claim = \"sub\"\n"
         "session_claim = \"sid\"\n"
         "roles_claim = \"realm_access.roles\"\n"
         "scope_claim = \"scope\"\n"
         "max_lifetime = \"24h\"\n"
         "jwks_timeout = \"5s\"\n"
         "jwks_cooldown = \"30s\"\n"
         "jwks_max_age = \"10m\"\n"
         "jwks_max_stale = \"24h\"\n";
}

}  // namespace rescind
