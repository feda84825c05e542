#include "service/email_change.h"

#include <gtest/gtest.h>

#include "service/mail_link.h"
#include "tests/testing/service_parts.h"

namespace rescind {
namespace {

using namespace std::chrono_literals;

class EmailChangeTest : public testing::Test {
 protected:
  EmailChangeTest() : ada_(sign_up("ada@example.com")) {}

  TokenPair sign_up(const std::string& email) {
    SignUp request{email, Secret("correct horse"), "Ada", {"device", "agent", "192.0.2.7"}};
    return run(service_.sessions().sign_up(std::move(request))).value().pair.value();
  }
  ServiceParts& parts() { return *service_.parts; }

  // kInternal where it was good.
  ErrorCode ask(const TokenPair& who, const std::string& email, std::chrono::seconds ago = 0s,
                std::optional<Secret> password = std::nullopt) {
    return code_of(with_change([&](EmailChange& change) {
      const WallTime log_in = parts().clock.wall_now() - ago;
      return run(change.ask({who.user.id, log_in, std::move(password), "192.0.2.7"}, email));
    }));
  }
  ErrorCode confirm(const Secret& token) {
    return code_of(with_change([&](EmailChange& change) { return run(change.confirm(token, "192.0.2.8")); }));
  }
  static ErrorCode code_of(const Result<void>& result) { return result ? ErrorCode::kInternal : result.error().code; }

  template <class Act>
  Result<void> with_change(Act act) {
    Reauthentication reauthentication(service_.failing, service_.passwords(), parts().clock);
    EmailChange change(15min, LogInLimits{}, service_.failing, service_.revocations(), reauthentication, &parts().mails,
                       parts().clock, parts().random);
    return act(change);
  }

  User user() { return run(service_.failing.find_user(ada_.user.id))->value(); }
  std::vector<Event> events(EventType type) { return *run(service_.failing.list_events({.type = type})); }

  ServiceUnderTest service_;
  TokenPair ada_;
};

constexpr ErrorCode kGood = ErrorCode::kInternal;

TEST_F(EmailChangeTest, FollowingTheLinkChangesAndVerifiesTheAddressOnce) {
  EXPECT_EQ(ask(ada_, "Ada@Example.org"), kGood);
  ASSERT_EQ(parts().outbox.count(), 2U);
  const Mail link = parts().outbox.last();
  EXPECT_EQ(link.to.text(), "Ada@Example.org");
  EXPECT_EQ(link.text.find("ada@example.com"), std::string::npos) << "a stranger may read it";
  EXPECT_EQ(user().email, "ada@example.com");
  EXPECT_EQ(confirm(parts().outbox.last_token()), kGood);
  EXPECT_EQ(user().email, "Ada@Example.org");
  EXPECT_TRUE(user().email_verified_at);
  EXPECT_EQ(confirm(parts().outbox.last_token()), ErrorCode::kInvalidLink);
  ASSERT_EQ(events(EventType::kEmailChanged).size(), 1U);
  EXPECT_EQ(events(EventType::kEmailChangeAsked).size(), 1U);

  EXPECT_FALSE(run(service_.sessions().log_in({"ada@example.com", Secret("correct horse"), {}})));
  EXPECT_TRUE(run(service_.sessions().log_in({"ADA@example.ORG", Secret("correct horse"), {}})));
}

TEST_F(EmailChangeTest, SessionsLiveOnByARefresh) {
  ask(ada_, "ada@example.org");
  confirm(parts().outbox.last_token());
  EXPECT_EQ(service_.refusal(ada_), ErrorCode::kTokenRevoked);
  const Result<TokenPair> next = service_.refresh(ada_);
  ASSERT_TRUE(next);
  EXPECT_EQ(next->user.email, "ada@example.org");
}

TEST_F(EmailChangeTest, LinksThatWentToTheOldAddressAreDead) {
  ASSERT_TRUE(run(parts().verification.send(ada_.user.id)));
  const Secret verifies = parts().outbox.last_token();
  ASSERT_TRUE(run(service_.passwords().ask_reset("ada@example.com", "192.0.2.7")));
  const Secret resets = parts().outbox.last_token();
  ask(ada_, "second@example.org");
  const Secret other = parts().outbox.last_token();
  ask(ada_, "ada@example.org");
  ASSERT_EQ(confirm(parts().outbox.last_token()), kGood);
  EXPECT_EQ(run(service_.passwords().reset(resets, Secret("another horse"), "192.0.2.7")).error().code,
            ErrorCode::kInvalidLink);
  EXPECT_EQ(run(parts().verification.verify(verifies, "192.0.2.7")).error().code, ErrorCode::kInvalidLink);
  EXPECT_EQ(confirm(other), ErrorCode::kInvalidLink);
}

TEST_F(EmailChangeTest, AnAddressIsFoundTakenByItsMailboxAlone) {
  sign_up("bob@example.com");
  EXPECT_EQ(ask(ada_, "BOB@example.com"), kGood);
  EXPECT_EQ(parts().outbox.last().to.text(), "BOB@example.com");
  const Secret token = parts().outbox.last_token();
  EXPECT_EQ(confirm(token), ErrorCode::kEmailTaken);
  EXPECT_EQ(confirm(token), ErrorCode::kInvalidLink);
  EXPECT_EQ(user().email, "ada@example.com");
}

TEST_F(EmailChangeTest, ALinkIsGoodForHalfAnHourAndNotAMomentLonger) {
  ask(ada_, "ada@example.org");
  const Secret late = parts().outbox.last_token();
  service_.pass_time(kEmailChangeLinkLifetime);
  EXPECT_EQ(confirm(late), ErrorCode::kInvalidLink);
  ask(ada_, "ada@example.org");
  const Secret token = parts().outbox.last_token();
  service_.pass_time(kEmailChangeLinkLifetime - 1ms);
  EXPECT_EQ(confirm(token), kGood);
}

TEST_F(EmailChangeTest, NobodyPutsAnotherAddressIntoALink) {
  ask(ada_, "ada@example.org");
  const std::string token(parts().outbox.last_token().reveal());
  std::string other =
      token.substr(0, 68) + "ZXZlQGV4YW1wbGUub3Jn";  // 4 + 64 characters: prefix, id and secret; eve@example.org
  EXPECT_EQ(confirm(Secret(other)), ErrorCode::kInvalidLink);
  EXPECT_EQ(confirm(Secret(token.substr(0, 68))), ErrorCode::kInvalidLink);
  EXPECT_EQ(confirm(Secret("ec1.")), ErrorCode::kInvalidLink);
  EXPECT_EQ(confirm(Secret(token)), kGood) << "none of the above has used it up";
}

TEST_F(EmailChangeTest, ABlockVoidsTheLink) {
  ask(ada_, "ada@example.org");
  ASSERT_TRUE(run(service_.sessions().block_user(ada_.user.id, {}, {})));
  EXPECT_EQ(confirm(parts().outbox.last_token()), ErrorCode::kInvalidLink);
}

TEST_F(EmailChangeTest, AStolenTokenIsNotEnough) {
  EXPECT_EQ(ask(ada_, "eve@example.org", 15min + 1s), ErrorCode::kReauthenticationRequired);
  EXPECT_EQ(ask(ada_, "eve@example.org", 1h, Secret("wrong horse")), ErrorCode::kInvalidCredentials);
  EXPECT_EQ(ask(ada_, "eve@example.org", 0s, Secret("wrong horse")), ErrorCode::kInvalidCredentials);
  EXPECT_EQ(parts().outbox.count(), 0U);
  EXPECT_EQ(ask(ada_, "ada@example.org", 1h, Secret("correct horse")), kGood);
}

TEST_F(EmailChangeTest, IsLimitedByAccountAndByTheNewAddressInEverySpelling) {
  for (const char* email : {"a@example.org", "b@example.org", "c@example.org"}) EXPECT_EQ(ask(ada_, email), kGood);
  EXPECT_EQ(ask(ada_, "d@example.org"), ErrorCode::kTooManyAttempts);
  int users = 0;
  for (const char* email : {"eve@example.org", "EVE@example.org", "Eve@Example.Org"}) {
    EXPECT_EQ(ask(sign_up("user" + std::to_string(++users) + "@example.com"), email), kGood);
  }
  EXPECT_EQ(ask(sign_up("dan@example.com"), "eVe@example.org"), ErrorCode::kTooManyAttempts);
}

TEST_F(EmailChangeTest, WhoseUserSignsInByTheApplicationHasNoAddressToChange) {
  EXPECT_EQ(ask(service_.adopt("theirs"), "a@example.org"), ErrorCode::kInvalidRequest);
  EXPECT_EQ(ask(ada_, "not an address"), ErrorCode::kInvalidRequest);
}

TEST_F(EmailChangeTest, AFullQueueOfMailsIsSaid) {
  parts().outbox.fill();
  EXPECT_EQ(ask(ada_, "ada@example.org"), ErrorCode::kOverloaded);
  EXPECT_EQ(events(EventType::kEmailChangeAsked).at(0).draft.detail, kNoMailWentOut);
}

}  // namespace
}  // namespace rescind
