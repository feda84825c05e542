// rescind key: the keys that sign access tokens.
#include <CLI/CLI.hpp>
#include <memory>

#include "cli/admin_client.h"
#include "cli/asking.h"
#include "cli/printing.h"
#include "cli/verbs.h"

namespace rescind {
namespace {

enum class Removal : std::uint8_t { kOne, kAll };

struct KeyOptions {
  std::string key_id;
  Removal removal = Removal::kOne;
  bool at_once = false;
  Consent consent = Consent::kAsk;
};

CommandResult<void> print_keys(Console& console, const CommandResult<boost::json::object>& answer) {
  if (!answer) return Unexpected(answer.error());
  ListPrinter printer(console, {{"KEY", "kid"},
                                {"ALG", "alg"},
                                {"STATE", "state"},
                                {"PUBLISHED", "published_at"},
                                {"ACTIVE", "active_at"},
                                {"RETIRED", "retired_at"},
                                {"REMOVED", "removed_at"}});
  printer.print(*answer, "keys");
  return {};
}

CommandResult<void> rotate_keys(Console& console, const KeyOptions& options) {
  if (!options.at_once) return print_keys(console, console.server.call(Method::kPost, "/admin/keys/rotate"));
  return print_keys(console, console.server.call(Method::kPost, "/admin/keys/rotate", {{"at_once", true}}));
}

CommandResult<void> remove_all_keys(Console& console, const KeyOptions& options) {
  const auto sure =
      confirm(console, options.consent,
              "Remove all keys? Every access token and every refresh token is refused at once: every user signs in "
              "anew.");
  if (!sure) return Unexpected(sure.error());
  return print_keys(console, console.server.call(Method::kDelete, "/admin/keys"));
}

CommandResult<void> remove_key(Console& console, const KeyOptions& options) {
  if (options.removal == Removal::kAll) return remove_all_keys(console, options);
  if (options.key_id.empty()) return command_failed(ExitCode::kUsage, "KEY or --all is required");
  const auto sure = confirm(console, options.consent,
                            "Remove the key " + options.key_id + "? Every token that it has signed is refused at once.");
  if (!sure) return Unexpected(sure.error());
  return print_keys(console, console.server.call(Method::kDelete, make_path({"admin", "keys", options.key_id})));
}

}  // namespace

void add_key_verbs(Verbs& verbs) {
  CLI::App& key = verbs.add_noun("key", "Keys that sign access tokens: list, rotate, remove.");
  const auto options = std::make_shared<KeyOptions>();
  verbs.add(key, {"list", "The keys and their states.", "  rescind key list"},
            [](Console& console) { return print_keys(console, console.server.call(Method::kGet, "/admin/keys")); });
  verbs
      .add(key, {"rotate", "Go to the next key as soon as verifiers have it.", "  rescind key rotate"},
           [options](Console& console) { return rotate_keys(console, *options); })
      .add_flag("--at-once", options->at_once, "Now: verifiers that have not fetched the key refuse tokens until they do");
  CLI::App& remove = verbs.add(key,
                               {"remove", "For a key that has leaked: refuse every token that it has signed.",
                                "  rescind key remove KEY_ID\n"
                                "  rescind key remove --all"},
                               [options](Console& console) { return remove_key(console, *options); });
  CLI::Option* const one = remove.add_option("KEY", options->key_id, "Id of the key (kid)");
  remove
      .add_flag_callback(
          "--all", [options] { options->removal = Removal::kAll; },
          "For a key file that has leaked: all keys in it, those of refresh tokens too; every user signs in anew")
      ->excludes(one);
  remove.add_flag_callback(
      "--yes", [options] { options->consent = Consent::kGiven; }, "Do not ask");
}

}  // namespace rescind
