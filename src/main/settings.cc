#include "main/settings.h"

#include <algorithm>

#include "main/setting_values.h"

namespace rescind {
namespace {

// Two shorthands for the table below: a setting of one item, and one that is taken as it is.
#define RESCIND_ONE(expression)                       \
  [](SettingItems items, Config& config) -> Problem { \
    const std::string& text = items.front();          \
    return expression;                                \
  }
#define RESCIND_TEXT(member)                          \
  [](SettingItems items, Config& config) -> Problem { \
    config.member = items.front();                    \
    return std::nullopt;                              \
  }
#define RESCIND_LIST(member)                          \
  [](SettingItems items, Config& config) -> Problem { \
    config.member.assign(items.begin(), items.end()); \
    return std::nullopt;                              \
  }

const Choices<Algorithm> kAlgorithms = {{"ES256", Algorithm::kEs256},
                                        {"EdDSA", Algorithm::kEdDsa},
                                        {"RS256", Algorithm::kRs256},
                                        {"PS256", Algorithm::kPs256},
                                        {"HS256", Algorithm::kHs256}};
const Choices<SessionPolicy::OnReuse> kOnReuse = {{"session", SessionPolicy::OnReuse::kSession},
                                                  {"user", SessionPolicy::OnReuse::kUser}};
const Choices<SessionPolicy::AtLimit> kAtLimit = {{"evict", SessionPolicy::AtLimit::kEvict},
                                                  {"reject", SessionPolicy::AtLimit::kReject}};
const Choices<SameSite> kSameSites = {{"strict", SameSite::kStrict}, {"lax", SameSite::kLax}, {"none", SameSite::kNone}};
const Choices<CookieSecurity> kCookieSecurity = {{"auto", CookieSecurity::kAuto}, {"always", CookieSecurity::kAlways}};
const Choices<MailTls> kMailTls = {{"auto", MailTls::kAuto}, {"required", MailTls::kRequired}, {"none", MailTls::kNone}};
const Choices<LogLevel> kLogLevels = {{"debug", LogLevel::kDebug},
                                      {"info", LogLevel::kInfo},
                                      {"warning", LogLevel::kWarning},
                                      {"error", LogLevel::kError},
                                      {"off", LogLevel::kOff}};
const Choices<LogFormat> kLogFormats = {{"text", LogFormat::kText}, {"json", LogFormat::kJson}};

const Choices<UserVerification> kUserVerifications = {{"required", UserVerification::kRequired},
                                                      {"preferred", UserVerification::kPreferred},
                                                      {"discouraged", UserVerification::kDiscouraged}};

const Choices<EmailRule> kEmailRules = {{"true", EmailRule::kVerifiedOnly}, {"false", EmailRule::kAnyAddress}};

Problem set_longest_wait(const std::string& text, LogInLimits& limits) {
  Problem problem = set_duration(text, {"1s", "1d"}, limits.pair.longest_wait);
  limits.account.longest_wait = limits.address.longest_wait = limits.pair.longest_wait;
  return problem;
}

constexpr SettingType kText = SettingType::kText;
constexpr SettingType kNumber = SettingType::kNumber;
constexpr SettingType kList = SettingType::kList;
constexpr SettingType kSwitch = SettingType::kSwitch;

const Setting kSettings[] = {
    {"data", kText, "./data", R"("./data")",
     "Directory for keys and the embedded store; made with mode 0700 where it is missing.\n"
     "One server a directory.",
     RESCIND_TEXT(data)},

    {"server.listen", kText, "127.0.0.1:8080", R"("127.0.0.1:8080")",
     "Address and port: an IPv4 address, an IPv6 address in brackets, or localhost. Port 0 takes a free one.",
     RESCIND_ONE(set_listen_address(text, config.server.listen))},
    {"server.public_url", kText, "", R"("http://localhost:8080")",
     "What clients call this server: scheme, host and port, no path. Default: http://localhost:PORT, and https\n"
     "with server.tls_cert. Behind a proxy that ends TLS this is the https URL.",
     RESCIND_TEXT(server.public_url)},
    {"server.trusted_proxies", kList, "", "[]",
     "Networks (CIDR) of the proxies whose X-Forwarded-For is believed. From any other peer it is ignored.",
     RESCIND_LIST(server.trusted_proxies)},
    {"server.allowed_origins", kList, "", "[]",
     "Further origins whose pages may send requests with our cookies, such as \"https://app.example.com\".\n"
     "The origin of the public URL always may.",
     RESCIND_LIST(server.allowed_origins)},
    {"server.threads", kNumber, "0", "0", "Threads that serve requests; 0 = one per core.",
     RESCIND_ONE(set_number(text, {0, 256}, config.server.threads))},
    {"server.tls_cert", kText, "", R"("")",
     "PEM file with the server's certificate and those that lead to its root, and one with its key, without a\n"
     "passphrase: the server then speaks TLS 1.2 and 1.3 and nothing else. Files that change are taken up within\n"
     "seconds, or at once with SIGHUP, and no connection is dropped. Empty: plain HTTP.",
     RESCIND_TEXT(server.tls_cert)},
    {"server.tls_key", kText, "", R"("")", "The file with the key.", RESCIND_TEXT(server.tls_key)},

    {"store.url", kText, "sqlite:DATA/rescind.db", R"("sqlite:DATA/rescind.db")",
     "Where users, sessions and revocations are kept: sqlite:PATH (DATA/ stands for the data directory), or\n"
     "memory: which forgets everything at exit, revocations too, and is for trying things out.",
     RESCIND_ONE(set_store(text, config.store))},
    {"store.max_queued", kNumber, "4096", "4096",
     "Changes, and as many questions, that may wait for the SQLite store; requests beyond get 503.",
     RESCIND_ONE(set_number(text, {1, 1'000'000}, config.store.max_queued))},

    {"token.issuer", kText, "", R"("http://localhost:8080")",
     "The iss claim. Default: the public URL. Changing it ends every access token.", RESCIND_TEXT(token.issuer)},
    {"token.audience", kText, "", R"("http://localhost:8080")", "The aud claim. Default: the issuer.",
     RESCIND_TEXT(token.audience)},
    {"token.algorithm", kText, "ES256", R"("ES256")", "ES256, EdDSA, RS256, PS256, or HS256 (which needs token.secret_file).",
     RESCIND_ONE(set_choice(text, kAlgorithms, config.token.algorithm))},
    {"token.access_ttl", kText, "15m", R"("15m")",
     "How long an access token lives, 1s to 24h. A revocation is kept as long as the tokens it can touch.",
     RESCIND_ONE(set_duration(text, {"1s", "24h"}, config.token.access_ttl))},
    {"token.leeway", kText, "5s", R"("5s")", "How far the clocks of verifiers may differ, 0 to 5m.",
     RESCIND_ONE(set_duration(text, {"0s", "5m"}, config.token.leeway))},
    {"token.secret_file", kText, "", R"("")",
     "HS256 only: file with the shared secret, at least 32 bytes; one line end behind it is ignored.",
     RESCIND_TEXT(token.secret_file)},
    {"token.previous_secret_files", kList, "", "[]",
     "Files with secrets that signed before and no longer do: their HS256 tokens are good until they expire. At most 8.",
     RESCIND_LIST(token.previous_secret_files)},

    {"keys.rotate_every", kText, "90d", R"("90d")",
     "How long a signing key signs, 1s to 3650d; the key of refresh tokens is exchanged with it. Nobody is signed out.\n"
     "0 = only by POST /admin/keys/rotate.",
     RESCIND_ONE(set_duration(text, {"0s", "3650d"}, config.keys.rotate_every))},
    {"keys.publish_ahead", kText, "1h", R"("1h")",
     "How long a key is published before it signs, 0 to 30d. Longer than verifiers keep the published keys.",
     RESCIND_ONE(set_duration(text, {"0s", "30d"}, config.keys.publish_ahead))},
    {"keys.master_secret_file", kText, "", R"("")",
     "File with the secret that seals the key file, at least 32 random bytes; or the variable RESCIND_MASTER_SECRET.\n"
     "Without one the key file is as safe as its directory.",
     RESCIND_TEXT(keys.master_secret_file)},
    {"keys.previous_master_secret_file", kText, "", R"("")",
     "For one start, to exchange the master secret: what this one has sealed is sealed with the new one.",
     RESCIND_TEXT(keys.previous_master_secret_file)},

    {"session.refresh_grace", kText, "30s", R"("30s")",
     "How long the refresh token before the current one gets the same successor again (two tabs, a lost answer),\n"
     "0 to 1h. 0 = strict: it counts as stolen at once.",
     RESCIND_ONE(set_duration(text, {"0s", "1h"}, config.session.refresh_grace))},
    {"session.idle_ttl", kText, "14d", R"("14d")", "A session without a refresh for this long is over, 1s to 3650d.",
     RESCIND_ONE(set_duration(text, {"1s", "3650d"}, config.session.idle_ttl))},
    {"session.absolute_ttl", kText, "90d", R"("90d")", "A session this old is over, whatever happened in it, 1s to 3650d.",
     RESCIND_ONE(set_duration(text, {"1s", "3650d"}, config.session.absolute_ttl))},
    {"session.on_reuse", kText, "session", R"("session")",
     "What a stolen refresh token ends: its session, or with \"user\" every session of the user.",
     RESCIND_ONE(set_choice(text, kOnReuse, config.session.on_reuse))},

    {"session.max_per_user", kNumber, "0", "0", "Sessions that a user may have at once; 0 = any number.",
     RESCIND_ONE(set_number(text, {0, 1000}, config.session.max_per_user))},
    {"session.limit_policy", kText, "evict", R"("evict")",
     "At that limit: evict ends the oldest session, reject refuses the new one.",
     RESCIND_ONE(set_choice(text, kAtLimit, config.session.at_limit))},

    {"login.free_attempts", kNumber, "5", "5",
     "Wrong passwords for one account from one address without a wait. Each further one doubles the wait, from 1s on.\n"
     "An IPv6 address counts by its first 64 bits.",
     RESCIND_ONE(set_number(text, {1, 1'000'000}, config.log_in.pair.free_attempts))},
    {"login.account_free_attempts", kNumber, "50", "50",
     "The same for one account from anywhere. It does not hold for addresses from which the account has signed in or\n"
     "has reset its password within 30 days: who guesses from elsewhere cannot keep its owner out there.",
     RESCIND_ONE(set_number(text, {1, 1'000'000}, config.log_in.account.free_attempts))},
    {"login.address_free_attempts", kNumber, "300", "300", "The same for one address and any account.",
     RESCIND_ONE(set_number(text, {1, 1'000'000}, config.log_in.address.free_attempts))},
    {"login.sign_up_free_attempts", kNumber, "100", "100", "Accounts made from one address within an hour without a wait.",
     RESCIND_ONE(set_number(text, {1, 1'000'000}, config.log_in.sign_up.free_attempts))},
    {"login.longest_wait", kText, "15m", R"("15m")", "The wait is never longer than this, 1s to 1d.",
     RESCIND_ONE(set_longest_wait(text, config.log_in))},
    {"login.require_verified_email", kSwitch, "false", "false",
     "true: nobody signs in, with a password or a passkey, before the link in a mail has shown that the e-mail address\n"
     "is his; a sign-up opens no session. Sessions that are alive go on. Needs a way to send mail.",
     RESCIND_ONE(set_choice(text, kEmailRules, config.email_rule))},
    {"login.deletion_max_age", kText, "15m", R"("15m")",
     "Who deletes his account must have signed in within this time, or give the password, 1s to 1d.",
     RESCIND_ONE(set_duration(text, {"1s", "1d"}, config.deletion_max_age))},
    {"login.email_change_max_age", kText, "15m", R"("15m")", "The same for who changes the e-mail address of his account.",
     RESCIND_ONE(set_duration(text, {"1s", "1d"}, config.email_change_max_age))},

    {"password.memory", kText, "19MiB", R"("19MiB")",
     "Memory of one argon2id hash, 1MiB to 4GiB. Hashing never takes more than threads times this.",
     RESCIND_ONE(set_kibibytes(text, {"1MiB", "4GiB"}, config.password.memory_kib))},
    {"password.iterations", kNumber, "2", "2", "argon2id's number of passes.",
     RESCIND_ONE(set_number(text, {1, 100}, config.password.iterations))},
    {"password.parallelism", kNumber, "1", "1", "argon2id's number of lanes.",
     RESCIND_ONE(set_number(text, {1, 16}, config.password.parallelism))},
    {"password.threads", kNumber, "1", "1", "Threads that hash passwords.",
     RESCIND_ONE(set_number(text, {1, 64}, config.password_threads))},
    {"password.max_queued", kNumber, "256", "256", "Log-ins that may wait for a hash; further ones get 503.",
     RESCIND_ONE(set_number(text, {1, 65'536}, config.password.max_queued))},

    {"cookie.same_site", kText, "strict", R"("strict")", "strict, lax, or none.",
     RESCIND_ONE(set_choice(text, kSameSites, config.cookie.same_site))},
    {"cookie.secure", kText, "auto", R"("auto")",
     "always: Secure cookies with the __Host- and __Secure- names. auto: the same, except where the public URL is\n"
     "plain http on localhost.",
     RESCIND_ONE(set_choice(text, kCookieSecurity, config.cookie.security))},

    {"mail.smtp_url", kText, "", R"("")",
     "The SMTP server that mails go through: smtp://[USER@]HOST[:PORT], or smtps:// for TLS from the first byte.\n"
     "Empty: no mail is sent; where the public URL is plain http on localhost and the log is text, it is shown on\n"
     "standard error.",
     RESCIND_TEXT(mail.smtp_url)},
    {"mail.smtp_password_file", kText, "", R"("")", "File with the password of that user.",
     RESCIND_TEXT(mail.smtp_password_file)},
    {"mail.from", kText, "", R"("")", "Who mails are from: \"id@example.com\" or \"Example <id@example.com>\".",
     RESCIND_TEXT(mail.from)},
    {"mail.tls", kText, "auto", R"("auto")",
     "required: STARTTLS with a good certificate, or the mail waits. none: in the clear. auto: required, except to a\n"
     "server on this machine.",
     RESCIND_ONE(set_choice(text, kMailTls, config.mail.tls))},
    {"mail.ca_file", kText, "", R"("")", "Certificate authorities (PEM) for that server. Empty: the system's.",
     RESCIND_TEXT(mail.ca_file)},
    {"mail.templates", kText, "", R"("")",
     "Directory with reset.txt and reset.html, verify.txt and verify.html, change.… (to the address that is to be the new\n"
     "one), change-notice.… (to the old one, without a link), in the place of the mails that are built in.\n"
     "The text begins with \"Subject: …\" and an empty line. {{link}}, {{email}}, {{minutes}} and {{name}} are filled in; the\n"
     "name is whatever somebody wrote who made an account, for anybody's address.",
     RESCIND_TEXT(mail.templates)},
    {"mail.reset_url", kText, "", R"("http://localhost:8080/reset-password")",
     "The page where a password is reset; the mail's link has the token behind it as #token=…. Default: our own page.",
     RESCIND_TEXT(mail.reset_url)},
    {"mail.verify_url", kText, "", R"("http://localhost:8080/verify-email")",
     "The same for the page where an e-mail address is verified.", RESCIND_TEXT(mail.verify_url)},
    {"mail.change_email_url", kText, "", R"("http://localhost:8080/change-email")",
     "The same for the page where a new e-mail address is confirmed.", RESCIND_TEXT(mail.change_email_url)},
    {"mail.free_per_account", kNumber, "3", "3",
     "Mails of one kind to one account without a wait; each further one within the hour doubles it, from 1m on. What is\n"
     "over the limit is answered like any other and sends nothing.",
     RESCIND_ONE(set_number(text, {1, 1'000'000}, config.log_in.mail_to_account.free_attempts))},
    {"mail.free_per_address", kNumber, "30", "30", "Mails asked for from one address within an hour without a wait.",
     RESCIND_ONE(set_number(text, {1, 1'000'000}, config.log_in.mail_by_address.free_attempts))},
    {"webauthn.rp_id", kText, "", R"("localhost")",
     "The domain for which passkeys are made: the host of the pages, or a domain above it. Never an IP address,\n"
     "browsers refuse those. Default: the public URL's host; where that is an IP address there are no passkeys.\n"
     "Changing it makes every passkey useless.",
     RESCIND_TEXT(webauthn.relying_party.id)},
    {"webauthn.rp_name", kText, "", R"("localhost")", "What people see beside it. Default: webauthn.rp_id.",
     RESCIND_TEXT(webauthn.relying_party.name)},
    {"webauthn.origins", kList, "", R"(["http://localhost:8080"])",
     "Origins of the pages on which passkeys may be made and used. Default: the public URL and those of\n"
     "server.allowed_origins that are within webauthn.rp_id.",
     RESCIND_LIST(webauthn.relying_party.origins)},
    {"webauthn.user_verification", kText, "required", R"("required")",
     "Whether a passkey has to make sure that it is its user (PIN, fingerprint): required, preferred, discouraged.",
     RESCIND_ONE(set_choice(text, kUserVerifications, config.webauthn.policy.user_verification))},
    {"webauthn.registration_max_age", kText, "15m", R"("15m")",
     "Who adds or removes a passkey must have signed in within this time, 1s to 1d: a stolen token does not become a key, and\n"
     "takes none away.",
     RESCIND_ONE(set_duration(text, {"1s", "1d"}, config.webauthn.policy.registration_max_age))},

    {"feed.lease", kText, "5s", R"("5s")",
     "How long a verifier, this server included, may answer without hearing from the store, 1s to 5m. The bound\n"
     "within which a revocation holds everywhere.",
     RESCIND_ONE(set_duration(text, {"1s", "5m"}, config.feed_lease))},

    {"feed.index_file", kText, "", R"("")",
     "A file in which this server keeps its live revocations, for other processes of this machine to map and check\n"
     "against. Readable by its group. Empty: in memory, for this server alone.",
     RESCIND_TEXT(feed_index_file)},

    {"verify.cache_tokens", kNumber, "65536", "65536",
     "Good tokens that each thread remembers, up to 16777216, so that a signature is checked once and not for every\n"
     "request. Expiry and revocation are checked for every request all the same. With [[issuers]], as many again of\n"
     "theirs. 0 = none.",
     RESCIND_ONE(set_number(text, {0, 16'777'216}, config.verify.cache_tokens))},
    {"verify.cache_memory", kText, "64MiB", R"("64MiB")",
     "Memory that each thread's remembered tokens may take, 1MiB to 64GiB: 2 to 3 KiB each.",
     RESCIND_ONE(set_kibibytes(text, {"1MiB", "64GiB"}, config.verify.cache_memory_kib))},

    {"log.level", kText, "info", R"("info")", "debug, info, warning, error, or off.",
     RESCIND_ONE(set_choice(text, kLogLevels, config.log.level))},
    {"log.format", kText, "text", R"("text")", "text, or json: one object a line.",
     RESCIND_ONE(set_choice(text, kLogFormats, config.log.format))},
};

}  // namespace

std::span<const Setting> all_settings() { return kSettings; }

const Setting* find_setting(std::string_view name) {
  const auto found = std::find_if(std::begin(kSettings), std::end(kSettings), [&](const Setting& s) { return s.name == name; });
  return found == std::end(kSettings) ? nullptr : &*found;
}

std::string flag_name(const Setting& setting) {
  std::string flag = "--" + std::string(setting.name);
  std::replace(flag.begin(), flag.end(), '_', '-');
  return flag;
}

std::string variable_name(const Setting& setting) {
  std::string variable = "RESCIND_" + std::string(setting.name);
  std::transform(variable.begin(), variable.end(), variable.begin(), [](char c) {
    return c == '.' ? '_' : (c >= 'a' && c <= 'z') ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return variable;
}

}  // namespace rescind
