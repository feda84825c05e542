#include "main/serve.h"

#include <cerrno>
#include <csignal>
#include <system_error>
#include <thread>

#include "base/clock.h"
#include "base/metrics.h"
#include "base/random.h"
#include "base/run_to_end.h"
#include "http/api.h"
#include "main/data_directory.h"
#include "main/hashing_threads.h"
#include "main/load_secrets.h"
#include "main/open_issuers.h"
#include "main/open_mail.h"
#include "main/open_store.h"
#include "main/open_webhooks.h"
#include "main/periodic_tasks.h"
#include "main/secret_file.h"
#include "main/stop_signals.h"
#include "main/thread_scheduling.h"
#include "main/tls_files.h"
#include "rescind/index_file.h"
#include "rescind/verifier.h"
#include "service/account_deletion.h"
#include "service/api_keys.h"
#include "service/email_verification.h"
#include "service/key_rotation.h"
#include "service/passkeys.h"
#include "service/password_hasher.h"
#include "service/passwords.h"
#include "service/revocations.h"
#include "service/session_opener.h"
#include "service/sessions.h"
#include "service/token_check.h"
#include "service/users.h"
#include "token/current_keys.h"
#include "webhooks/webhooks.h"
#include "wire/server.h"

namespace rescind {
namespace {

constexpr std::chrono::seconds kDrain{10};
constexpr std::chrono::seconds kKeysInterval{1};
constexpr std::chrono::seconds kTlsFilesInterval{2};

struct Secrets {
  Secret admin_key;
  std::string admin_key_place;
  OperatorSecrets token_secrets;
  MasterSecrets master;
  std::vector<OAuthClient> clients;
};

Result<Secrets> load_secrets(const Config& config, EnvironmentSecrets environment, const DataDirectory& directory,
                             Random& random) {
  Secrets secrets;
  auto master = load_master_secrets(config.keys, std::move(environment.master_secret));
  if (!master) return Unexpected(std::move(master).error());
  secrets.master = std::move(*master);
  Secret& admin_key = environment.admin_key;
  secrets.admin_key_place = admin_key.empty() ? directory.admin_key_path() : "RESCIND_ADMIN_KEY";
  auto key = admin_key.empty() ? directory.load_or_create_admin_key(random) : Result<Secret>(std::move(admin_key));
  if (key) key = check_admin_key(std::move(*key), secrets.admin_key_place);
  if (!key) return Unexpected(std::move(key).error());
  secrets.admin_key = std::move(*key);
  auto token_secrets = load_token_secrets(config.token);
  if (!token_secrets) return Unexpected(std::move(token_secrets).error());
  secrets.token_secrets = std::move(*token_secrets);
  auto clients = load_oauth_clients(config.oauth_clients);
  if (!clients) return Unexpected(std::move(clients).error());
  secrets.clients = std::move(*clients);
  return secrets;
}

// Half of the time that a key is published ahead, so that caches in a row of two have it before it signs.
std::chrono::seconds keys_max_age(const KeysConfig& keys) {
  constexpr std::chrono::seconds kMost{300};
  return std::min(kMost, keys.publish_ahead / 2);
}

ApiConfig make_api_config(const Config& config, Secrets secrets) {
  ApiConfig api;
  api.issuer = config.token.issuer;
  api.public_url = config.server.public_url;
  api.allowed_origins = config.server.allowed_origins;
  api.trusted_proxies = config.server.trusted_proxies;
  api.secure_cookies = config.cookie.secure_names;
  api.same_site = config.cookie.same_site;
  api.clients = std::move(secrets.clients);
  api.leeway = config.token.leeway;
  api.keys_max_age = keys_max_age(config.keys);
  return api;
}

// `token_lifetime`: of every token that may be alive, though the settings were others when it was made.
KeyPolicy make_key_policy(const Config& config, std::chrono::seconds token_lifetime) {
  KeyPolicy policy;
  policy.algorithm = config.token.algorithm;
  if (config.token.algorithm == Algorithm::kHs256) policy.algorithm.reset();
  policy.rotate_every = config.keys.rotate_every;
  policy.publish_ahead = config.keys.publish_ahead;
  policy.token_lifetime = token_lifetime + config.token.leeway;
  policy.refresh_lifetime = config.session.idle_ttl;
  return policy;
}

VerifierPolicy make_verifier_policy(const TokenConfig& token) {
  VerifierPolicy policy;
  policy.issuer = token.issuer;
  policy.audience = token.audience;
  policy.leeway = token.leeway;
  return policy;
}

CacheLimits cache_limits(const VerifyConfig& verify) {
  return {.tokens = verify.cache_tokens, .bytes = std::size_t{verify.cache_memory_kib} * 1024};
}

std::size_t thread_count(std::size_t configured) {
  return configured != 0 ? configured : std::max<std::size_t>(1, std::thread::hardware_concurrency());
}

// Owned by `memory`; absent where the index is in this process's memory.
struct IndexPlace {
  std::unique_ptr<IndexMemory> memory;
  IndexFile* file = nullptr;
};

Unexpected<Error> index_file_failed(const std::string& path) {
  const std::string reason = std::generic_category().message(errno);
  return fail(ErrorCode::kInternal, "feed.index_file: cannot write " + path + ": " + reason);
}

Result<IndexPlace> open_index_memory(const std::string& path) {
  if (path.empty()) return IndexPlace{reserve_heap_memory(), nullptr};
  auto created = IndexFile::create(path);
  if (!created) return index_file_failed(path);
  IndexFile* const file = created->get();
  return IndexPlace{std::move(*created), file};
}

// Null where there is no TLS.
Result<std::unique_ptr<TlsFiles>> open_tls(const ServerConfig& config, const Clock& clock, Metrics& metrics, Log& log) {
  if (config.tls_cert.empty()) return std::unique_ptr<TlsFiles>();
  auto files = TlsFiles::load(config.tls_cert, config.tls_key, clock, log);
  if (!files) return files;
  metrics.add_gauge(
      "rescind_tls_certificate_expires_seconds", "End of the TLS certificate's time, in seconds since 1970",
      [context = &(*files)->context()] { return static_cast<double>(context->expires().time_since_epoch().count()); });
  return files;
}

std::string listening_at(const ServerConfig& config, std::uint16_t port) {
  const std::string& host = config.listen.host;
  const bool ipv6 = host.find(':') != std::string::npos;
  return (config.tls_cert.empty() ? "http://" : "https://") + (ipv6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

void warn_of_odd_choices(const Config& config, Log& log) {
  if (config.store.kind == StoreKind::kMemory) {
    log.warning("store.url is memory: users, sessions and revocations are forgotten at exit");
  }
  if (!config.webauthn.is_possible) {
    log.warning("passkeys are off: the public URL has no domain name", {{"public_url", config.server.public_url}});
  }
  if (config.server.public_url.starts_with("http://") && config.cookie.security == CookieSecurity::kAlways) {
    log.warning("the public URL is plain http and cookies are Secure: browsers may not keep them",
                {{"public_url", config.server.public_url}});
  }
}

}  // namespace

// The order of construction is the order of dependence, and so of destruction backwards.
Result<void> serve(const Config& config, EnvironmentSecrets environment) {
  wake_promptly();
  StopSignals signals(config.server.tls_cert.empty() ? HangUp::kEndsTheProcess : HangUp::kIsHeard);
  SystemClock system_clock;
  ForwardClock clock(system_clock);
  SystemRandom random;
  RandomAhead id_random(random);
  Log log(config.log.level, config.log.format);
  Metrics metrics;

  auto directory = DataDirectory::open(config.data);
  if (!directory) return Unexpected(std::move(directory).error());
  auto secrets = load_secrets(config, std::move(environment), *directory, random);
  if (!secrets) return Unexpected(std::move(secrets).error());
  const std::string admin_key_place = secrets->admin_key_place;
  auto tls = open_tls(config.server, clock, metrics, log);
  if (!tls) return Unexpected(std::move(tls).error());
  auto webhook_list = load_webhooks(config.webhooks);
  if (!webhook_list) return Unexpected(std::move(webhook_list).error());
  auto store = open_store(config.store);
  if (!store) return Unexpected(std::move(store).error());

  const TokenConfig& token = config.token;
  auto memory = open_index_memory(config.feed_index_file);
  if (!memory) return Unexpected(std::move(memory).error());
  IndexFile* const index_file = memory->file;
  RevocationPolicy revocation_policy{token.issuer, token.access_ttl, token.leeway, config.feed_lease};
  random.fill(revocation_policy.allowance_key);
  Revocations revocations(std::move(revocation_policy), **store, clock, metrics, std::move(memory->memory));
  PeriodicTasks periodic(revocations, clock, log, config.feed_lease);
  auto loaded = periodic.load();  // before anything is answered: an empty index would accept what was revoked
  if (!loaded) return loaded;
  if (index_file != nullptr && !index_file->publish()) return index_file_failed(config.feed_index_file);

  Users users(**store, revocations, clock);
  ApiKeys api_keys(std::move(secrets->admin_key), **store, clock, random);
  auto keys_known = run_to_end(api_keys.load());
  if (!keys_known) return keys_known;

  const KeyPolicy key_policy = make_key_policy(config, revocations.longest_lifetime());
  const KeyPlace key_place{directory->path(), std::move(secrets->master)};
  auto ring = KeyRing::load_or_create(key_place, key_policy, secrets->token_secrets, clock.wall_now(), random);
  if (!ring) return Unexpected(std::move(ring).error());
  CurrentKeys keys(std::move(*ring));

  HashingThreads hashing(config.password_threads);
  PasswordHasher hasher(config.password, hashing.executor(), random);
  metrics.add_gauge("rescind_password_checks_waiting", "Passwords that wait to be hashed or are being hashed.",
                    [&hasher] { return static_cast<double>(hasher.waiting()); });
  auto mail = open_mail(config, clock, random, metrics, log);
  if (!mail) return Unexpected(std::move(mail).error());
  EmailVerification verification(config.email_rule, config.log_in, **store, mail->accounts.get(), clock, random);
  SessionOpener opener(config.session, AccessTokenPolicy{token.issuer, token.audience, token.access_ttl}, **store, revocations,
                       verification, keys, clock, id_random, metrics);
  Sessions sessions(config.session, config.log_in, opener, **store, revocations, hasher, keys, clock, random, metrics);
  Passwords passwords(config.log_in, **store, revocations, opener, hasher, mail->accounts.get(), clock, random);
  Reauthentication reauthentication(**store, passwords, clock);
  AccountDeletion deletion(config.deletion_max_age, reauthentication, users);
  EmailChange email_change(config.email_change_max_age, config.log_in, **store, revocations, reauthentication,
                           mail->accounts.get(), clock, random);
  UserImport user_import(**store, clock, random);
  TokenCheck token_check(TrustedIssuer{make_verifier_policy(token), keys.get()->verification_keys()},
                         cache_limits(config.verify), revocations, clock, metrics);
  KeyRotation key_rotation(key_policy, key_place, std::move(secrets->token_secrets), keys, token_check, **store, clock, random,
                           log);
  std::optional<Passkeys> passkeys;
  if (config.webauthn.is_possible) {
    auto relying_party = RelyingParty::create(config.webauthn.relying_party);
    if (!relying_party) return Unexpected(std::move(relying_party).error());
    passkeys.emplace(std::move(*relying_party), config.webauthn.policy, config.log_in, opener, **store, keys, clock, random);
  }
  auto issuers = open_issuers(config.issuers, clock, metrics, log);
  if (!issuers) return Unexpected(std::move(issuers).error());
  const TrustedTokenCheck trusted_check(token_check, *issuers, cache_limits(config.verify), revocations, clock, metrics,
                                        token.leeway);
  auto api = Api::create(make_api_config(config, std::move(*secrets)),
                         ApiParts{sessions, passwords, verification, email_change, deletion, user_import,
                                  passkeys ? &*passkeys : nullptr, revocations, api_keys, users, token_check, trusted_check,
                                  *issuers, **store, keys, key_rotation, clock, metrics, log});
  if (!api) return Unexpected(std::move(api).error());

  Server server(thread_count(config.server.threads), WireLimits{}, **api, log, metrics, *tls ? &(*tls)->context() : nullptr);
  periodic.add("key rotation", kKeysInterval, [&key_rotation] { return key_rotation.settle(); });
  if (*tls) {
    periodic.add("TLS certificate", kTlsFilesInterval,
                 [files = tls->get()]() -> Task<Result<void>> { co_return files->follow(); });
  }
  Webhooks webhooks(std::move(*webhook_list), **store, clock, random, metrics, log);
  periodic.start();
  auto webhooks_begun = webhooks.start();
  if (!webhooks_begun) return webhooks_begun;
  auto started = server.start(config.server.listen);
  if (!started) return started;
  warn_of_odd_choices(config, log);
  if (!key_place.secrets.current) log.info("the key file is not sealed: there is no keys.master_secret_file");
  log.info("listening", {{"address", listening_at(config.server, server.port())},
                         {"public_url", config.server.public_url},
                         {"data", directory->path()},
                         {"admin_key_in", admin_key_place}});

  const int signal = signals.wait([&tls] { (*tls)->reload(); });
  log.info("stopping: requests that have begun may finish", {{"signal", signal == SIGINT ? "SIGINT" : "SIGTERM"}});
  server.stop(kDrain);
  periodic.stop();
  webhooks.stop();
  // Hashes and store operations that are still running hand their outcome to the server, which is there yet.
  hashing.join();
  key_rotation.join();
  store->reset();
  log.info("stopped");
  return {};
}

}  // namespace rescind
