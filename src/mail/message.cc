#include "mail/message.h"

#include <array>
#include <chrono>
#include <cstdio>

#include "mail/quoted_printable.h"
#include "rescind/base64url.h"

namespace rescind {
namespace {

std::string random_text(Random& random) {
  std::array<std::uint8_t, 15> bytes{};
  random.fill(bytes);
  return base64url_encode(bytes);
}

// RFC 5322 section 3.3.
std::string format_date(WallTime time) {
  constexpr std::array kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%s, %u %s %d %02d:%02d:%02d +0000", kDays[std::chrono::weekday(day).c_encoding()],
                unsigned{date.day()}, kMonths[unsigned{date.month()} - 1], int{date.year()},
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  return text.data();
}

std::string format_mailbox(const Mailbox& mailbox) {
  if (mailbox.name.empty()) return mailbox.address.text();
  std::string name = encode_field_text(mailbox.name);
  if (name == mailbox.name) {
    std::string quoted;
    for (const char c : name) quoted += (c == '"' || c == '\\') ? std::string("\\") + c : std::string(1, c);
    name = "\"" + quoted + "\"";
  }
  return name + " <" + mailbox.address.text() + ">";
}

std::string format_part(const std::string& boundary, std::string_view type, std::string_view text) {
  return "--" + boundary + "\r\nContent-Type: " + std::string(type) +
         "; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" + encode_quoted_printable(text);
}

}  // namespace

std::string format_message(const Mail& mail, const Mailbox& from, WallTime date, Random& random) {
  const std::string boundary = "=_" + random_text(random);  // "=_" stands in no quoted-printable text
  std::string message = "From: " + format_mailbox(from) + "\r\n";
  message += "To: " + mail.to.text() + "\r\n";
  message += "Subject: " + encode_field_text(mail.subject) + "\r\n";
  message += "Date: " + format_date(date) + "\r\n";
  message += "Message-ID: <" + random_text(random) + "@" + std::string(from.address.domain()) + ">\r\n";
  message += "Auto-Submitted: auto-generated\r\n";  // RFC 3834: nobody's absence note answers it
  message += "MIME-Version: 1.0\r\n";
  message += "Content-Type: multipart/alternative; boundary=\"" + boundary + "\"\r\n\r\n";
  message += format_part(boundary, "text/plain", mail.text);
  message += format_part(boundary, "text/html", mail.html);
  return message + "--" + boundary + "--\r\n";
}

}  // namespace rescind
