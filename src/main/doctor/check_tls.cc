#include <sys/stat.h>

#include "main/config_rules.h"
#include "main/doctor/checks.h"
#include "main/tls_files.h"

namespace rescind {
namespace {

constexpr std::chrono::days kSoon{14};
constexpr const char* kRemedy =
    "Give the renewed files; a running server takes them up within seconds, or at once with SIGHUP.";

void check_time(std::chrono::sys_seconds expires, const ServerConfig& server, const Clock& clock, Report& report) {
  const auto left = std::chrono::floor<std::chrono::days>(expires - to_seconds(clock.wall_now()));
  if (expires <= clock.wall_now()) {
    report.add(
        {Severity::kProblem, "tls_certificate_expired", server.tls_cert + " has expired", "Clients refuse it.", kRemedy});
  } else if (left < kSoon) {
    report.add({Severity::kWarning, "tls_certificate_expires_soon",
                server.tls_cert + " expires in " + std::to_string(left.count()) + " days", "Then clients refuse it.", kRemedy});
  } else {
    report.add_good("the TLS certificate is good for " + std::to_string(left.count()) + " days");
  }
}

}  // namespace

void check_tls(const Config& config, const Clock& clock, Report& report) {
  const ServerConfig& server = config.server;
  if (server.tls_cert.empty()) return;
  struct stat key {};
  if (stat(server.tls_key.c_str(), &key) == 0 && (key.st_mode & S_IRWXO) != 0) {
    report.add({Severity::kWarning, "tls_key_open_to_others", "everybody on this machine may read " + server.tls_key,
                "Whoever has the key can pass for this server.", "chmod o= " + server.tls_key});
  }
  Log silent(LogLevel::kOff, LogFormat::kText);
  const auto files = TlsFiles::load(server.tls_cert, server.tls_key, clock, silent);
  if (!files) {
    report.add({Severity::kProblem, "tls_files", files.error().message,
                "The server does not start with them; one that runs goes on with those that it has.",
                "Give a certificate with those that lead to its root, and its key without a passphrase, both in PEM."});
    return;
  }
  const TlsContext& context = (*files)->context();
  check_time(context.expires(), server, clock, report);
  const std::string host(host_of(server.public_url));
  if (context.is_for(host)) return;
  report.add({Severity::kWarning, "tls_certificate_name",
              server.tls_cert + " is not for " + host + ", the host of server.public_url",
              "Clients that look at names, as browsers do, refuse it.",
              "Have it issued with that name (subjectAltName), or give server.public_url the name that it has."});
}

}  // namespace rescind
