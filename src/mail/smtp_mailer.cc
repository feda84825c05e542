#include "mail/smtp_mailer.h"

#include <algorithm>
#include <utility>

#include "mail/message.h"

namespace rescind {

SmtpMailer::SmtpMailer(SmtpServer server, Mailbox from, const Clock& clock, Random& random, Metrics& metrics, Log& log)
    : server_(std::move(server)),
      from_(std::move(from)),
      clock_(clock),
      random_(random),
      log_(log),
      sent_(metrics.counter("rescind_mails_total", "Mails by result.", {{"result", "sent"}})),
      failed_(metrics.counter("rescind_mails_total", "Mails by result.", {{"result", "failed"}})),
      thread_([this] { run(); }) {}

SmtpMailer::~SmtpMailer() {
  stopping_.store(true, std::memory_order_relaxed);
  {
    const std::scoped_lock lock(mutex_);  // else the thread may miss it between its look and its sleep
  }
  changed_.notify_all();
  thread_.join();
  if (!waiting_.empty()) log_.warning("mails were not sent before the end", {{"count", std::to_string(waiting_.size())}});
}

Queued SmtpMailer::send(Mail mail) {
  Envelope envelope{from_.address, mail.to, format_message(mail, from_, clock_.wall_now(), random_)};
  {
    const std::scoped_lock lock(mutex_);
    if (waiting_.size() >= kMaxQueuedMails) {
      failed_.increment();
      return Queued::kQueueIsFull;
    }
    waiting_.push_back({std::move(envelope), clock_.steady_now(), 0});
  }
  changed_.notify_one();
  return Queued::kYes;
}

void SmtpMailer::run() {
  while (std::optional<Waiting> mail = take_due()) try_once(std::move(*mail));
}

// Waits for the first mail that is due; absent at the end.
std::optional<SmtpMailer::Waiting> SmtpMailer::take_due() {
  std::unique_lock lock(mutex_);
  for (;;) {
    if (stopping_.load(std::memory_order_relaxed)) return std::nullopt;
    const auto first = std::ranges::min_element(waiting_, {}, &Waiting::due);
    if (first == waiting_.end()) {
      changed_.wait(lock);
      continue;
    }
    const SteadyTime now = clock_.steady_now();
    if (first->due > now) {
      changed_.wait_for(lock, first->due - now);
      continue;
    }
    Waiting mail = std::move(*first);
    waiting_.erase(first);
    return mail;
  }
}

void SmtpMailer::try_once(Waiting mail) {
  const SmtpReport report = send_by_smtp(server_, mail.envelope, kSmtpTimeout, stopping_);
  if (report.outcome == SmtpOutcome::kSent) return sent_.increment();
  const bool is_last = report.outcome == SmtpOutcome::kRefused || mail.tries == kSmtpRetries.size();
  if (is_last) {
    failed_.increment();
    return log_.error("a mail could not be sent", {{"reason", report.reason}});
  }
  log_.warning("a mail could not be sent yet", {{"reason", report.reason}});
  mail.due = clock_.steady_now() + kSmtpRetries[mail.tries];
  mail.tries += 1;
  const std::scoped_lock lock(mutex_);
  waiting_.push_back(std::move(mail));  // its place in the bound was its own: see send()
}

}  // namespace rescind
