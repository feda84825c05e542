#include "mail/terminal_mailer.h"

#include <cstdio>

namespace rescind {

Queued TerminalMailer::send(Mail mail) {
  std::string shown = "\n--- mail to " + mail.to.text() + ": " + mail.subject + "\n" + mail.text + "---\n\n";
  for (char& c : shown) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && c != '\n') || byte == 0x7f) c = ' ';  // no escape sequence of anybody's reaches a terminal
  }
  std::fwrite(shown.data(), 1, shown.size(), stderr);
  return Queued::kYes;
}

}  // namespace rescind
