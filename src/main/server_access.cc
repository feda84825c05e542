#include "main/server_access.h"

#include <algorithm>
#include <utility>

#include "main/config_rules.h"
#include "main/config_sources.h"
#include "main/secret_file.h"

namespace rescind {
namespace {

Unexpected<CommandFailure> usage(std::string message) { return command_failed(ExitCode::kUsage, std::move(message)); }

// scheme://host[:port] and nothing else, for paths are put behind it.
CommandResult<std::string> check_url(std::string url) {
  if (url.ends_with('/')) url.pop_back();
  const std::size_t begin = url.starts_with("http://") ? 7 : url.starts_with("https://") ? 8 : std::string::npos;
  const bool is_origin = begin != std::string::npos && begin < url.size() && std::ranges::all_of(url.substr(begin), [](char c) {
                           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
                                  c == '-' || c == ':' || c == '[' || c == ']';
                         });
  if (!is_origin) return usage("the server's URL is scheme://host[:port], with http or https");
  return url;
}

CommandResult<Secret> read_key(const std::string& path, FileAccess access) {
  auto key = read_secret_file(path, "the API key", SecretRules{kMinAdminKeyBytes, access});
  if (key) key = check_admin_key(std::move(*key), path);
  if (!key) return usage(key.error().message);
  return std::move(*key);
}

// Empty where neither flag nor variable has one.
CommandResult<Secret> find_given_key(const VerbFlags& flags, const std::vector<NamedText>& variables) {
  if (!flags.key_file.empty()) return read_key(flags.key_file, FileAccess::kAny);
  for (const char* const name : {"RESCIND_API_KEY", "RESCIND_ADMIN_KEY"}) {
    std::string text = find_variable(variables, name);
    if (text.empty()) continue;
    auto key = check_admin_key(Secret(std::move(text)), name);
    if (!key) return usage(key.error().message);
    return std::move(*key);
  }
  return Secret();
}

}  // namespace

std::string local_url(const ServerConfig& server) {
  if (!server.tls_cert.empty()) return server.public_url;
  std::string host = server.listen.host;
  if (host == "0.0.0.0") host = "127.0.0.1";
  if (host == "::") host = "::1";
  if (host.find(':') != std::string::npos) host = "[" + host + "]";
  return "http://" + host + ":" + std::to_string(server.listen.port);
}

CommandResult<ServerAccess> find_server_access(const VerbFlags& flags, const std::vector<NamedText>& variables) {
  auto key = find_given_key(flags, variables);
  if (!key) return Unexpected(std::move(key).error());
  const std::string given = flags.server.empty() ? find_variable(variables, "RESCIND_SERVER") : flags.server;
  if (!given.empty()) {
    auto url = check_url(given);
    if (!url) return Unexpected(std::move(url).error());
    if (key->empty()) return usage("which key opens " + *url + "? Give --key-file or RESCIND_API_KEY");
    if (is_plain_public(*url) && flags.plain_http == VerbFlags::PlainHttp::kLoopbackOnly) {
      return usage(*url + " would be sent the key in the clear: give an https URL, or --allow-http in a network you trust");
    }
    return ServerAccess{std::move(*url), std::move(*key)};
  }
  const auto config = load_config(flags.config_path, variables, {});
  if (!config) return usage(config.error().message);
  if (config->server.listen.port == 0) return usage("server.listen takes any free port: give --server");
  if (key->empty()) key = read_key(config->data + "/admin.key", FileAccess::kOwnerOnly);
  if (!key) return usage(key.error().message + "; give --key-file, RESCIND_API_KEY, or the server's --config");
  return ServerAccess{local_url(config->server), std::move(*key)};
}

}  // namespace rescind
