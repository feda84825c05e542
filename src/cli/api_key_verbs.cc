// rescind apikey: keys of machines.
#include <CLI/CLI.hpp>
#include <memory>

#include "cli/admin_client.h"
#include "cli/asking.h"
#include "cli/printing.h"
#include "cli/verbs.h"

namespace rescind {
namespace {

struct ApiKeyOptions {
  std::string id;
  std::string name;
  std::string scopes;
};

CommandResult<void> list_api_keys(Console& console) {
  const auto answer = console.server.call(Method::kGet, "/admin/apikeys");
  if (!answer) return Unexpected(answer.error());
  ListPrinter printer(
      console, {{"ID", "id"}, {"NAME", "name"}, {"SCOPES", "scopes"}, {"CREATED", "created_at"}, {"REVOKED", "revoked_at"}});
  printer.print(*answer, "apikeys");
  return {};
}

CommandResult<void> create_api_key(Console& console, const ApiKeyOptions& options) {
  boost::json::array scopes;
  for (const std::string& scope : split_commas(options.scopes)) scopes.emplace_back(scope);
  const auto answer = console.server.call(Method::kPost, "/admin/apikeys", {{"name", options.name}, {"scopes", scopes}});
  if (!answer) return Unexpected(answer.error());
  print_object(console, *answer);
  if (console.form == OutputForm::kTable) console.streams.err << "Keep the key: it is not shown again.\n";
  return {};
}

CommandResult<void> revoke_api_key(Console& console, const ApiKeyOptions& options) {
  const auto answer = console.server.call(Method::kDelete, make_path({"admin", "apikeys", options.id}));
  if (!answer) return Unexpected(answer.error());
  print_done(console, *answer, "API key " + options.id + " is revoked");
  return {};
}

}  // namespace

void add_api_key_verbs(Verbs& verbs) {
  CLI::App& api_key = verbs.add_noun("apikey", "Keys of machines: list, create, revoke.");
  const auto options = std::make_shared<ApiKeyOptions>();
  verbs.add(api_key, {"list", "The keys, without what opens anything.", "  rescind apikey list"}, list_api_keys);
  CLI::App& create = verbs.add(
      api_key, {"create", "Make a key. It is printed once.", "  rescind apikey create shop --scopes users:read,sessions:write"},
      [options](Console& console) { return create_api_key(console, *options); });
  create.add_option("NAME", options->name, "What the key is for")->required();
  create.add_option("--scopes", options->scopes, "What it may do, with commas between")->required();
  verbs
      .add(api_key, {"revoke", "Refuse a key from now on.", "  rescind apikey revoke ID"},
           [options](Console& console) { return revoke_api_key(console, *options); })
      .add_option("ID", options->id, "Id of the key, as in the list")
      ->required();
}

}  // namespace rescind
