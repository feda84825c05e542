#include "mail/templates.h"

#include <filesystem>
#include <fstream>
#include <optional>
#include <utility>

namespace rescind {
namespace {

using Parsed = Result<MailTemplate, std::string>;

constexpr std::string_view kSubject = "Subject: ";
constexpr std::size_t kMaxValueBytes = 2048;

struct BuiltIn {
  std::string_view text;
  std::string_view html;
};

constexpr BuiltIn kReset = {
    "Subject: Reset your password\n"
    "\n"
    "Somebody, probably you, asked for a new password for {{email}}.\n"
    "Follow this link within {{minutes}} minutes to choose one:\n"
    "\n"
    "{{link}}\n"
    "\n"
    "If it was not you, do nothing: without the link the password stays as it is.\n",
    "<p>Somebody, probably you, asked for a new password for {{email}}.</p>\n"
    "<p><a href=\"{{link}}\">Choose a new password</a> within {{minutes}} minutes.</p>\n"
    "<p>If it was not you, do nothing: without the link the password stays as it is.</p>\n"};

constexpr BuiltIn kVerify = {
    "Subject: Confirm your e-mail address\n"
    "\n"
    "An account was made with the address {{email}}.\n"
    "If it is yours, follow this link to confirm the address:\n"
    "\n"
    "{{link}}\n"
    "\n"
    "If it is not yours, do nothing.\n",
    "<p>An account was made with the address {{email}}.</p>\n"
    "<p>If it is yours, <a href=\"{{link}}\">confirm the address</a>.</p>\n"
    "<p>If it is not yours, do nothing.</p>\n"};

constexpr BuiltIn kChange = {
    "Subject: Confirm your new e-mail address\n"
    "\n"
    "Somebody, probably you, wants to use {{email}} for an account that has another address now.\n"
    "If it was you, follow this link within {{minutes}} minutes to confirm the new address:\n"
    "\n"
    "{{link}}\n"
    "\n"
    "If it was not you, do not follow it: the account is not yours.\n",
    "<p>Somebody, probably you, wants to use {{email}} for an account that has another address now.</p>\n"
    "<p>If it was you, <a href=\"{{link}}\">confirm the new address</a> within {{minutes}} minutes.</p>\n"
    "<p>If it was not you, do not follow it: the account is not yours.</p>\n"};

constexpr BuiltIn kChangeNotice = {
    "Subject: Your e-mail address is about to change\n"
    "\n"
    "Somebody, probably you, asked for another e-mail address for the account of {{email}}.\n"
    "It changes when the link is followed that went to the new address.\n"
    "\n"
    "If it was not you, somebody has got into your account: change your password, which makes that link useless.\n",
    "<p>Somebody, probably you, asked for another e-mail address for the account of {{email}}.</p>\n"
    "<p>It changes when the link is followed that went to the new address.</p>\n"
    "<p>If it was not you, somebody has got into your account: change your password, which makes that link useless.</p>\n"};

BuiltIn built_in(MailKind kind) {
  switch (kind) {
    case MailKind::kResetPassword: return kReset;
    case MailKind::kVerifyEmail: return kVerify;
    case MailKind::kChangeEmail: return kChange;
    case MailKind::kEmailChangeNotice: return kChangeNotice;
  }
  return kReset;
}

// What a placeholder stands for; absent where there is none of that name.
std::optional<std::string> find_value(std::string_view name, const MailValues& values) {
  if (name == "link") return values.link;
  if (name == "name") return values.name;
  if (name == "email") return values.email;
  if (name == "minutes") return std::to_string(values.minutes.count());
  return std::nullopt;
}

std::string on_one_line(std::string_view value) {
  std::string out(value.substr(0, kMaxValueBytes));
  for (char& c : out) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  }
  return out;
}

std::string escape_html(std::string_view value) {
  std::string out;
  for (const char c : on_one_line(value)) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += c;
    }
  }
  return out;
}

// The text with `value_of(name)` in the place of every {{name}}; absent where one is not known.
template <class ValueOf>
std::optional<std::string> expand(std::string_view text, ValueOf value_of) {
  std::string out;
  for (;;) {
    const std::size_t open = text.find("{{");
    out += text.substr(0, open);
    if (open == std::string_view::npos) return out;
    const std::size_t close = text.find("}}", open);
    if (close == std::string_view::npos) return std::nullopt;
    const std::optional<std::string> value = value_of(text.substr(open + 2, close - open - 2));
    if (!value) return std::nullopt;
    out += *value;
    text.remove_prefix(close + 2);
  }
}

bool is_known(std::string_view text) {
  return expand(text, [](std::string_view name) { return find_value(name, MailValues{}); }).has_value();
}

std::optional<std::string> read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  std::string content(kMaxTemplateBytes + 1, '\0');
  file.read(content.data(), static_cast<std::streamsize>(content.size()));
  content.resize(static_cast<std::size_t>(file.gcount()));
  return content;
}

}  // namespace

std::string_view to_string(MailKind kind) {
  switch (kind) {
    case MailKind::kResetPassword: return "reset";
    case MailKind::kVerifyEmail: return "verify";
    case MailKind::kChangeEmail: return "change";
    case MailKind::kEmailChangeNotice: return "change-notice";
  }
  return "";
}

Result<MailTemplate, std::string> parse_mail_template(std::string_view text, std::string_view html) {
  if (text.size() > kMaxTemplateBytes || html.size() > kMaxTemplateBytes)
    return Parsed(Unexpected(std::string("it is too large")));
  const std::size_t end = text.find('\n');
  std::string_view first = text.substr(0, end);
  if (first.ends_with('\r')) first.remove_suffix(1);
  if (!first.starts_with(kSubject) || first.size() == kSubject.size() || end == std::string_view::npos) {
    return Parsed(Unexpected(std::string("the text's first line must be \"Subject: …\"")));
  }
  std::string_view body = text.substr(end + 1);
  if (body.starts_with('\r')) body.remove_prefix(1);
  if (!body.starts_with('\n')) return Parsed(Unexpected(std::string("the line after the subject must be empty")));
  body.remove_prefix(1);
  const std::string_view subject = first.substr(kSubject.size());
  if (!is_known(subject) || !is_known(body) || !is_known(html)) {
    return Parsed(Unexpected(std::string("the placeholders are {{link}}, {{name}}, {{email}} and {{minutes}}")));
  }
  return MailTemplate{std::string(subject), std::string(body), std::string(html)};
}

Mail render_mail(const MailTemplate& form, MailAddress to, const MailValues& values) {
  auto as_text = [&](std::string_view name) {
    const std::optional<std::string> value = find_value(name, values);
    return value ? std::optional(on_one_line(*value)) : std::nullopt;
  };
  auto as_html = [&](std::string_view name) {
    const std::optional<std::string> value = find_value(name, values);
    return value ? std::optional(escape_html(*value)) : std::nullopt;
  };
  // Parsed, so every placeholder is known.
  return Mail{std::move(to), expand(form.subject, as_text).value(), expand(form.text, as_text).value(),
              expand(form.html, as_html).value()};
}

MailTemplates::MailTemplates() {
  for (std::size_t i = 0; i < kMailKinds; ++i) {
    const BuiltIn form = built_in(static_cast<MailKind>(i));
    templates_[i] = parse_mail_template(form.text, form.html).value();
  }
}

Result<MailTemplates, std::string> MailTemplates::load(const std::string& directory) {
  MailTemplates templates;
  if (!std::filesystem::is_directory(directory)) return Unexpected("there is no directory " + directory);
  for (std::size_t i = 0; i < kMailKinds; ++i) {
    const std::filesystem::path base = std::filesystem::path(directory) / std::string(to_string(static_cast<MailKind>(i)));
    const std::optional<std::string> text = read_file(base.string() + ".txt");
    const std::optional<std::string> html = read_file(base.string() + ".html");
    if (!text && !html) continue;
    if (!text || !html) return Unexpected(base.string() + ": .txt and .html must both be there, or neither");
    auto parsed = parse_mail_template(*text, *html);
    if (!parsed) return Unexpected(base.string() + ": " + parsed.error());
    templates.templates_[i] = std::move(*parsed);
  }
  return templates;
}

}  // namespace rescind
