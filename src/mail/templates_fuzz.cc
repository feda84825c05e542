// Any text as a template and as a value: what is taken can be rendered, and no value becomes markup or a line.
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "mail/templates.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rescind;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t half = input.find('\x01');
  const std::string_view text = input.substr(0, half);
  const std::string_view rest = half == std::string_view::npos ? std::string_view() : input.substr(half + 1);
  const auto form = parse_mail_template(text, rest);
  if (form) render_mail(*form, MailAddress::parse("a@b.example").value(), {"link", "name", "email", {}});

  const auto fixed = parse_mail_template("Subject: {{name}}\n\n{{name}}", "{{name}}");
  const Mail mail = render_mail(*fixed, MailAddress::parse("a@b.example").value(), {"", std::string(input), "", {}});
  if (mail.text.find('\n') != std::string::npos || mail.subject.find('\r') != std::string::npos) std::abort();
  if (mail.html.find_first_of("<>\"'") != std::string::npos) std::abort();
  return 0;
}
