// rescind event: what has happened.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <limits>
#include <memory>
#include <thread>

#include "cli/admin_client.h"
#include "cli/find_user.h"
#include "cli/printing.h"
#include "cli/verbs.h"

namespace rescind {
namespace {

constexpr std::chrono::seconds kFollowPause{1};

struct EventOptions {
  std::string type;
  std::string user;
  std::uint64_t since = 0;
  std::uint64_t limit = std::numeric_limits<std::uint64_t>::max();
  bool follow = false;
  bool newest_first = false;
};

CommandResult<void> list_events(Console& console, const EventOptions& options) {
  ListPrinter printer(console, {{"SEQ", "seq"},
                                {"AT", "at"},
                                {"TYPE", "type"},
                                {"USER", "user"},
                                {"SESSION", "session"},
                                {"ADDRESS", "ip"},
                                {"BY", "by"},
                                {"DETAIL", "detail"}});
  const auto user = find_user_id(console, options.user);
  if (!user) return Unexpected(user.error());
  const char* const order = options.newest_first ? "desc" : "";
  std::string before;
  std::string since = options.since == 0 ? "" : std::to_string(options.since);
  std::uint64_t left = options.limit;
  for (;;) {
    const std::uint64_t wanted = std::min<std::uint64_t>(left, kPageSize);
    const std::string limit = std::to_string(wanted);
    const auto page = console.server.call(Method::kGet, "/admin/events" + make_query({{"type", options.type},
                                                                                      {"user", *user},
                                                                                      {"since", since},
                                                                                      {"before", before},
                                                                                      {"order", order},
                                                                                      {"limit", limit}}));
    if (!page) return Unexpected(page.error());
    if (const boost::json::object* const last = printer.print(*page, "events")) {
      (options.newest_first ? before : since) = to_cell(last->if_contains("seq"));
    }
    left -= std::min<std::uint64_t>(left, printer.printed());
    if (left == 0) return {};
    if (printer.printed() == wanted) continue;
    if (!options.follow) return {};
    std::this_thread::sleep_for(kFollowPause);
  }
}

}  // namespace

void add_event_verbs(Verbs& verbs) {
  CLI::App& event = verbs.add_noun("event", "What has happened: list.");
  const auto options = std::make_shared<EventOptions>();
  CLI::App& list = verbs.add(event,
                             {"list", "Events, oldest first unless told otherwise.",
                              "  rescind event list --type login_failed --since 4711\n"
                              "  rescind event list --newest-first --limit 20 --user a@example.com\n"
                              "  rescind event list --follow --json | jq .type"},
                             [options](Console& console) { return list_events(console, *options); });
  list.add_option("--type", options->type, "Only this type, such as user_blocked");
  list.add_option("--user", options->user, "Only of this user: id or e-mail address");
  list.add_option("--since", options->since, "Only what came after the event with this number (SEQ)");
  list.add_option("--limit", options->limit, "No more than so many")->check(CLI::PositiveNumber);
  CLI::Option* const newest = list.add_flag("--newest-first", options->newest_first, "From now back into the past");
  list.add_flag("--follow", options->follow, "Go on with what happens from now on, until interrupted")->excludes(newest);
}

}  // namespace rescind
