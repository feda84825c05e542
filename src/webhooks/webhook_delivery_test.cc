#include "webhooks/webhook_delivery.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/serialize.hpp>
#include <memory>
#include <vector>

#include "domain/event_json.h"
#include "tests/testing/run_task.h"
#include "tests/testing/store_values.h"
#include "tests/testing/webhook_parts.h"
#include "webhooks/signature.h"

namespace rescind {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class WebhookDeliveryTest : public ::testing::Test {
 protected:
  WebhookDeliveryTest() { webhook.name = "shop"; }

  std::vector<Secret> keys{Secret(std::string(24, 'k'))};
  Webhook webhook{.name = "shop", .url = {}, .ca_file = {}, .keys = keys, .only_events = {}};
  MemoryStore memory;
  FailingStore store{memory};
  StandingClock clock;
  ZeroRandom random;
  Metrics metrics;
  Log log{LogLevel::kOff, LogFormat::kText};
  std::atomic<bool> stopping{false};
  ScriptedReceiver receiver;
  std::unique_ptr<WebhookDelivery> delivery = open();

  // As another start of the server would.
  std::unique_ptr<WebhookDelivery> open() {
    auto opened = std::make_unique<WebhookDelivery>(webhook, receiver, store, clock, random, metrics, log, stopping);
    EXPECT_TRUE(opened->begin());
    return opened;
  }
  void happen(EventType type = EventType::kLoginFailed, std::int64_t at = kTestNow) {
    ASSERT_TRUE(run(memory.append_event(make_event(type, "alice", at))));
  }
  std::vector<std::uint64_t> taken() const {
    std::vector<std::uint64_t> seqs;
    for (const SignedMessage& message : receiver.taken) {
      seqs.push_back(std::stoull(message.id.substr(message.id.rfind('_') + 1)));
    }
    return seqs;
  }
  EventCursor cursor() { return run(memory.load_event_cursor("webhook:shop")).value(); }
  bool has_metric(const std::string& line) {
    const std::string text = metrics.render();
    return text.find("\n" + line + "\n") != text.npos;
  }
  bool has_counted(const std::string& result, int count) {
    return has_metric("rescind_webhook_deliveries_total{name=\"shop\",result=\"" + result + "\"} " + std::to_string(count));
  }
  bool has_backlog(int count) { return has_metric("rescind_webhook_backlog{name=\"shop\"} " + std::to_string(count)); }
};

TEST_F(WebhookDeliveryTest, ANewWebhookBeginsAtTheHeadOfTheLogAndMissesNothingFromThere) {
  happen();
  webhook.name = "other";
  delivery = open();
  EXPECT_EQ(run(memory.load_event_cursor("webhook:other")).value().passed, 1u);
  happen();
  EXPECT_EQ(delivery->turn(), NextTurn::kLater);
  EXPECT_THAT(taken(), ElementsAre(2));
}

TEST_F(WebhookDeliveryTest, ANewWebhookDoesNotBeginWhereItsPlaceCannotBeKept) {
  webhook.name = "other";
  WebhookDelivery other(webhook, receiver, store, clock, random, metrics, log, stopping);
  for (const std::uint64_t call : {1, 2}) {
    store.fail_call(call, FailureSide::kBefore);
    EXPECT_FALSE(other.begin());
  }
  EXPECT_TRUE(other.begin());
}

TEST_F(WebhookDeliveryTest, AnEventIsDeliveredOnceInTheOrderOfTheLogAndSigned) {
  happen(EventType::kUserBlocked);
  happen();
  delivery->turn();
  delivery->turn();
  ASSERT_THAT(taken(), ElementsAre(1, 2));
  const SignedMessage& message = receiver.taken.front();
  const std::vector<Event> events = run(memory.list_events({})).value();
  EXPECT_EQ(message.body, boost::json::serialize(to_json(events.front())));
  EXPECT_THAT(message.body, HasSubstr("\"type\":\"user_blocked\""));
  EXPECT_EQ(message.id, "evt_" + std::to_string(kTestNow) + "000_1");
  EXPECT_EQ(message.timestamp, at_second(kTestNow));
  EXPECT_EQ(message.signature, sign_webhook(keys, message.id, message.timestamp, message.body));
  EXPECT_TRUE(has_counted("ok", 2));
}

TEST_F(WebhookDeliveryTest, OnlyWantedTypesAreDeliveredAndTheOthersArePassed) {
  webhook.only_events = {EventType::kUserBlocked};
  delivery = open();
  happen(EventType::kLoginFailed);
  happen(EventType::kUserBlocked);
  happen(EventType::kLoginFailed);
  delivery->turn();
  EXPECT_THAT(taken(), ElementsAre(2));
  EXPECT_EQ(cursor().passed, 3u);
}

TEST_F(WebhookDeliveryTest, WhatIsNotTakenIsTriedAgainUnderTheSameIdAndNothingOvertakesIt) {
  happen();
  happen();
  receiver.is_down = true;
  EXPECT_EQ(delivery->turn(), NextTurn::kLater);
  EXPECT_EQ(receiver.tried.size(), 1u);
  EXPECT_TRUE(has_backlog(2));
  receiver.is_down = false;
  clock.advance(kFirstRetryWait);
  delivery->turn();
  EXPECT_THAT(taken(), ElementsAre(1, 2));
  EXPECT_EQ(receiver.tried[0].id, receiver.tried[1].id);
  EXPECT_TRUE(has_counted("failed", 1));
  EXPECT_TRUE(has_backlog(0));
}

TEST_F(WebhookDeliveryTest, TheWaitDoublesUpToTheLongestAndBeginsAnewAfterASuccess) {
  happen();
  receiver.is_down = true;
  const auto wait_before_try = [this](std::size_t tries) {
    milliseconds waited{0};
    while (receiver.tried.size() < tries && waited < seconds(1000)) {
      delivery->turn();
      if (receiver.tried.size() == tries) break;
      clock.advance(milliseconds(100));
      waited += milliseconds(100);
    }
    return waited;
  };
  EXPECT_EQ(wait_before_try(1), milliseconds(0));
  std::vector<std::int64_t> waits;
  for (std::size_t tries = 2; tries <= 12; ++tries) waits.push_back(wait_before_try(tries).count());
  EXPECT_THAT(waits, ElementsAre(500, 1000, 2000, 4000, 8000, 16000, 32000, 64000, 128000, 150000, 150000));
  receiver.is_down = false;
  wait_before_try(13);
  ASSERT_THAT(taken(), ElementsAre(1));
  receiver.is_down = true;
  happen();
  EXPECT_EQ(wait_before_try(14), milliseconds(0));
  EXPECT_EQ(wait_before_try(15), milliseconds(500));
}

TEST_F(WebhookDeliveryTest, WhatWaitsOutlivesTheProcess) {
  happen();
  receiver.is_down = true;
  delivery->turn();
  delivery = open();
  happen();
  receiver.is_down = false;
  delivery->turn();
  EXPECT_THAT(taken(), ElementsAre(1, 2));
  delivery = open();
  delivery->turn();
  EXPECT_THAT(taken(), ElementsAre(1, 2));
}

TEST_F(WebhookDeliveryTest, ABacklogIsDeliveredInTurnsThatSaveTheirCursor) {
  for (std::size_t i = 0; i < kEventsPerTurn + 1; ++i) happen();
  EXPECT_EQ(delivery->turn(), NextTurn::kAtOnce);
  EXPECT_EQ(cursor().passed, kEventsPerTurn);
  EXPECT_EQ(delivery->turn(), NextTurn::kLater);
  EXPECT_EQ(cursor().passed, kEventsPerTurn + 1);
}

TEST_F(WebhookDeliveryTest, ASlowReceiverDoesNotKeepTheCursorFromBeingSaved) {
  for (int i = 0; i < 5; ++i) happen();
  receiver.clock = &clock;
  receiver.takes = kTurnTime / 2;
  EXPECT_EQ(delivery->turn(), NextTurn::kAtOnce);
  EXPECT_EQ(cursor().passed, 2u);
}

TEST_F(WebhookDeliveryTest, EventsThatHaveLeftTheLogAreSkippedAndCounted) {
  happen();
  happen();
  happen(EventType::kLoginFailed, kTestNow + 100);
  receiver.is_down = true;
  delivery->turn();
  ASSERT_EQ(run(memory.purge(wall(kTestNow + 1) + kEventRetention, 100)).value().events, 2u);
  receiver.is_down = false;
  clock.advance(kFirstRetryWait);
  delivery->turn();
  EXPECT_THAT(taken(), ElementsAre(3));
  EXPECT_TRUE(has_counted("skipped", 2));
}

TEST_F(WebhookDeliveryTest, ALogThatIsEmptyByNowIsSkippedWhole) {
  happen();
  happen();
  run(memory.purge(wall(kTestNow + 1) + kEventRetention, 100)).value();
  delivery->turn();
  EXPECT_TRUE(has_counted("skipped", 2));
  EXPECT_TRUE(has_backlog(0));
  EXPECT_EQ(cursor().passed, 2u);
}

TEST_F(WebhookDeliveryTest, AStoreThatDoesNotAnswerDelaysAndNothingElse) {
  happen();
  store.set_out(true);
  EXPECT_EQ(delivery->turn(), NextTurn::kLater);
  EXPECT_THAT(receiver.tried, IsEmpty());
  store.set_out(false);
  store.fail_call(3, FailureSide::kBefore);  // the cursor cannot be saved
  delivery->turn();
  EXPECT_EQ(cursor().passed, 0u);
  delivery->turn();
  EXPECT_EQ(cursor().passed, 1u);
  EXPECT_THAT(taken(), ElementsAre(1));
}

TEST_F(WebhookDeliveryTest, WhatIsBrokenOffAtTheEndIsNoFailure) {
  happen();
  stopping = true;
  delivery->turn();
  EXPECT_THAT(receiver.tried, IsEmpty());
  EXPECT_EQ(cursor().passed, 0u);
}

}  // namespace
}  // namespace rescind
