// Mails through an SMTP server, from a queue and on a thread of its own: no request ever waits for the network.
#ifndef RESCIND_MAIL_SMTP_MAILER_H_
#define RESCIND_MAIL_SMTP_MAILER_H_

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/random.h"
#include "mail/mailer.h"
#include "mail/smtp_transfer.h"

namespace rescind {

inline constexpr std::size_t kMaxQueuedMails = 1000;
inline constexpr std::chrono::seconds kSmtpTimeout{30};
// Waits before a mail is tried once more. The links are short-lived, so that a mail that comes much later is of no use.
inline constexpr std::array kSmtpRetries = {std::chrono::seconds(1), std::chrono::seconds(10), std::chrono::seconds(60),
                                            std::chrono::seconds(300)};

// The queue is in memory: what waits at exit is lost, and said in the log.
// Thread-safety: any thread may call any member.
class SmtpMailer final : public Mailer {
 public:
  SmtpMailer(SmtpServer server, Mailbox from, const Clock& clock, Random& random, Metrics& metrics, Log& log);
  ~SmtpMailer() override;
  SmtpMailer(const SmtpMailer&) = delete;
  SmtpMailer& operator=(const SmtpMailer&) = delete;

  Queued send(Mail mail) override;

 private:
  struct Waiting {
    Envelope envelope;
    SteadyTime due;
    std::size_t tries = 0;
  };
  void run();
  std::optional<Waiting> take_due();
  void try_once(Waiting mail);

  const SmtpServer server_;
  const Mailbox from_;
  const Clock& clock_;
  Random& random_;
  Log& log_;
  Counter& sent_;
  Counter& failed_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Waiting> waiting_;  // guarded by mutex_; at most kMaxQueuedMails
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

}  // namespace rescind

#endif  // RESCIND_MAIL_SMTP_MAILER_H_
