#include "main/config_rules.h"

#include <algorithm>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <set>

#include "mail/address.h"
#include "main/issuer_config.h"
#include "main/webhook_config.h"

namespace rescind {
namespace {

using Rule = Result<void, ConfigError>;

Unexpected<ConfigError> broken(std::string message) { return Unexpected(ConfigError{std::move(message)}); }

bool is_visible_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
}

bool is_localhost(std::string_view host) { return host == "localhost" || host == "127.0.0.1" || host == "[::1]"; }

// An origin in the one spelling that browsers send (RFC 6454 section 6.2), because origins are compared byte by byte.
bool is_origin(const std::string& text) {
  const auto url = boost::urls::parse_uri(text);
  if (!url || !url->has_authority() || url->has_userinfo() || url->encoded_host().empty()) return false;
  if (url->scheme() != "http" && url->scheme() != "https") return false;
  if (!url->encoded_path().empty() || url->has_query() || url->has_fragment()) return false;
  if (std::ranges::any_of(text, [](char c) { return c >= 'A' && c <= 'Z'; })) return false;
  const std::string_view default_port = url->scheme() == "http" ? "80" : "443";
  return !url->has_port() || (url->port_number() != 0 && url->port() != default_port);
}

Rule check_server(Config& config) {
  ServerConfig& server = config.server;
  const bool has_tls = !server.tls_cert.empty();
  if (has_tls != !server.tls_key.empty()) return broken("server.tls_cert and server.tls_key: give both or none");
  if (server.public_url.empty()) {
    server.public_url = has_tls ? "https://localhost" : "http://localhost";
    const std::uint16_t port = server.listen.port;
    if (port != 0 && port != (has_tls ? 443 : 80)) server.public_url += ":" + std::to_string(port);
  }
  if (!is_origin(server.public_url)) {
    return broken("server.public_url: \"" + server.public_url +
                  "\" is not scheme://host[:port] in lower case, without a path and without the scheme's default port");
  }
  if (has_tls && server.public_url.starts_with("http:")) {
    return broken("server.public_url: " + server.public_url +
                  " is plain http, and with server.tls_cert the server speaks https");
  }
  for (const std::string& origin : server.allowed_origins) {
    if (!is_origin(origin)) {
      return broken("server.allowed_origins: \"" + origin +
                    "\" is not scheme://host[:port] in lower case, without a path and without the scheme's default port");
    }
  }
  return {};
}

Rule check_cookies(Config& config) {
  const std::string& url = config.server.public_url;
  const bool always = config.cookie.security == CookieSecurity::kAlways;
  config.cookie.secure_names = always || !is_plain_localhost(url);
  if (is_plain_public(url) && !always) {
    return broken("server.public_url: " + url +
                  " is plain http on a host other than localhost: browsers would not keep the Secure cookies and tokens"
                  " would travel in the clear. Give the https URL that clients see (a proxy may end TLS). Where no browser"
                  " is involved and the network is trusted, say so with cookie.secure = \"always\"");
  }
  if (config.cookie.same_site == SameSite::kNone && !config.cookie.secure_names) {
    return broken("cookie.same_site: \"none\" needs Secure cookies, which " + url +
                  " cannot have: use an https server.public_url or cookie.secure = \"always\"");
  }
  return {};
}

Rule check_tokens(Config& config) {
  TokenConfig& token = config.token;
  if (token.issuer.empty()) token.issuer = config.server.public_url;
  if (token.audience.empty()) token.audience = token.issuer;
  if (!is_visible_ascii(token.issuer)) return broken("token.issuer: only visible ASCII characters may stand in it");
  if (!is_visible_ascii(token.audience)) return broken("token.audience: only visible ASCII characters may stand in it");
  const bool hmac = token.algorithm == Algorithm::kHs256;
  if (hmac && token.secret_file.empty()) return broken("token.algorithm: HS256 needs token.secret_file");
  if (!hmac && !token.secret_file.empty()) {
    return broken("token.secret_file: it is for HS256 only, and token.algorithm is " + std::string(to_string(token.algorithm)));
  }
  return {};
}

Rule check_keys(const Config& config) {
  constexpr std::size_t kMaxPreviousSecrets = 8;
  if (config.token.previous_secret_files.size() > kMaxPreviousSecrets) {
    return broken("token.previous_secret_files: at most 8 files");
  }
  const KeysConfig& keys = config.keys;
  if (keys.rotate_every.count() != 0 && keys.rotate_every <= keys.publish_ahead) {
    return broken("keys.rotate_every: it must be longer than keys.publish_ahead, or 0");
  }
  return {};
}

Rule check_sessions(const SessionPolicy& session) {
  if (session.refresh_grace >= session.idle_ttl) {
    return broken("session.refresh_grace: it must be shorter than session.idle_ttl");
  }
  if (session.idle_ttl > session.absolute_ttl) {
    return broken("session.idle_ttl: it must not be longer than session.absolute_ttl");
  }
  return {};
}

Rule check_places(Config& config) {
  constexpr std::string_view kDataPrefix = "DATA/";
  if (config.data.empty()) return broken("data: the directory must have a name");
  std::string& path = config.store.path;
  if (path.starts_with(kDataPrefix)) path = config.data + "/" + path.substr(kDataPrefix.size());
  return {};
}

Rule check_oauth_clients(const std::vector<OAuthClientConfig>& clients) {
  std::set<std::string_view> seen;
  for (const OAuthClientConfig& client : clients) {
    // HTTP Basic ends the id at the first colon (RFC 7617 section 2).
    if (!is_visible_ascii(client.id) || client.id.find(':') != std::string::npos || client.id.size() > 100) {
      return broken("oauth.clients: an id is 1 to 100 visible ASCII characters without a colon");
    }
    if (!seen.insert(client.id).second) return broken("oauth.clients: the id \"" + client.id + "\" stands twice");
  }
  return {};
}

// A page of the application's: the token goes behind it as "#token=…".
bool is_page(const std::string& text) {
  const auto url = boost::urls::parse_uri(text);
  return url && (url->scheme() == "http" || url->scheme() == "https") && !url->encoded_host().empty() && !url->has_userinfo() &&
         !url->has_fragment();
}

Rule check_smtp(MailConfig& mail) {
  const auto url = boost::urls::parse_uri(mail.smtp_url);
  const bool is_smtp = url && (url->scheme() == "smtp" || url->scheme() == "smtps") && !url->encoded_host().empty() &&
                       url->encoded_path().empty() && !url->has_query() && !url->has_fragment();
  if (!is_smtp) return broken("mail.smtp_url: it must be smtp://[USER@]HOST[:PORT] or smtps://[USER@]HOST[:PORT]");
  if (url->has_password()) return broken("mail.smtp_url: the password does not stand here but in mail.smtp_password_file");
  mail.smtp_user = url->user();
  if (mail.smtp_user.empty() != mail.smtp_password_file.empty()) {
    return broken("mail.smtp_password_file: it and a user in mail.smtp_url go together");
  }
  const bool is_local = is_localhost(url->encoded_host());
  if (mail.tls == MailTls::kAuto) mail.tls = is_local && url->scheme() == "smtp" ? MailTls::kNone : MailTls::kRequired;
  if (mail.tls == MailTls::kNone && url->scheme() == "smtps")
    return broken("mail.tls: \"none\" and smtps:// exclude each other");
  mail.smtp_url = std::string(url->scheme()) + "://" + std::string(url->encoded_host_and_port());
  if (mail.from.empty()) return broken("mail.from: it must be there where there is mail.smtp_url");
  return {};
}

Rule check_mail(Config& config) {
  MailConfig& mail = config.mail;
  if (mail.reset_url.empty()) mail.reset_url = config.server.public_url + "/reset-password";
  if (mail.verify_url.empty()) mail.verify_url = config.server.public_url + "/verify-email";
  if (mail.change_email_url.empty()) mail.change_email_url = config.server.public_url + "/change-email";
  if (!is_page(mail.reset_url)) return broken("mail.reset_url: it must be an http or https URL without a fragment");
  if (!is_page(mail.verify_url)) return broken("mail.verify_url: it must be an http or https URL without a fragment");
  if (!is_page(mail.change_email_url))
    return broken("mail.change_email_url: it must be an http or https URL without a fragment");
  if (!mail.from.empty() && !parse_mailbox(mail.from)) return broken("mail.from: it must be ADDRESS or NAME <ADDRESS>");
  if (config.email_rule == EmailRule::kVerifiedOnly && !can_send_mail(config)) {
    return broken("login.require_verified_email: nobody could sign in, for there is no mail.smtp_url");
  }
  if (!mail.smtp_url.empty()) return check_smtp(mail);
  if (!mail.smtp_password_file.empty()) return broken("mail.smtp_password_file: there is no mail.smtp_url");
  return {};
}

bool is_within(std::string_view origin, const std::string& domain) {
  const std::string_view host = host_of(origin);
  return host == domain || host.ends_with("." + domain);
}

// Where nobody has asked for passkeys and the public URL cannot have any, that is no reason not to start.
Rule check_webauthn(Config& config) {
  RelyingPartySettings& settings = config.webauthn.relying_party;
  const bool is_asked_for = !settings.id.empty() || !settings.origins.empty();
  if (settings.id.empty()) settings.id = host_of(config.server.public_url);
  if (settings.origins.empty()) {
    if (is_within(config.server.public_url, settings.id)) settings.origins.push_back(config.server.public_url);
    for (const std::string& origin : config.server.allowed_origins) {
      if (is_within(origin, settings.id)) settings.origins.push_back(origin);
    }
  }
  const auto created = RelyingParty::create(settings);
  config.webauthn.is_possible = created.has_value();
  if (created || !is_asked_for) return {};
  return broken("webauthn: " + created.error().message +
                ". Browsers make passkeys for domain names, not for IP addresses, and on https pages (or http on localhost)");
}

}  // namespace

std::string_view host_of(std::string_view public_url) {
  const std::size_t begin = public_url.find("://") + 3;
  const std::string_view authority = public_url.substr(begin);
  if (authority.starts_with('[')) return authority.substr(0, authority.find(']') + 1);
  return authority.substr(0, authority.find(':'));
}

bool is_plain_localhost(std::string_view public_url) {
  return public_url.starts_with("http://") && is_localhost(host_of(public_url));
}

bool is_plain_public(std::string_view public_url) {
  return public_url.starts_with("http://") && !is_localhost(host_of(public_url));
}

bool can_send_mail(const Config& config) {
  const bool has_terminal = is_plain_localhost(config.server.public_url) && config.log.format == LogFormat::kText;
  return !config.mail.smtp_url.empty() || has_terminal;
}

Rule apply_config_rules(Config& config) {
  auto kept = check_server(config);
  if (kept) kept = check_cookies(config);
  if (kept) kept = check_tokens(config);
  if (kept) kept = check_keys(config);
  if (kept) kept = check_sessions(config.session);
  if (kept) kept = check_webauthn(config);
  if (kept) kept = check_places(config);
  if (kept) kept = check_oauth_clients(config.oauth_clients);
  if (kept) kept = check_mail(config);
  if (kept) kept = check_issuers(config);
  if (kept) kept = check_webhooks(config.webhooks);
  return kept;
}

}  // namespace rescind
