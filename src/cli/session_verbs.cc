// rescind session: where users are signed in.
#include <CLI/CLI.hpp>
#include <memory>

#include "cli/admin_client.h"
#include "cli/find_user.h"
#include "cli/printing.h"
#include "cli/verbs.h"

namespace rescind {
namespace {

CommandResult<void> list_sessions(Console& console, const std::string& user) {
  const auto id = find_user_id(console, user);
  if (!id) return Unexpected(id.error());
  const auto answer = console.server.call(Method::kGet, "/admin/sessions" + make_query({{"user", *id}}));
  if (!answer) return Unexpected(answer.error());
  ListPrinter printer(
      console,
      {{"ID", "id"}, {"DEVICE", "device"}, {"ADDRESS", "ip"}, {"CREATED", "created_at"}, {"LAST USED", "last_used_at"}});
  printer.print(*answer, "sessions");
  return {};
}

CommandResult<void> end_session(Console& console, const std::string& id) {
  const auto answer = console.server.call(Method::kDelete, make_path({"admin", "sessions", id}));
  if (!answer) return Unexpected(answer.error());
  print_done(console, *answer, "session " + id + " has ended");
  return {};
}

}  // namespace

void add_session_verbs(Verbs& verbs) {
  CLI::App& session = verbs.add_noun("session", "Sessions of a user: list, end.");
  const auto id = std::make_shared<std::string>();
  verbs
      .add(session, {"list", "The sessions of one user.", "  rescind session list --user a@example.com"},
           [id](Console& console) { return list_sessions(console, *id); })
      .add_option("--user", *id, kUserHelp)
      ->required();
  verbs
      .add(session, {"end", "End one session; its tokens are refused at once.", "  rescind session end SESSION_ID"},
           [id](Console& console) { return end_session(console, *id); })
      .add_option("SESSION", *id, "Id of the session")
      ->required();
}

}  // namespace rescind
