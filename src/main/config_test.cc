#include "main/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <set>

#include "main/nearest_name.h"
#include "main/settings.h"

namespace rescind {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

ConfigSources file(const std::string& toml) { return ConfigSources{ConfigFile{"rescind.toml", toml}, {}, {}}; }
ConfigSources variable(const std::string& name, const std::string& text) { return ConfigSources{{}, {{name, text}}, {}}; }
ConfigSources flag(const std::string& name, const std::string& text) { return ConfigSources{{}, {}, {{name, text}}}; }

Config good(const ConfigSources& sources) {
  auto config = parse_config(sources);
  EXPECT_TRUE(config) << config.error().message;
  return config ? *config : Config{};
}

std::string problem(const ConfigSources& sources) {
  const auto config = parse_config(sources);
  return config ? "no problem" : config.error().message;
}

TEST(Config, WithoutAnySourceHasTheDocumentedDefaults) {
  const Config config = good({});
  EXPECT_EQ(config.data, "./data");
  EXPECT_EQ(config.server.listen.host, "127.0.0.1");
  EXPECT_EQ(config.server.listen.port, 8080);
  EXPECT_EQ(config.server.public_url, "http://localhost:8080");
  EXPECT_EQ(config.server.threads, 0u);
  EXPECT_EQ(config.store.kind, StoreKind::kSqlite);
  EXPECT_EQ(config.store.path, "./data/rescind.db");
  EXPECT_EQ(config.token.issuer, "http://localhost:8080");
  EXPECT_EQ(config.token.audience, "http://localhost:8080");
  EXPECT_EQ(config.token.algorithm, Algorithm::kEs256);
  EXPECT_EQ(config.token.access_ttl, seconds(900));
  EXPECT_EQ(config.token.leeway, seconds(5));
  EXPECT_EQ(config.session.refresh_grace, seconds(30));
  EXPECT_EQ(config.session.idle_ttl, seconds(14 * 86'400));
  EXPECT_EQ(config.session.absolute_ttl, seconds(90 * 86'400));
  EXPECT_EQ(config.session.on_reuse, SessionPolicy::OnReuse::kSession);
  EXPECT_EQ(config.password.memory_kib, 19'456u);
  EXPECT_EQ(config.password.iterations, 2u);
  EXPECT_EQ(config.password.parallelism, 1u);
  EXPECT_EQ(config.store.max_queued, 4096u);
  EXPECT_EQ(config.password.max_queued, 256u);
  EXPECT_EQ(config.password_threads, 1u);
  EXPECT_EQ(config.cookie.same_site, SameSite::kStrict);
  EXPECT_FALSE(config.cookie.secure_names);
  EXPECT_EQ(config.feed_lease, seconds(5));
  EXPECT_EQ(config.verify.cache_tokens, 65'536u);
  EXPECT_EQ(config.verify.cache_memory_kib, 65'536u);
  EXPECT_EQ(config.log.level, LogLevel::kInfo);
  EXPECT_EQ(config.log.format, LogFormat::kText);
}

TEST(Config, FlagBeatsVariableBeatsFileBeatsDefault) {
  ConfigSources sources = file("[session]\nrefresh_grace = \"10s\"\n");
  EXPECT_EQ(good(sources).session.refresh_grace, seconds(10));
  sources.variables = {{"RESCIND_SESSION_REFRESH_GRACE", "20s"}};
  EXPECT_EQ(good(sources).session.refresh_grace, seconds(20));
  sources.flags = {{"--session.refresh-grace", "25s"}};
  EXPECT_EQ(good(sources).session.refresh_grace, seconds(25));
}

TEST(Config, OverridingAValueDoesNotExcuseAWrongOneBelow) {
  ConfigSources sources = file("[session]\nrefresh_grace = \"soon\"\n");
  sources.flags = {{"--session.refresh-grace", "25s"}};
  EXPECT_THAT(problem(sources), HasSubstr("session.refresh_grace (rescind.toml:2)"));
}

TEST(Config, NamesAnUnknownKeyOfTheFileWithItsLineAndTheNearestKnownOne) {
  EXPECT_THAT(problem(file("[session]\n\nrefresh_grase = \"30s\"")),
              HasSubstr("unknown setting session.refresh_grase (rescind.toml:3)"));
  EXPECT_THAT(problem(file("[session]\nrefresh_grase = \"30s\"")), HasSubstr("the nearest is session.refresh_grace"));
  EXPECT_THAT(problem(file("dada = \"x\"")), HasSubstr("the nearest is data"));
  EXPECT_THAT(problem(file("[sessions]\nidle_ttl = \"1d\"")), HasSubstr("unknown setting sessions.idle_ttl"));
  EXPECT_THAT(problem(file("[oauth]\nclient = []")), HasSubstr("the nearest is oauth.clients"));
}

TEST(Config, NamesAnUnknownVariableAndTheNearestKnownOne) {
  EXPECT_EQ(problem(variable("RESCIND_SESION_IDLE_TTL", "1d")),
            "unknown variable RESCIND_SESION_IDLE_TTL; the nearest is RESCIND_SESSION_IDLE_TTL");
}

TEST(Config, NamesAnUnknownFlagAndTheNearestKnownOne) {
  EXPECT_EQ(problem(flag("--session.idle_ttl", "1d")), "unknown flag --session.idle_ttl; the nearest is --session.idle-ttl");
}

TEST(Config, LetsVariablesPassThatTheProgramReadsItselfOrThatAnOrchestratorSets) {
  for (const char* name : {"RESCIND_CONFIG", "RESCIND_ADMIN_KEY", "RESCIND_MASTER_SECRET", "RESCIND_PORT",
                           "RESCIND_PORT_8080_TCP_ADDR", "RESCIND_SERVICE_HOST"}) {
    EXPECT_EQ(problem(variable(name, "x")), "no problem") << name;
  }
}

TEST(Config, RefusesAValueOfTheWrongTomlType) {
  EXPECT_THAT(problem(file("[session]\nrefresh_grace = 30")),
              HasSubstr("session.refresh_grace (rescind.toml:2): must be a string"));
  EXPECT_THAT(problem(file("[server]\nthreads = \"2\"")), HasSubstr("server.threads (rescind.toml:2): must be a whole number"));
  EXPECT_THAT(problem(file("[server]\nthreads = 2.0")), HasSubstr("must be a whole number"));
  EXPECT_THAT(problem(file("[server]\nallowed_origins = \"https://a.example\"")), HasSubstr("must be a list of strings"));
  EXPECT_THAT(problem(file("[server]\nallowed_origins = [1]")), HasSubstr("must be a list of strings"));
  EXPECT_THAT(problem(file("[login]\nrequire_verified_email = \"true\"")), HasSubstr("must be true or false"));
  EXPECT_THAT(problem(file("[data]\nx = 1")), HasSubstr("unknown setting data.x"));
  EXPECT_THAT(problem(file("session = 1")), HasSubstr("unknown setting session"));
  EXPECT_THAT(problem(file("[session.idle_ttl]\nx = 1")), HasSubstr("session.idle_ttl (rescind.toml:1): must be a string"));
}

TEST(Config, RefusesAFileThatIsNotToml) {
  EXPECT_THAT(problem(file("[session\n")), HasSubstr("rescind.toml:1 is not TOML"));
  EXPECT_THAT(problem(file("data = \"a\"\ndata = \"b\"\n")), HasSubstr("rescind.toml:2 is not TOML"));
}

struct BadValue {
  const char* flag;
  const char* text;
  const char* problem;
};

TEST(Config, RefusesEachValueOutsideItsRange) {
  const BadValue bad_values[] = {
      {"--data", "", "the directory must have a name"},
      {"--server.listen", "8080", "is not HOST:PORT"},
      {"--server.listen", ":8080", "is not HOST:PORT"},
      {"--server.listen", "example.com:80", "is not HOST:PORT"},
      {"--server.listen", "127.0.0.1:65536", "is not HOST:PORT"},
      {"--server.listen", "::1:80", "is not HOST:PORT"},
      {"--server.listen", "[127.0.0.1]:80", "is not HOST:PORT"},
      {"--server.public-url", "localhost:8080", "is not scheme://host"},
      {"--server.public-url", "https://a.example/", "without a path"},
      {"--server.public-url", "https://a.example/auth", "without a path"},
      {"--server.public-url", "https://a.example:443", "default port"},
      {"--server.public-url", "https://A.example", "in lower case"},
      {"--server.public-url", "https://me@a.example", "is not scheme://host"},
      {"--server.public-url", "https://", "is not scheme://host"},
      {"--server.public-url", "ftp://a.example", "is not scheme://host"},
      {"--server.allowed-origins", "https://a.example,https://b.example/", "without a path"},
      {"--server.allowed-origins", "*", "is not scheme://host"},
      {"--server.allowed-origins", "null", "is not scheme://host"},
      {"--server.threads", "257", "is not a number from 0 to 256"},
      {"--server.threads", "-1", "is not a number from 0 to 256"},
      {"--store.url", "postgres://db", "is neither memory: nor sqlite:PATH"},
      {"--store.url", "sqlite:", "is neither memory: nor sqlite:PATH"},
      {"--token.issuer", "my issuer", "visible ASCII"},
      {"--token.algorithm", "none", "is not one of ES256"},
      {"--token.algorithm", "es256", "is not one of ES256"},
      {"--token.algorithm", "HS256", "HS256 needs token.secret_file"},
      {"--token.access-ttl", "0s", "is not a duration from 1s to 24h"},
      {"--token.access-ttl", "25h", "is not a duration from 1s to 24h"},
      {"--token.access-ttl", "1500ms", "is not in whole seconds"},
      {"--token.leeway", "6m", "is not a duration from 0s to 5m"},
      {"--token.secret-file", "/tmp/x", "it is for HS256 only"},
      {"--token.previous-secret-files", "a,b,c,d,e,f,g,h,i", "at most 8 files"},
      {"--keys.rotate-every", "4000d", "is not a duration from 0s to 3650d"},
      {"--keys.rotate-every", "1h", "must be longer than keys.publish_ahead"},
      {"--keys.publish-ahead", "31d", "is not a duration from 0s to 30d"},
      {"--session.refresh-grace", "2h", "is not a duration from 0s to 1h"},
      {"--session.idle-ttl", "30s", "must be shorter than session.idle_ttl"},
      {"--session.idle-ttl", "91d", "must not be longer than session.absolute_ttl"},
      {"--session.absolute-ttl", "4000d", "is not a duration from 1s to 3650d"},
      {"--session.on-reuse", "all", "is not one of session, user"},
      {"--session.max-per-user", "1001", "is not a number from 0 to 1000"},
      {"--session.limit-policy", "queue", "is not one of evict, reject"},
      {"--login.free-attempts", "0", "is not a number from 1 to 1000000"},
      {"--login.account-free-attempts", "0", "is not a number from 1 to 1000000"},
      {"--login.address-free-attempts", "1000001", "is not a number from 1 to 1000000"},
      {"--login.longest-wait", "2d", "is not a duration from 1s to 1d"},
      {"--password.memory", "1KiB", "is not a size from 1MiB to 4GiB"},
      {"--password.memory", "19", "is not a size from 1MiB to 4GiB"},
      {"--password.memory", "1048577B", "is not in whole KiB"},
      {"--password.iterations", "0", "is not a number from 1 to 100"},
      {"--verify.cache-tokens", "16777217", "is not a number from 0 to 16777216"},
      {"--verify.cache-memory", "1023KiB", "is not a size from 1MiB to 64GiB"},
      {"--password.parallelism", "17", "is not a number from 1 to 16"},
      {"--password.threads", "0", "is not a number from 1 to 64"},
      {"--store.max-queued", "0", "is not a number from 1 to 1000000"},
      {"--password.max-queued", "0", "is not a number from 1 to 65536"},
      {"--cookie.same-site", "Strict", "is not one of strict, lax, none"},
      {"--cookie.secure", "never", "is not one of auto, always"},
      {"--login.sign-up-free-attempts", "0", "is not a number from 1 to 1000000"},
      {"--server.tls-cert", "/etc/rescind/tls.crt", "give both or none"},
      {"--server.tls-key", "/etc/rescind/tls.key", "give both or none"},
      {"--mail.smtp-url", "mail.example", "it must be smtp://"},
      {"--mail.smtp-url", "http://mail.example", "it must be smtp://"},
      {"--mail.smtp-url", "smtp://mail.example/x", "it must be smtp://"},
      {"--mail.smtp-url", "smtp://", "it must be smtp://"},
      {"--mail.smtp-url", "smtp://me:secret@mail.example", "the password does not stand here"},
      {"--mail.smtp-url", "smtp://me@mail.example", "go together"},
      {"--mail.smtp-url", "smtp://mail.example", "it must be there where there is mail.smtp_url"},
      {"--mail.smtp-password-file", "/etc/rescind/mail", "there is no mail.smtp_url"},
      {"--mail.from", "somebody", "it must be ADDRESS or NAME <ADDRESS>"},
      {"--mail.tls", "maybe", "is not one of auto, required, none"},
      {"--mail.reset-url", "/reset", "it must be an http or https URL"},
      {"--mail.reset-url", "javascript:alert(1)", "it must be an http or https URL"},
      {"--mail.reset-url", "https://a.example/#x", "without a fragment"},
      {"--mail.verify-url", "a.example", "it must be an http or https URL"},
      {"--mail.change-email-url", "a.example", "it must be an http or https URL"},
      {"--mail.free-per-account", "0", "is not a number from 1 to 1000000"},
      {"--mail.free-per-address", "0", "is not a number from 1 to 1000000"},
      {"--feed.lease", "500ms", "is not a duration from 1s to 5m"},
      {"--login.require-verified-email", "yes", "is not one of true, false"},
      {"--login.deletion-max-age", "2d", "is not a duration from 1s to 1d"},
      {"--login.email-change-max-age", "2d", "is not a duration from 1s to 1d"},
      {"--webauthn.rp-id", "127.0.0.1", "is not a domain"},
      {"--webauthn.origins", "https://example.com", "is not within the RP ID"},
      {"--webauthn.user-verification", "perhaps", "is not one of required"},
      {"--webauthn.registration-max-age", "2d", "is not a duration from 1s to 1d"},
      {"--log.level", "loud", "is not one of debug"},
      {"--log.format", "xml", "is not one of text, json"},
  };
  std::set<std::string> covered;
  for (const BadValue& bad : bad_values) {
    EXPECT_THAT(problem(flag(bad.flag, bad.text)), HasSubstr(bad.problem)) << bad.flag << "=" << bad.text;
    covered.insert(bad.flag);
  }
  for (const Setting& setting : all_settings()) {
    // Any audience is fine that an issuer may be; a network and a path are checked where they are used, a
    // name is for people.
    if (setting.name == "token.audience" || setting.name == "server.trusted_proxies") continue;
    if (setting.name == "feed.index_file" || setting.name == "mail.ca_file" || setting.name == "mail.templates") continue;
    if (setting.name.ends_with("master_secret_file")) continue;
    if (setting.name == "webauthn.rp_name") continue;
    EXPECT_TRUE(covered.count(flag_name(setting))) << "no bad value of " << setting.name << " is tried";
  }
}

ConfigSources mail_flags(std::vector<NamedText> more) {
  ConfigSources sources;
  sources.flags = {{"--mail.from", "Rescind <id@example.com>"}};
  sources.flags.insert(sources.flags.end(), more.begin(), more.end());
  return sources;
}

TEST(Config, MailIsEncryptedExceptToThisMachineOrWhereToldOtherwise) {
  const auto tls_for = [](const char* url) { return good(mail_flags({{"--mail.smtp-url", url}})).mail.tls; };
  for (const char* url : {"smtp://mail.example", "smtp://mail.example:587", "smtp://192.0.2.1", "smtps://127.0.0.1"}) {
    EXPECT_EQ(tls_for(url), MailTls::kRequired) << url;
  }
  for (const char* url : {"smtp://localhost", "smtp://127.0.0.1:2525", "smtp://[::1]:25"})
    EXPECT_EQ(tls_for(url), MailTls::kNone) << url;
  EXPECT_EQ(good(mail_flags({{"--mail.smtp-url", "smtp://mail.example"}, {"--mail.tls", "none"}})).mail.tls, MailTls::kNone);
  EXPECT_EQ(good(mail_flags({{"--mail.smtp-url", "smtp://127.0.0.1"}, {"--mail.tls", "required"}})).mail.tls,
            MailTls::kRequired);
  EXPECT_THAT(problem(mail_flags({{"--mail.smtp-url", "smtps://mail.example"}, {"--mail.tls", "none"}})),
              HasSubstr("exclude each other"));
}

TEST(Config, AnAddressThatHasToBeVerifiedNeedsAWayToSendMail) {
  const auto with = [](std::vector<NamedText> more) {
    more.push_back({"--login.require-verified-email", "true"});
    return mail_flags(std::move(more));
  };
  EXPECT_EQ(good(with({})).email_rule, EmailRule::kVerifiedOnly) << "on localhost a person reads the mail on standard error";
  const NamedText url{"--server.public-url", "https://id.example"};
  EXPECT_EQ(good(with({url, {"--mail.smtp-url", "smtp://mail.example"}})).email_rule, EmailRule::kVerifiedOnly);
  EXPECT_THAT(problem(with({url})), HasSubstr("login.require_verified_email"));
  EXPECT_THAT(problem(with({{"--log.format", "json"}})), HasSubstr("login.require_verified_email"));
  EXPECT_EQ(good(file("[login]\nrequire_verified_email = true")).email_rule, EmailRule::kVerifiedOnly);
}

TEST(Config, TheMailUserIsTakenOutOfTheUrl) {
  const MailConfig mail =
      good(mail_flags({{"--mail.smtp-url", "smtp://me%40example.com@mail.example:587"}, {"--mail.smtp-password-file", "x"}}))
          .mail;
  EXPECT_EQ(mail.smtp_url, "smtp://mail.example:587");
  EXPECT_EQ(mail.smtp_user, "me@example.com");
  EXPECT_EQ(mail.reset_url, "http://localhost:8080/reset-password");
}

TEST(Config, SaysWhereAWrongValueStands) {
  EXPECT_THAT(problem(variable("RESCIND_LOG_LEVEL", "loud")), HasSubstr("log.level (RESCIND_LOG_LEVEL): \"loud\""));
  EXPECT_THAT(problem(flag("--log.level", "loud")), HasSubstr("log.level (--log.level): \"loud\""));
  EXPECT_THAT(problem(file("\n[log]\nlevel = \"loud\"")), HasSubstr("log.level (rescind.toml:3): \"loud\""));
}

TEST(Config, ReadsListsFromTheFileAndSeparatedByCommas) {
  EXPECT_THAT(good(file("[server]\ntrusted_proxies = [\"10.0.0.0/8\", \"::1/128\"]")).server.trusted_proxies,
              ElementsAre("10.0.0.0/8", "::1/128"));
  EXPECT_THAT(good(variable("RESCIND_SERVER_TRUSTED_PROXIES", "10.0.0.0/8,::1/128")).server.trusted_proxies,
              ElementsAre("10.0.0.0/8", "::1/128"));
}

TEST(Config, TakesEveryKindOfListenAddress) {
  EXPECT_EQ(good(flag("--server.listen", "[::1]:80")).server.listen.host, "::1");
  EXPECT_EQ(good(flag("--server.listen", "0.0.0.0:0")).server.listen.port, 0);
  EXPECT_EQ(good(flag("--server.listen", "localhost:9000")).server.listen.host, "localhost");
}

TEST(Config, DerivesThePublicUrlIssuerAudienceAndStoreFromWhatIsGiven) {
  EXPECT_EQ(good(flag("--server.listen", "127.0.0.1:9000")).token.audience, "http://localhost:9000");
  EXPECT_EQ(good(flag("--server.listen", "127.0.0.1:0")).server.public_url, "http://localhost");
  EXPECT_EQ(good(flag("--server.public-url", "https://id.example")).token.issuer, "https://id.example");
  EXPECT_EQ(good(flag("--token.issuer", "urn:me")).token.audience, "urn:me");
  EXPECT_EQ(good(flag("--data", "/var/lib/rescind")).store.path, "/var/lib/rescind/rescind.db");
  EXPECT_EQ(good(flag("--store.url", "sqlite:/srv/x.db")).store.path, "/srv/x.db");
  EXPECT_EQ(good(flag("--store.url", "memory:")).store.kind, StoreKind::kMemory);
}

TEST(Config, WithACertificateThePublicUrlIsHttps) {
  const auto with_tls = [](NamedText more) {
    return ConfigSources{{}, {}, {{"--server.tls-cert", "a.crt"}, {"--server.tls-key", "a.key"}, std::move(more)}};
  };
  EXPECT_EQ(good(with_tls({"--server.listen", "0.0.0.0:8443"})).server.public_url, "https://localhost:8443");
  EXPECT_EQ(good(with_tls({"--server.listen", "0.0.0.0:443"})).server.public_url, "https://localhost");
  EXPECT_EQ(good(with_tls({"--server.listen", "0.0.0.0:80"})).server.public_url, "https://localhost:80");
  EXPECT_TRUE(good(with_tls({"--server.listen", "0.0.0.0:443"})).cookie.secure_names);
  EXPECT_EQ(good(with_tls({"--server.public-url", "https://id.example"})).server.public_url, "https://id.example");
  EXPECT_THAT(problem(with_tls({"--server.public-url", "http://localhost:8443"})), HasSubstr("the server speaks https"));
}

TEST(Config, CookiesLoseTheirSecureNamesOnPlainHttpLocalhostOnly) {
  for (const char* url : {"http://localhost:8080", "http://127.0.0.1", "http://[::1]:8080"}) {
    EXPECT_FALSE(good(flag("--server.public-url", url)).cookie.secure_names) << url;
  }
  EXPECT_TRUE(good(flag("--server.public-url", "https://localhost:8080")).cookie.secure_names);
  EXPECT_TRUE(good(flag("--cookie.secure", "always")).cookie.secure_names);
}

TEST(Config, RefusesPlainHttpOnAPublicHostUnlessSecureCookiesAreWantedAllTheSame) {
  for (const char* url : {"http://id.example", "http://localhost.evil.example", "http://127.0.0.1.evil.example:80800"}) {
    EXPECT_NE(problem(flag("--server.public-url", url)), "no problem") << url;
  }
  ConfigSources sources = flag("--server.public-url", "http://id.example");
  EXPECT_THAT(problem(sources), HasSubstr("is plain http on a host other than localhost"));
  sources.flags.push_back({"--cookie.secure", "always"});
  EXPECT_TRUE(good(sources).cookie.secure_names);
}

TEST(Config, SameSiteNoneNeedsSecureCookies) {
  ConfigSources sources = flag("--cookie.same-site", "none");
  EXPECT_THAT(problem(sources), HasSubstr("cookie.same_site: \"none\" needs Secure cookies"));
  sources.flags.push_back({"--server.public-url", "https://id.example"});
  EXPECT_EQ(good(sources).cookie.same_site, SameSite::kNone);
}

TEST(Config, PasskeysAreForThePublicUrlsHostAndForAllowedOriginsWithinIt) {
  EXPECT_EQ(good({}).webauthn.relying_party.id, "localhost");
  EXPECT_THAT(good({}).webauthn.relying_party.origins, ElementsAre("http://localhost:8080"));
  const Config config =
      good(file("[server]\npublic_url = \"https://id.example.com\"\nallowed_origins = [\"https://app.id.example.com\","
                " \"https://example.com\", \"https://evilid.example.com\"]\n"));
  EXPECT_EQ(config.webauthn.relying_party.id, "id.example.com");
  EXPECT_THAT(config.webauthn.relying_party.origins, ElementsAre("https://id.example.com", "https://app.id.example.com"));
  EXPECT_TRUE(config.webauthn.is_possible);
  EXPECT_EQ(config.webauthn.policy.user_verification, UserVerification::kRequired);
  EXPECT_EQ(config.webauthn.policy.registration_max_age, seconds(900));
}

TEST(Config, APublicUrlThatCanHaveNoPasskeysIsGoodUnlessTheyAreAskedFor) {
  for (const char* url : {"http://127.0.0.1:8080", "https://203.0.113.7", "https://[2001:db8::1]:8443"}) {
    const std::string server = "[server]\npublic_url = \"" + std::string(url) + "\"\n";
    EXPECT_FALSE(good(file(server)).webauthn.is_possible) << url;
    EXPECT_THAT(problem(file(server + "[webauthn]\norigins = [\"https://example.com\"]\n")), HasSubstr("not for IP addresses"));
  }
}

TEST(Config, RefusesARelyingPartyThatNoBrowserWouldTake) {
  EXPECT_THAT(problem(flag("--webauthn.rp-id", "127.0.0.1")), HasSubstr("not for IP addresses"));
  EXPECT_THAT(problem(flag("--webauthn.rp-id", "Example.com")), HasSubstr("is not a domain"));
  EXPECT_THAT(problem(flag("--webauthn.rp-id", "example.com")), HasSubstr("at least one origin"));
  EXPECT_THAT(problem(flag("--webauthn.origins", "https://example.com")), HasSubstr("is not within the RP ID \"localhost\""));
  EXPECT_THAT(problem(flag("--webauthn.origins", "http://localhost:8080/")), HasSubstr("is not an origin"));
}

TEST(Config, ReadsOAuthClientsFromTheFile) {
  const Config config =
      good(file("[[oauth.clients]]\nid = \"shop\"\nsecret_file = \"/s\"\n[[oauth.clients]]\nid = \"b\"\nsecret_file = \"/b\""));
  ASSERT_EQ(config.oauth_clients.size(), 2u);
  EXPECT_EQ(config.oauth_clients[0].id, "shop");
  EXPECT_EQ(config.oauth_clients[1].secret_file, "/b");
}

TEST(Config, RefusesOAuthClientsThatAreIncompleteUnknownOrTwice) {
  EXPECT_THAT(problem(file("[[oauth.clients]]\nid = \"shop\"")), HasSubstr("a client needs id and secret_file"));
  EXPECT_THAT(problem(file("[[oauth.clients]]\nid = \"shop\"\nsecret = \"x\"")),
              HasSubstr("unknown setting oauth.clients.secret"));
  EXPECT_THAT(problem(file("[[oauth.clients]]\nid = 1\nsecret_file = \"x\"")), HasSubstr("must be a string"));
  EXPECT_THAT(problem(file("[oauth]\nclients = [1]")), HasSubstr("must be an array of tables"));
  EXPECT_THAT(problem(file("[oauth]\nclients = \"shop\"")), HasSubstr("must be an array"));
  EXPECT_THAT(problem(file("[[oauth.clients]]\nid = \"a:b\"\nsecret_file = \"x\"")), HasSubstr("without a colon"));
  const std::string one = "[[oauth.clients]]\nid = \"a\"\nsecret_file = \"x\"\n";
  EXPECT_THAT(problem(file(one + one)), HasSubstr("the id \"a\" stands twice"));
}

TEST(Config, ShippedFileIsExactlyWhatTheTableRenders) {
  std::ifstream shipped("rescind.toml");
  const std::string text{std::istreambuf_iterator<char>(shipped), {}};
  EXPECT_EQ(text, render_default_config()) << "write it anew: build/release/rescind config > rescind.toml";
}

TEST(Config, ShippedFileChangesNothingAsItIsAndNothingButDerivedValuesUncommented) {
  EXPECT_EQ(problem(file(render_default_config())), "no problem");
  std::string active;
  std::istringstream lines(render_default_config());
  for (std::string line; std::getline(lines, line);) {
    if (line == "#[[oauth.clients]]") break;
    active += (line.starts_with("#") && !line.starts_with("# ") ? line.substr(1) : line) + "\n";
  }
  const Config config = good(file(active));
  EXPECT_EQ(config.store.path, good({}).store.path);
  EXPECT_EQ(config.token.audience, good({}).token.audience);
  EXPECT_EQ(config.feed_lease, good({}).feed_lease);
}

TEST(Config, EverySettingShowsItsDefaultInTheShippedFile) {
  for (const Setting& setting : all_settings()) {
    if (setting.default_text.empty()) continue;
    std::string shown(setting.shown);
    if (setting.type == SettingType::kText) shown = shown.substr(1, shown.size() - 2);
    EXPECT_EQ(shown, setting.default_text) << setting.name;
  }
}

TEST(NearestName, HasTheLeastEditDistance) {
  EXPECT_EQ(nearest_name("log.levle", {"log.format", "log.level", "data"}), "log.level");
  EXPECT_EQ(nearest_name(std::string(100'000, 'x'), {"data"}), "data");
  EXPECT_EQ(nearest_name("x", {}), "");
}

}  // namespace
}  // namespace rescind
