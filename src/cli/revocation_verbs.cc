// rescind revoke: take tokens back.
#include <CLI/CLI.hpp>
#include <memory>

#include "base/clock.h"
#include "cli/admin_client.h"
#include "cli/asking.h"
#include "cli/moment.h"
#include "cli/printing.h"
#include "cli/verbs.h"

namespace rescind {
namespace {

struct RevokeOptions {
  std::string file = "-";
  std::string id;
  std::string moment;
  std::string user;
  std::string client;
  std::string issuer;
};

using Options = std::shared_ptr<RevokeOptions>;

CommandResult<void> revoke(Console& console, const RevokeOptions& options, boost::json::object body) {
  if (!options.issuer.empty()) body["issuer"] = options.issuer;
  const auto answer = console.server.call(Method::kPost, "/admin/revocations", body);
  if (!answer) return Unexpected(answer.error());
  print_done(console, *answer, "revoked, as number " + to_cell(answer->if_contains("seq")));
  return {};
}

CommandResult<void> revoke_token(Console& console, const RevokeOptions& options) {
  const auto token = read_secret_input(console, options.file);
  if (!token) return Unexpected(token.error());
  return revoke(console, options, {{"kind", "token"}, {"token", token->reveal()}});
}

CommandResult<void> revoke_before(Console& console, const RevokeOptions& options) {
  const auto now = to_seconds(SystemClock().wall_now());
  const auto moment = options.moment == "now" ? std::optional(now) : parse_moment(options.moment);
  if (!moment) return command_failed(ExitCode::kUsage, "TIME is now, 2026-11-21 or 2026-11-21T10:00:00Z");
  boost::json::object body{{"kind", "before"}, {"before", moment->time_since_epoch().count()}};
  if (!options.user.empty()) body["sub"] = options.user;
  if (!options.client.empty()) body["client"] = options.client;
  return revoke(console, options, std::move(body));
}

CommandResult<void> list_revocations(Console& console) {
  ListPrinter printer(console, {{"SEQ", "seq"}, {"KIND", "kind"}, {"KEY", "key"}, {"VALUE", "value"}, {"EXPIRES", "expires"}});
  std::string since;
  do {
    const auto page =
        console.server.call(Method::kGet, "/admin/revocations" + make_query({{"since", since}, {"limit", kPageLimit}}));
    if (!page) return Unexpected(page.error());
    if (const boost::json::object* const last = printer.print(*page, "revocations")) since = to_cell(last->if_contains("seq"));
  } while (printer.printed() == kPageSize);
  return {};
}

void add_issuer(CLI::App& verb, const Options& options) {
  verb.add_option("--issuer", options->issuer, "Of this trusted issuer's tokens, instead of our own");
}

}  // namespace

void add_revocation_verbs(Verbs& verbs) {
  CLI::App& noun = verbs.add_noun("revoke", "Take tokens back: token, jti, session, user, before, list.");
  const auto options = std::make_shared<RevokeOptions>();
  CLI::App& token = verbs.add(noun,
                              {"token", "One token, read from a file or from standard input: never from the command line.",
                               "  rescind revoke token < stolen.jwt"},
                              [options](Console& console) { return revoke_token(console, *options); });
  token.add_option("FILE", options->file, "File with the token; - is standard input")->capture_default_str();
  CLI::App& jti =
      verbs.add(noun, {"jti", "One token by its id.", "  rescind revoke jti TOKEN_ID"}, [options](Console& console) {
        return revoke(console, *options, {{"kind", "token"}, {"jti", options->id}});
      });
  jti.add_option("JTI", options->id, "The token's jti")->required();
  CLI::App& session = verbs.add(noun, {"session", "All tokens of a session.", "  rescind revoke session SESSION_ID"},
                                [options](Console& console) {
                                  return revoke(console, *options, {{"kind", "session"}, {"sid", options->id}});
                                });
  session.add_option("SESSION", options->id, "Id of the session (sid)")->required();
  CLI::App& user = verbs.add(noun, {"user", "All tokens and sessions of a user.", "  rescind revoke user USER_ID"},
                             [options](Console& console) {
                               return revoke(console, *options, {{"kind", "user"}, {"sub", options->id}});
                             });
  user.add_option("USER", options->id, "Id of the user (sub)")->required();
  CLI::App& before = verbs.add(noun,
                               {"before", "All tokens that were issued before a moment: of one user, of one client, or of all.",
                                "  rescind revoke before now --client shop\n"
                                "  rescind revoke before 2026-11-21T10:00:00Z"},
                               [options](Console& console) { return revoke_before(console, *options); });
  before.add_option("TIME", options->moment, "now, or a time such as 2026-11-21T10:00:00Z")->required();
  before.add_option("--user", options->user, "Only of the user with this id");
  before.add_option("--client", options->client, "Only of this client");
  for (CLI::App* const verb : {&token, &jti, &session, &user, &before}) add_issuer(*verb, options);
  verbs.add(noun, {"list", "The revocations that are alive.", "  rescind revoke list"}, list_revocations);
}

}  // namespace rescind
