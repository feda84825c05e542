// The configuration: one plain struct, made once at start from defaults, a TOML file, RESCIND_* variables and flags.
//
// main/settings.cc has the one table that names every setting; file, variable, flag and the shipped rescind.toml follow
// from it. A flag beats a variable, a variable beats the file. What is not known, of the wrong type or out of range is an
// error that names the setting and where it stands.
#ifndef RESCIND_MAIN_CONFIG_H_
#define RESCIND_MAIN_CONFIG_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/log.h"
#include "domain/event.h"
#include "domain/session.h"
#include "http/api.h"
#include "issuers/jwks_source.h"
#include "rescind/algorithm.h"
#include "rescind/foreign_token.h"
#include "rescind/result.h"
#include "service/email_verification.h"
#include "service/log_in_limits.h"
#include "service/passkeys.h"
#include "service/password_hasher.h"
#include "webauthn/relying_party.h"
#include "wire/server.h"

namespace rescind {

enum class StoreKind : std::uint8_t { kMemory, kSqlite };
enum class CookieSecurity : std::uint8_t { kAuto, kAlways };

struct ServerConfig {
  ListenAddress listen;
  std::string public_url;
  std::vector<std::string> trusted_proxies;
  std::vector<std::string> allowed_origins;
  std::size_t threads = 0;  // 0: one per core
  std::string tls_cert;     // and tls_key: PEM files; both empty: plain HTTP
  std::string tls_key;
};

struct StoreConfig {
  StoreKind kind = StoreKind::kSqlite;
  std::string path;  // of the SQLite file
  std::size_t max_queued = 0;
};

struct TokenConfig {
  std::string issuer;
  std::string audience;
  Algorithm algorithm = Algorithm::kEs256;
  std::chrono::seconds access_ttl{0};
  std::chrono::seconds leeway{0};
  std::string secret_file;  // HS256 only
  std::vector<std::string> previous_secret_files;
};

struct KeysConfig {
  std::chrono::seconds rotate_every{0};  // 0: by hand only
  std::chrono::seconds publish_ahead{0};
  std::string master_secret_file;
  std::string previous_master_secret_file;
};

struct CookieConfig {
  SameSite same_site = SameSite::kStrict;
  CookieSecurity security = CookieSecurity::kAuto;
  bool secure_names = true;  // decided from `security` and the public URL
};

struct OAuthClientConfig {
  std::string id;
  std::string secret_file;
};

struct VerifyConfig {
  std::size_t cache_tokens = 0;  // of each thread
  std::uint32_t cache_memory_kib = 0;
};

// A trusted issuer: exactly one of jwks.url, jwks.file and secret_file is set.
struct IssuerConfig {
  std::string name;
  ForeignPolicy policy;
  JwksPolicy jwks;
  std::string secret_file;
  std::string key_id;  // of the secret; empty: its tokens name none
  bool allow_http = false;
  bool accept_any_audience = false;
};

struct WebhookConfig {
  std::string name;
  std::string url;
  std::string secret_file;
  std::string previous_secret_file;
  std::string ca_file;
  std::chrono::milliseconds timeout{10'000};
  std::set<EventType> events;  // empty: all
};

enum class MailTls : std::uint8_t { kAuto, kRequired, kNone };

struct MailConfig {
  std::string smtp_url;   // without a user; empty: no SMTP
  std::string smtp_user;  // taken from the URL
  std::string smtp_password_file;
  std::string from;
  MailTls tls = MailTls::kAuto;  // decided: kRequired or kNone
  std::string ca_file;
  std::string templates;
  std::string reset_url;
  std::string verify_url;
  std::string change_email_url;
};

struct WebauthnConfig {
  RelyingPartySettings relying_party;
  PasskeyPolicy policy;
  bool is_possible = true;  // false where nothing was set and the public URL cannot have passkeys
};

struct LogConfig {
  LogLevel level = LogLevel::kInfo;
  LogFormat format = LogFormat::kText;
};

struct Config {
  std::string data;
  ServerConfig server;
  StoreConfig store;
  TokenConfig token;
  KeysConfig keys;
  SessionPolicy session;
  LogInLimits log_in;
  EmailRule email_rule = EmailRule::kAnyAddress;
  std::chrono::seconds deletion_max_age{0};
  std::chrono::seconds email_change_max_age{0};
  PasswordPolicy password;
  std::size_t password_threads = 0;
  CookieConfig cookie;
  MailConfig mail;
  std::chrono::milliseconds feed_lease{0};
  std::string feed_index_file;  // empty: the index is in memory
  VerifyConfig verify;
  WebauthnConfig webauthn;
  std::vector<OAuthClientConfig> oauth_clients;
  std::vector<IssuerConfig> issuers;
  std::vector<WebhookConfig> webhooks;
  LogConfig log;
};

struct NamedText {
  std::string name;
  std::string text;
};

struct ConfigFile {
  std::string path;  // for messages
  std::string toml;
};

// Everything that is not a default. Pure data: who reads the file and the environment is main/command_line.cc.
struct ConfigSources {
  std::optional<ConfigFile> file;
  std::vector<NamedText> variables;  // those that begin with RESCIND_
  std::vector<NamedText> flags;      // name with its dashes: "--session.refresh-grace"
};

struct ConfigError {
  std::string message;
};

Result<Config, ConfigError> parse_config(const ConfigSources& sources);

// The text of the shipped rescind.toml: every setting with its default and what it is for, commented out.
std::string render_default_config();

}  // namespace rescind

#endif  // RESCIND_MAIN_CONFIG_H_
