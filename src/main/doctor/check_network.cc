#include <netdb.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fcntl.h>
#include <cerrno>
#include <memory>
#include <system_error>

#include "cli/admin_client.h"
#include "issuers/jwks_source.h"
#include "mail/smtp_transfer.h"
#include "main/config_rules.h"
#include "main/doctor/checks.h"
#include "main/open_mail.h"
#include "main/open_webhooks.h"
#include "main/server_access.h"
#include "webhooks/http_receiver.h"

namespace rescind {
namespace {

constexpr std::chrono::seconds kMailTimeout{10};
constexpr std::chrono::seconds kIssuerTimeout{10};

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

struct AddressFree {
  void operator()(addrinfo* address) const { freeaddrinfo(address); }
};

// errno of a trial to take the address; 0 where it is free.
int try_to_bind(const ListenAddress& listen) {
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const std::string host = listen.host == "localhost" ? "127.0.0.1" : listen.host;
  if (getaddrinfo(host.c_str(), std::to_string(listen.port).c_str(), &hints, &found) != 0) return EADDRNOTAVAIL;
  const std::unique_ptr<addrinfo, AddressFree> address(found);
  const Descriptor socket(::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int on = 1;
  setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  return bind(socket.get(), found->ai_addr, found->ai_addrlen) == 0 ? 0 : errno;
}

// A server holds this lock as long as it runs.
bool is_data_directory_in_use(const std::string& directory) {
  const Descriptor lock(open((directory + "/lock").c_str(), O_RDONLY | O_CLOEXEC));
  return lock.get() >= 0 && flock(lock.get(), LOCK_EX | LOCK_NB) != 0;
}

bool answers_as_rescind(const std::string& url) {
  const auto health = AdminClient(ServerAccess{url, {}}).call(Method::kGet, "/healthz");
  return health && health->contains("status");
}

void check_running_server(const Config& config, const std::string& url, Report& report) {
  if (!is_data_directory_in_use(config.data)) {
    report.add({Severity::kWarning, "other_data_directory", "the server at " + url + " does not use " + config.data,
                "It has been started with another configuration than this.", "Give doctor the settings that the server has."});
  }
  const auto ready = AdminClient(ServerAccess{url, {}}).get_text("/readyz");
  if (ready && ready->status == 200) {
    report.add_good("a server runs at " + url + " and is ready");
  } else {
    report.add({Severity::kProblem, "not_ready", "the server at " + url + " is not ready",
                "It has not heard from its store for longer than feed.lease, so it refuses every token.",
                "Look at its log; the disk may be full or too slow."});
  }
  const std::string& public_url = config.server.public_url;
  if (is_plain_localhost(public_url) || answers_as_rescind(public_url)) return;
  report.add({Severity::kWarning, "public_url_not_reached", public_url + " does not answer as Rescind does",
              "Clients and links in mails use it. From this machine it may be unreachable though others get there.",
              "Look at DNS, at the proxy and at its certificate; the proxy must pass /healthz for this check."});
}

}  // namespace

void check_addresses(const Config& config, Report& report) {
  const ServerConfig& server = config.server;
  const bool is_loopback =
      server.listen.host == "localhost" || server.listen.host == "::1" || server.listen.host.starts_with("127.");
  if (is_plain_public(server.public_url)) {
    report.add({Severity::kWarning, "public_url_plain_http", "server.public_url is " + server.public_url,
                "Tokens and passwords travel in the clear, and browsers do not keep the Secure cookies.",
                "Let a proxy end TLS and give its https URL."});
  }
  if (!is_loopback && is_plain_localhost(server.public_url)) {
    report.add({Severity::kWarning, "public_url_is_localhost",
                "server.listen is open to the network and server.public_url is " + server.public_url,
                "Links in mails, the issuer in tokens and the cookies are made for this machine alone.",
                "Give server.public_url as clients see it, or listen on 127.0.0.1."});
  }
  if (!config.webauthn.is_possible) {
    report.add({Severity::kNote, "no_passkeys", "there are no passkeys at " + server.public_url,
                "Browsers make them for domain names on https pages, or for http on localhost.",
                "Give server.public_url, or webauthn.rp_id and webauthn.origins, a domain name."});
  }
  if (server.public_url.starts_with("https://") && server.tls_cert.empty() && server.trusted_proxies.empty()) {
    report.add(
        {Severity::kWarning, "trusted_proxies_missing",
         "server.public_url is https, so a proxy stands before the server, and server.trusted_proxies is empty",
         "X-Forwarded-For is ignored: all clients have the proxy's address, and one who guesses passwords slows down all.",
         "Give the proxy's network, such as server.trusted_proxies = [\"127.0.0.1/32\"]."});
  }
}

void check_server(const Config& config, Report& report) {
  const ListenAddress& listen = config.server.listen;
  const bool in_use = is_data_directory_in_use(config.data);
  if (listen.port == 0) return;
  const std::string url = local_url(config.server);
  const int failure = try_to_bind(listen);
  if (failure == EADDRINUSE && answers_as_rescind(url)) return check_running_server(config, url, report);
  if (failure != 0) {
    const bool is_taken = failure == EADDRINUSE;
    report.add({Severity::kProblem, is_taken ? "port_taken" : "address_not_usable",
                "server.listen: " + url + ": " + std::generic_category().message(failure),
                is_taken ? "Another program listens there; the server cannot." : "The server cannot listen there.",
                "Choose another address or port, or end what has this one."});
    return;
  }
  report.add_good("no server runs at " + url + "; the address is free");
  if (!in_use) return;
  report.add({Severity::kProblem, "data_directory_in_use",
              "another server is running on " + config.data + ", at another address",
              "A second one on the same directory does not start.", "End that server, or give this one its own directory."});
}

void check_mail(const Config& config, Report& report) {
  if (config.mail.smtp_url.empty()) {
    report.add({Severity::kNote, "no_mail", "no mail is sent: mail.smtp_url is empty",
                "Nobody who has forgotten a password can set a new one.", "Give mail.smtp_url and mail.from."});
    return;
  }
  const auto server = load_smtp_server(config.mail);
  if (!server) {
    report.add({Severity::kProblem, "secret_file", server.error().message, "The server does not start without it.",
                "Make the file readable for the server's user."});
    return;
  }
  const SmtpReport greeted = greet_by_smtp(*server, kMailTimeout);
  if (greeted.outcome == SmtpOutcome::kSent) return report.add_good("the mail server " + server->url + " takes us");
  report.add({Severity::kProblem, "mail_server", "the mail server " + server->url + ": " + greeted.reason,
              "Mails for forgotten passwords and new addresses do not arrive.",
              "Look at its name, port, user, password and certificate (mail.ca_file, mail.tls)."});
}

void check_issuers(const Config& config, Report& report) {
  const SystemClock clock;
  Metrics metrics;
  Log log(LogLevel::kOff, LogFormat::kText);
  for (const IssuerConfig& issuer : config.issuers) {
    if (!issuer.secret_file.empty()) continue;
    const bool is_file = !issuer.jwks.file.empty();
    JwksPolicy policy = issuer.jwks;
    policy.timeout = kIssuerTimeout;
    const auto loaded = JwksSource(issuer.name, std::move(policy), clock, metrics, log).load();
    if (loaded) {
      report.add_good("the keys of issuer " + issuer.name + " can be " + (is_file ? "read" : "fetched"));
    } else {
      report.add({Severity::kProblem, "issuer_keys", "the keys of issuer " + issuer.name + ": " + loaded.error(),
                  is_file ? "The server does not start without them." : "Its tokens are refused until they can be fetched.",
                  is_file ? "Look at its jwks_file: is it a JWK Set that the server's user can read?"
                          : "Look at its jwks_url, at DNS and at the firewall."});
    }
  }
}

void check_webhooks(const Config& config, Report& report) {
  for (const WebhookConfig& webhook : config.webhooks) {
    const auto loaded = load_webhooks({webhook});
    if (!loaded) {
      report.add({Severity::kProblem, "secret_file", loaded.error().message, "The server does not start without it.",
                  "Make the file readable for the server's user and nobody else, and long enough."});
    }
    const auto connected = connect_to_receiver({webhook.url, webhook.ca_file, webhook.timeout});
    if (connected) {
      report.add_good("the receiver of webhook " + webhook.name + " can be reached");
    } else {
      report.add({Severity::kProblem, "webhook_receiver", "the receiver of webhook " + webhook.name + ": " + connected.error(),
                  "Its events wait until it can be reached, and leave the log after 90 days.",
                  "Look at its url, at DNS, at the firewall and at its certificate (ca_file)."});
    }
  }
}

}  // namespace rescind
