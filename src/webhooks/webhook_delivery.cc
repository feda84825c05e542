#include "webhooks/webhook_delivery.h"

#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>
#include <cstring>
#include <utility>
#include <vector>

#include "base/run_to_end.h"
#include "domain/event_json.h"
#include "webhooks/signature.h"

namespace rescind {
namespace {

Counter& deliveries(Metrics& metrics, const std::string& name, const char* result) {
  return metrics.counter("rescind_webhook_deliveries_total", "Deliveries of events to webhooks by result.",
                         {{"name", name}, {"result", result}});
}

std::string follower_name(const Webhook& webhook) { return "webhook:" + webhook.name; }

// The seq alone would come again in another store, and a receiver drops what has an id that it knows.
std::string message_id(const Event& event) {
  return "evt_" + std::to_string(event.draft.at.time_since_epoch().count()) + "_" + std::to_string(event.seq);
}

// `failures` in a row, at least 1.
std::chrono::milliseconds longest_wait(std::uint32_t failures) {
  std::chrono::milliseconds wait = kFirstRetryWait;
  for (std::uint32_t i = 1; i < failures && wait < kLongestRetryWait; ++i) wait *= 2;
  return std::min(wait, kLongestRetryWait);
}

std::chrono::milliseconds retry_wait(std::uint32_t failures, Random& random) {
  std::array<std::uint8_t, 4> bytes{};
  random.fill(bytes);
  std::uint32_t number = 0;
  std::memcpy(&number, bytes.data(), bytes.size());
  const std::chrono::milliseconds half = longest_wait(failures) / 2;
  return half + std::chrono::milliseconds(number % (static_cast<std::uint64_t>(half.count()) + 1));
}

}  // namespace

WebhookDelivery::WebhookDelivery(Webhook webhook, Receiver& receiver, Store& store, const Clock& clock, Random& random,
                                 Metrics& metrics, Log& log, const std::atomic<bool>& stopping)
    : webhook_(std::move(webhook)),
      receiver_(receiver),
      store_(store),
      clock_(clock),
      random_(random),
      log_(log),
      stopping_(stopping),
      delivered_(deliveries(metrics, webhook_.name, "ok")),
      failed_(deliveries(metrics, webhook_.name, "failed")),
      skipped_(deliveries(metrics, webhook_.name, "skipped")),
      backlog_(metrics.gauge("rescind_webhook_backlog", "Events of the log that a webhook is not done with.",
                             {{"name", webhook_.name}})) {}

Result<void> WebhookDelivery::begin() {
  const Result<EventCursor> cursor = run_to_end(store_.load_event_cursor(follower_name(webhook_)));
  if (!cursor) return Unexpected(cursor.error());
  head_ = cursor->head;
  passed_ = saved_ = cursor->passed.value_or(cursor->head);
  show_backlog();
  if (cursor->passed) return {};
  return run_to_end(store_.advance_event_cursor(follower_name(webhook_), passed_));
}

NextTurn WebhookDelivery::turn() {
  const Result<EventCursor> cursor = run_to_end(store_.load_event_cursor(follower_name(webhook_)));
  if (!cursor) return NextTurn::kLater;
  head_ = cursor->head;
  show_backlog();
  const bool is_due = failures_ == 0 || clock_.steady_now() >= retry_at_;
  const bool went_well = is_due && passed_ < head_ && deliver_next_events();
  save_cursor();
  show_backlog();
  return went_well && passed_ < head_ ? NextTurn::kAtOnce : NextTurn::kLater;
}

void WebhookDelivery::show_backlog() { backlog_.set(static_cast<double>(head_ - passed_)); }

// False where one was not taken.
bool WebhookDelivery::deliver_next_events() {
  const SteadyTime began = clock_.steady_now();
  EventFilter filter;
  filter.after_seq = passed_;
  filter.limit = kEventsPerTurn;
  const Result<std::vector<Event>> events = run_to_end(store_.list_events(std::move(filter)));
  if (!events) return false;
  if (events->empty()) skip_to(head_ + 1);
  for (const Event& event : *events) {
    if (stopping_ || clock_.steady_now() - began >= kTurnTime) break;
    skip_to(event.seq);
    const bool is_wanted = !webhook_.only_events || webhook_.only_events->contains(event.draft.type);
    if (is_wanted && !deliver(event)) return false;
    passed_ = event.seq;
  }
  head_ = std::max(head_, passed_);
  return true;
}

bool WebhookDelivery::deliver(const Event& event) {
  SignedMessage message;
  message.id = message_id(event);
  message.timestamp = to_seconds(clock_.wall_now());
  message.body = boost::json::serialize(to_json(event));
  message.signature = sign_webhook(webhook_.keys, message.id, message.timestamp, message.body);
  const Result<void, std::string> taken = receiver_.deliver(message);
  if (!taken) {
    if (!stopping_) note_failure(taken.error());
    return false;
  }
  delivered_.increment();
  if (failures_ != 0) log_.info("the receiver of a webhook takes events again", {{"webhook", webhook_.name}});
  failures_ = 0;
  return true;
}

void WebhookDelivery::note_failure(const std::string& reason) {
  failed_.increment();
  if (failures_ == 0) {
    log_.error("the receiver of a webhook does not take an event; it is tried again, and what comes waits behind it",
               {{"webhook", webhook_.name}, {"reason", reason}});
  }
  failures_ += 1;
  retry_at_ = clock_.steady_now() + retry_wait(failures_, random_);
}

void WebhookDelivery::skip_to(std::uint64_t next) {
  const std::uint64_t gone = next - 1 - passed_;
  if (gone == 0) return;
  skipped_.increment(static_cast<double>(gone));
  log_.error("events have left the log before the receiver of a webhook took them",
             {{"webhook", webhook_.name}, {"count", std::to_string(gone)}});
  passed_ = next - 1;
}

void WebhookDelivery::save_cursor() {
  if (saved_ == passed_) return;
  const Result<void> saved = run_to_end(store_.advance_event_cursor(follower_name(webhook_), passed_));
  if (saved) saved_ = passed_;
}

}  // namespace rescind
