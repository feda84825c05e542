#include "tests/layers/layer_rules.h"

#include <algorithm>
#include <array>
#include <optional>
#include <regex>
#include <sstream>

namespace rescind::layers {
namespace {

constexpr std::size_t kMaxLines = 400;

// A folder, and what its files may include. An entry that ends in "/" is a folder, any other is one header.
struct Layer {
  std::string_view folder;
  std::vector<std::string_view> may_include;
};

const std::vector<Layer>& layers() {
  // The first folder that fits counts, so the deeper ones stand first.
  static const std::vector<Layer> kLayers = {
      {"verify/include/", {"rescind/"}},
      {"verify/", {"rescind/", "verify/"}},
      {"sdk/cpp/include/", {"rescind/"}},
      {"sdk/cpp/", {"rescind/", "sdk/cpp/", "verify/"}},
      {"sdk/c/include/", {"rescind/"}},
      {"sdk/c/", {"sdk/c/", "rescind/"}},
      {"src/base/", {"base/", "rescind/", "verify/"}},
      {"src/domain/", {"domain/", "base/", "rescind/"}},
      {"src/webauthn/", {"webauthn/", "domain/", "base/", "rescind/", "verify/"}},
      {"src/token/", {"token/", "domain/", "base/", "rescind/", "verify/"}},
      {"src/store/memory/", {"store/memory/", "store/*.h", "domain/", "base/", "rescind/", "verify/"}},
      {"src/store/sqlite/", {"store/sqlite/", "store/*.h", "domain/", "base/", "rescind/", "verify/"}},
      {"src/store/", {"store/*.h", "domain/", "base/", "rescind/", "verify/"}},
      {"src/feed/", {"feed/", "base/", "rescind/", "verify/"}},
      {"src/issuers/", {"issuers/", "base/", "rescind/"}},
      {"src/mail/", {"mail/", "domain/", "base/", "rescind/"}},
      {"src/webhooks/", {"webhooks/", "store/store.h", "verify/hmac_sha256.h", "domain/", "base/", "rescind/"}},
      {"src/service/",
       {"service/", "domain/", "token/", "webauthn/", "store/store.h", "feed/", "issuers/", "mail/", "base/", "rescind/",
        "verify/"}},
      {"src/http/",
       {"http/", "service/", "domain/", "token/", "webauthn/", "store/store.h", "issuers/", "base/", "rescind/", "verify/"}},
      {"src/wire/", {"wire/", "http/message.h", "http/handler.h", "base/", "rescind/result.h"}},
      {"src/cli/", {"cli/", "base/", "rescind/", "verify/"}},
      {"src/main/",
       {"main/", "cli/", "wire/", "http/", "service/", "mail/", "feed/", "issuers/", "store/", "token/", "webauthn/",
        "webhooks/", "domain/", "base/", "rescind/", "verify/"}},
  };
  return kLayers;
}

// Text that may stand in some places only.
struct Place {
  std::regex text;
  std::string_view what;
  std::vector<std::string_view> only_in;  // folders or files
};

const std::vector<Place>& places() {
  static const std::vector<Place> kPlaces = {
      {std::regex(R"(#\s*include\s*[<"]boost/beast)"), "Boost.Beast", {"src/wire/"}},
      {std::regex(R"(#\s*include\s*[<"]openssl/ssl\.h)"), "OpenSSL's TLS", {"src/wire/"}},
      {std::regex(R"(#\s*include\s*[<"]sqlite3\.h)"), "sqlite3.h", {"src/store/sqlite/"}},
      {std::regex(R"(#\s*include\s*[<"]argon2\.h)"), "argon2.h", {"src/service/password_hasher.cc"}},
      {std::regex(R"(#\s*include\s*[<"]crypt\.h)"), "crypt.h", {"src/service/password_hasher.cc"}},
      {std::regex(R"(#\s*include\s*[<"]curl/)"),
       "libcurl",
       {"src/cli/admin_client.cc", "src/issuers/jwks_fetch.cc", "src/mail/smtp_transfer.cc", "src/webhooks/http_receiver.cc"}},
      {std::regex(R"((system_clock|steady_clock|high_resolution_clock|utc_clock)\s*::\s*now\s*\()"),
       "a clock's now()",
       {"src/base/clock.cc"}},
      {std::regex(R"(\b(gettimeofday|clock_gettime|std::time)\s*\()"), "the system's time", {"src/base/clock.cc"}},
  };
  return kPlaces;
}

const std::regex& public_header_ban() {
  static const std::regex kBan(R"(#\s*include\s*[<"](boost|openssl|argon2|sqlite3|spdlog|toml)[/.+])");
  return kBan;
}

bool is_test(std::string_view path) {
  return path.ends_with("_test.cc") || path.ends_with("_fuzz.cc") || path.ends_with("_fixture.h") ||
         path.find("/testing/") != std::string_view::npos;
}

bool fits(std::string_view included, std::string_view allowed) {
  if (allowed.ends_with("/*.h")) {  // the folder's own headers, not those of the folders below it
    const std::string_view folder = allowed.substr(0, allowed.size() - 3);
    return included.starts_with(folder) && included.find('/', folder.size()) == std::string_view::npos;
  }
  return allowed.ends_with('/') ? included.starts_with(allowed) : included == allowed;
}

std::optional<std::string> included_path(const std::string& line) {
  static const std::regex kInclude(R"re(^\s*#\s*include\s*"([^"]*)")re");
  std::smatch match;
  if (!std::regex_search(line, match, kInclude)) return std::nullopt;
  return match[1].str();
}

}  // namespace

Violations find_include_violations(const SourceFile& file) {
  const auto layer = std::ranges::find_if(layers(), [&](const Layer& one) { return file.path.starts_with(one.folder); });
  if (layer == layers().end()) return {file.path + " is in no layer: give its folder a line in the table"};
  Violations violations;
  std::istringstream lines(file.text);
  int number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    const auto included = included_path(line);
    if (!included) continue;
    const bool allowed = std::ranges::any_of(layer->may_include, [&](std::string_view one) { return fits(*included, one); });
    // A test may use its own folder's and the lower folders' test doubles, and stands above its layer's table only there.
    const bool test_double = is_test(file.path) && included->find("testing/") != std::string::npos;
    if (!allowed && !test_double)
      violations.push_back(file.path + ":" + std::to_string(number) + " may not include " + *included);
  }
  return violations;
}

Violations find_place_violations(const SourceFile& file) {
  Violations violations;
  for (const Place& place : places()) {
    const bool here = std::ranges::any_of(place.only_in, [&](std::string_view one) { return file.path.starts_with(one); });
    if (here || is_test(file.path) || !std::regex_search(file.text, place.text)) continue;
    violations.push_back(file.path + " uses " + std::string(place.what) + ", which has one place");
  }
  if (file.path.find("include/rescind/") != std::string::npos && std::regex_search(file.text, public_header_ban())) {
    violations.push_back(file.path + " is a public header and may include the standard library and rescind/ only");
  }
  return violations;
}

Violations find_size_and_name_violations(const SourceFile& file) {
  constexpr std::array<std::string_view, 5> kEmptyNames = {"util", "helper", "manager", "common", "misc"};
  Violations violations;
  const auto lines = static_cast<std::size_t>(std::ranges::count(file.text, '\n'));
  if (lines > kMaxLines && !is_test(file.path)) {
    violations.push_back(file.path + " has " + std::to_string(lines) + " lines, more than " + std::to_string(kMaxLines));
  }
  for (const std::string_view name : kEmptyNames) {
    if (file.path.find(name) != std::string::npos)
      violations.push_back(file.path + " is named after nothing: " + std::string(name));
  }
  return violations;
}

}  // namespace rescind::layers
