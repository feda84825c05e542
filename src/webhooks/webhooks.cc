#include "webhooks/webhooks.h"

#include <thread>
#include <utility>

#include "webhooks/http_receiver.h"

namespace rescind {

struct Webhooks::Follower {
  Follower(Webhook webhook, Store& store, const Clock& clock, Random& random, Metrics& metrics, Log& log,
           const std::atomic<bool>& stopping)
      : receiver({webhook.url, webhook.ca_file, webhook.timeout}, stopping),
        delivery(std::move(webhook), receiver, store, clock, random, metrics, log, stopping) {}

  HttpReceiver receiver;
  WebhookDelivery delivery;
  std::thread thread;
};

Webhooks::Webhooks(std::vector<Webhook> webhooks, Store& store, const Clock& clock, Random& random, Metrics& metrics,
                   Log& log) {
  for (Webhook& webhook : webhooks) {
    followers_.push_back(std::make_unique<Follower>(std::move(webhook), store, clock, random, metrics, log, stopping_));
  }
}

Webhooks::~Webhooks() { stop(); }

Result<void> Webhooks::start() {
  for (const auto& follower : followers_) {
    Result<void> begun = follower->delivery.begin();
    if (!begun) return begun;
  }
  for (const auto& follower : followers_) {
    follower->thread = std::thread([this, one = follower.get()] { run(one->delivery); });
  }
  return {};
}

void Webhooks::run(WebhookDelivery& delivery) {
  while (!stopping_) {
    if (delivery.turn() == NextTurn::kAtOnce) continue;
    MutexLock lock(mutex_);
    if (!stopping_) stop_asked_.wait_for(mutex_, kWebhookLookInterval);
  }
}

void Webhooks::stop() {
  {
    MutexLock lock(mutex_);
    stopping_ = true;
    stop_asked_.notify_all();
  }
  for (const auto& follower : followers_) {
    if (follower->thread.joinable()) follower->thread.join();
  }
}

}  // namespace rescind
