// rescind user: accounts.
#include <CLI/CLI.hpp>
#include <memory>

#include "base/clock.h"
#include "cli/admin_client.h"
#include "cli/asking.h"
#include "cli/find_user.h"
#include "cli/moment.h"
#include "cli/printing.h"
#include "cli/verbs.h"

namespace rescind {
namespace {

struct UserOptions {
  std::string user;
  std::string email;
  std::string name;
  std::string roles;
  std::string hash_file;
  std::string until;
  std::string reason;
  std::string passkey;
  bool email_verified = false;
  Consent consent = Consent::kAsk;
};

using Options = std::shared_ptr<UserOptions>;

std::vector<Column> user_columns() {
  return {{"ID", "id"}, {"EMAIL", "email"}, {"NAME", "name"}, {"ROLES", "roles"}, {"CREATED", "created_at"}};
}

boost::json::array to_json_list(const std::string& with_commas) {
  boost::json::array list;
  for (const std::string& item : split_commas(with_commas)) list.emplace_back(item);
  return list;
}

// The sub-objects of answers are what people want to see: {"user": {…}} without its shell.
const boost::json::object& user_of(const boost::json::object& answer) {
  const boost::json::value* const user = answer.if_contains("user");
  return user != nullptr && user->is_object() ? user->get_object() : answer;
}

CommandResult<void> list_users(Console& console, const UserOptions& options) {
  ListPrinter printer(console, user_columns());
  std::string after;
  do {
    const auto page = console.server.call(
        Method::kGet, "/admin/users" + make_query({{"email", options.email}, {"after", after}, {"limit", kPageLimit}}));
    if (!page) return Unexpected(page.error());
    const boost::json::object* const last = printer.print(*page, "users");
    after = last == nullptr ? "" : text_at(*last, "id");
  } while (printer.printed() == kPageSize);
  return {};
}

CommandResult<void> show_user(Console& console, const UserOptions& options) {
  const auto id = find_user_id(console, options.user);
  if (!id) return Unexpected(id.error());
  const auto answer = console.server.call(Method::kGet, make_path({"admin", "users", *id}));
  if (!answer) return Unexpected(answer.error());
  print_object(console, user_of(*answer));
  return {};
}

CommandResult<void> export_user(Console& console, const UserOptions& options) {
  const auto id = find_user_id(console, options.user);
  if (!id) return Unexpected(id.error());
  const auto answer = console.server.call(Method::kGet, make_path({"admin", "users", *id, "export"}));
  if (!answer) return Unexpected(answer.error());
  Console as_json{console.server, console.streams, OutputForm::kJson};  // a table would lose what it is for
  print_object(as_json, *answer);
  return {};
}

CommandResult<void> create_user(Console& console, const UserOptions& options) {
  boost::json::object body{{"email", options.email}};
  if (!options.name.empty()) body["name"] = options.name;
  if (!options.roles.empty()) body["roles"] = to_json_list(options.roles);
  if (options.email_verified) body["email_verified"] = true;
  if (!options.hash_file.empty()) {
    const auto hash = read_secret_input(console, options.hash_file);
    if (!hash) return Unexpected(hash.error());
    body["password_hash"] = hash->reveal();
  }
  const auto answer = console.server.call(Method::kPost, "/admin/users", body);
  if (!answer) return Unexpected(answer.error());
  print_object(console, user_of(*answer));
  return {};
}

// `act` is the last segment of the path: block, unblock, logout, password-reset.
CommandResult<void> act_on_user(Console& console, const UserOptions& options, const char* act, const boost::json::object& body,
                                const std::string& done) {
  const auto id = find_user_id(console, options.user);
  if (!id) return Unexpected(id.error());
  const std::string path = make_path({"admin", "users", *id, act});
  const auto answer = body.empty() ? console.server.call(Method::kPost, path) : console.server.call(Method::kPost, path, body);
  if (!answer) return Unexpected(answer.error());
  print_done(console, *answer, options.user + " " + done);
  return {};
}

CommandResult<void> block_user(Console& console, const UserOptions& options) {
  boost::json::object body;
  std::string done = "is blocked until it is unblocked";
  if (!options.until.empty()) {
    const auto length = parse_length(options.until);
    const auto until = length ? to_seconds(SystemClock().wall_now()) + *length : parse_moment(options.until);
    if (!until) return command_failed(ExitCode::kUsage, "--until takes 90s, 15m, 36h, 2d, 2026-11-21 or 2026-11-21T10:00:00Z");
    body["until"] = until->time_since_epoch().count();
    done = "is blocked until " + options.until + (length ? " from now" : "");
  }
  if (!options.reason.empty()) body["reason"] = options.reason;
  return act_on_user(console, options, "block", body, done);
}

CommandResult<void> change_user(Console& console, const UserOptions& options, const boost::json::object& body,
                                const std::string& done) {
  const auto id = find_user_id(console, options.user);
  if (!id) return Unexpected(id.error());
  const auto answer = console.server.call(Method::kPatch, make_path({"admin", "users", *id}), body);
  if (!answer) return Unexpected(answer.error());
  print_done(console, *answer, options.user + " " + done);
  return {};
}

CommandResult<void> set_roles(Console& console, const UserOptions& options) {
  const boost::json::object body{{"roles", to_json_list(options.roles)}};
  return change_user(console, options, body, "has the roles " + (options.roles.empty() ? "(none)" : options.roles));
}

CommandResult<void> set_email(Console& console, const UserOptions& options) {
  boost::json::object body{{"email", options.email}};
  if (options.email_verified) body["email_verified"] = true;
  return change_user(console, options, body, "has the e-mail address " + options.email);
}

CommandResult<void> list_passkeys(Console& console, const UserOptions& options) {
  const auto id = find_user_id(console, options.user);
  if (!id) return Unexpected(id.error());
  const auto answer = console.server.call(Method::kGet, make_path({"admin", "users", *id, "passkeys"}));
  if (!answer) return Unexpected(answer.error());
  ListPrinter printer(
      console,
      {{"ID", "id"}, {"NAME", "name"}, {"SYNCED", "synced"}, {"CREATED", "created_at"}, {"LAST USED", "last_used_at"}});
  printer.print(*answer, "passkeys");
  return {};
}

CommandResult<void> remove_passkey(Console& console, const UserOptions& options) {
  const auto id = find_user_id(console, options.user);
  if (!id) return Unexpected(id.error());
  const auto answer = console.server.call(Method::kDelete, make_path({"admin", "users", *id, "passkeys", options.passkey}));
  if (!answer) return Unexpected(answer.error());
  print_done(console, *answer, options.user + " does not sign in with passkey " + options.passkey + " any more");
  return {};
}

CommandResult<void> delete_user(Console& console, const UserOptions& options) {
  const auto id = find_user_id(console, options.user);
  if (!id) return Unexpected(id.error());
  const auto sure = confirm(console, options.consent, "Delete " + options.user + " (" + *id + ") for good?");
  if (!sure) return Unexpected(sure.error());
  const auto answer = console.server.call(Method::kDelete, make_path({"admin", "users", *id}));
  if (!answer) return Unexpected(answer.error());
  print_done(console, *answer, options.user + " is deleted");
  return {};
}

// A verb whose first argument is a user.
CLI::App& add_user_verb(Verbs& verbs, CLI::App& noun, const VerbWords& words, const Options& options, Verb run) {
  CLI::App& verb = verbs.add(noun, words, std::move(run));
  verb.add_option("USER", options->user, kUserHelp)->required();
  return verb;
}

}  // namespace

void add_user_verbs(Verbs& verbs) {
  CLI::App& user = verbs.add_noun(
      "user", "Accounts and their passkeys: list, show, create, change, block, unblock, logout, export, delete.");
  const auto options = std::make_shared<UserOptions>();
  verbs
      .add(user, {"list", "All accounts, or the one with an e-mail address.", "  rescind user list --email a@example.com"},
           [options](Console& console) { return list_users(console, *options); })
      .add_option("--email", options->email, "Only this address");
  add_user_verb(verbs, user, {"show", "One account.", "  rescind user show a@example.com"}, options,
                [options](Console& console) { return show_user(console, *options); });
  CLI::App& create = verbs.add(user,
                               {"create", "Take over an account of another system, with its password hash or without.",
                                "  rescind user create a@example.com --name Ada --hash-file - < ada.hash"},
                               [options](Console& console) { return create_user(console, *options); });
  create.add_option("EMAIL", options->email, "E-mail address")->required();
  create.add_option("--name", options->name, "Name");
  create.add_option("--roles", options->roles, "Roles, with commas between");
  create.add_option("--hash-file", options->hash_file, "File with an argon2id or bcrypt hash; - is standard input");
  create.add_flag("--email-verified", options->email_verified, "The address is known to be the owner's");
  CLI::App& block = add_user_verb(verbs, user,
                                  {"block", "Refuse an account and everything that it has signed in to, at once.",
                                   "  rescind user block a@example.com --until 2d --reason 'stolen phone'"},
                                  options, [options](Console& console) { return block_user(console, *options); });
  block.add_option("--until", options->until, "A length such as 2d or 36h, or a time such as 2026-11-21T10:00:00Z");
  block.add_option("--reason", options->reason, "The user is told it at the log-in, and administrators see it");
  add_user_verb(verbs, user, {"unblock", "End a block.", "  rescind user unblock a@example.com"}, options,
                [options](Console& console) { return act_on_user(console, *options, "unblock", {}, "is not blocked"); });
  add_user_verb(
      verbs, user, {"logout", "End every session of an account.", "  rescind user logout a@example.com"}, options,
      [options](Console& console) { return act_on_user(console, *options, "logout", {}, "is signed out everywhere"); });
  add_user_verb(verbs, user,
                {"roles", "Give an account these roles and no others.", "  rescind user roles a@example.com admin,editor"},
                options, [options](Console& console) { return set_roles(console, *options); })
      .add_option("ROLES", options->roles, "Roles, with commas between; '' for none")
      ->required();
  add_user_verb(verbs, user, {"name", "Give an account another name.", "  rescind user name a@example.com 'Ada Lovelace'"},
                options,
                [options](Console& console) {
                  return change_user(console, *options, {{"name", options->name}}, "has the name " + options->name);
                })
      .add_option("NAME", options->name, "Name; '' for none")
      ->required();
  CLI::App& email = add_user_verb(verbs, user,
                                  {"email", "Give an account another e-mail address; its sessions live on.",
                                   "  rescind user email a@example.con a@example.com"},
                                  options, [options](Console& console) { return set_email(console, *options); });
  email.add_option("EMAIL", options->email, "E-mail address")->required();
  email.add_flag("--verified", options->email_verified, "The address is known to be the owner's");
  add_user_verb(
      verbs, user,
      {"verify-email", "Say that the e-mail address is known to be the owner's.", "  rescind user verify-email a@example.com"},
      options, [options](Console& console) {
        return change_user(console, *options, {{"email_verified", true}}, "has a verified e-mail address");
      });
  add_user_verb(verbs, user,
                {"reset-password", "Send an account the mail with which it gets a new password.",
                 "  rescind user reset-password a@example.com"},
                options, [options](Console& console) {
                  return act_on_user(console, *options, "password-reset", {}, "gets a mail with a link");
                });
  add_user_verb(verbs, user, {"passkeys", "The passkeys of an account.", "  rescind user passkeys a@example.com"}, options,
                [options](Console& console) { return list_passkeys(console, *options); });
  add_user_verb(
      verbs, user,
      {"remove-passkey",
       "Remove a passkey that was lost or copied, be it the only way in. What it has signed in to goes on: see logout.",
       "  rescind user remove-passkey a@example.com PASSKEY_ID"},
      options, [options](Console& console) { return remove_passkey(console, *options); })
      .add_option("PASSKEY", options->passkey, "Id of the passkey")
      ->required();
  add_user_verb(verbs, user, {"export", "All that is held of an account, as JSON.", "  rescind user export a@example.com"},
                options, [options](Console& console) { return export_user(console, *options); });
  add_user_verb(verbs, user, {"delete", "Remove an account for good.", "  rescind user delete a@example.com --yes"}, options,
                [options](Console& console) { return delete_user(console, *options); })
      .add_flag_callback(
          "--yes", [options] { options->consent = Consent::kGiven; }, "Do not ask");
}

}  // namespace rescind
