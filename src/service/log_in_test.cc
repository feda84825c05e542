// What a log-in leaves behind that was refused although its password was right, and what an application may say of its own.
#include <gtest/gtest.h>

#include "tests/testing/service_parts.h"

namespace rescind {
namespace {

struct RefusedLogIn : ::testing::Test {
  void start(const ServicePolicy& policy) {
    service.emplace(policy);
    SignUp request{"ada@example.com", Secret("correct horse"), "Ada", {"device", "agent", "192.0.2.7"}};
    user = run(service->sessions().sign_up(std::move(request)))->user.id;
  }
  std::string log_in(const std::string& password = "correct horse") {
    LogIn request{"ada@example.com", Secret(password), {"device", "agent", "192.0.2.7"}};
    const Result<TokenPair> pair = run(service->sessions().log_in(std::move(request)));
    return pair ? "ok" : std::string(to_string(pair.error().code));
  }
  std::vector<std::string> failures() {
    std::vector<std::string> details;
    const auto events = run(service->failing.list_events({.type = EventType::kLoginFailed})).value();
    for (const Event& event : events) {
      EXPECT_EQ(event.draft.user, user);
      EXPECT_FALSE(event.draft.session);
      EXPECT_EQ(event.draft.address, "192.0.2.7");
      details.push_back(event.draft.detail);
    }
    return details;
  }
  bool has_counted(const std::string& result, int number) {
    const std::string line = "rescind_logins_total{result=\"" + result + "\"} " + std::to_string(number) + "\n";
    return service->parts->metrics.render().find(line) != std::string::npos;
  }
  std::optional<ServiceUnderTest> service;
  UserId user;
};

TEST_F(RefusedLogIn, OfABlockedUserIsAFailureWithItsReasonAndAWrongPasswordIsOneWithoutIt) {
  start({});
  ASSERT_TRUE(run(service->sessions().block_user(user, Block{std::nullopt, "chargeback"}, Actor{"192.0.2.1", std::nullopt})));
  EXPECT_EQ(log_in("wrong horse"), "invalid_credentials");
  EXPECT_EQ(log_in(), "user_blocked");
  EXPECT_EQ(failures(), (std::vector<std::string>{"", "user_blocked"}));
  EXPECT_TRUE(has_counted("failed", 2) && has_counted("succeeded", 0));
}

TEST_F(RefusedLogIn, AtTheLimitOfSessionsIsAFailureWithItsReason) {
  start({.session = {.max_per_user = 1, .at_limit = SessionPolicy::AtLimit::kReject}});
  EXPECT_EQ(log_in(), "session_limit");
  EXPECT_EQ(failures(), std::vector<std::string>{"session_limit"});
  EXPECT_TRUE(has_counted("failed", 1) && has_counted("succeeded", 0));
}

TEST_F(RefusedLogIn, BeforeTheAddressIsVerifiedIsAFailureWithItsReason) {
  start({.email_rule = EmailRule::kVerifiedOnly});
  EXPECT_EQ(log_in(), "email_not_verified");
  EXPECT_EQ(failures(), std::vector<std::string>{"email_not_verified"});
  EXPECT_TRUE(has_counted("failed", 1) && has_counted("succeeded", 0));
}

TEST_F(RefusedLogIn, ByAStoreThatFailsIsNone) {
  start({});
  service->failing.set_out(true);
  EXPECT_EQ(log_in(), "store_unavailable");
  service->failing.set_out(false);
  EXPECT_TRUE(failures().empty());
  EXPECT_EQ(log_in(), "ok");
  EXPECT_TRUE(has_counted("failed", 0) && has_counted("succeeded", 1));
}

TEST(AdoptedSession, SaysHowTheUserWasAuthenticatedInWords) {
  ServiceUnderTest service{ServicePolicy{}};
  const auto adopt = [&](std::vector<std::string> amr) {
    AdoptSession request = adopt_request("ada");
    request.amr = std::move(amr);
    return run(service.sessions().adopt(std::move(request)));
  };
  const auto pair = adopt({"pwd", "otp"});
  ASSERT_TRUE(pair);
  EXPECT_EQ(pair->session.amr, (std::vector<std::string>{"pwd", "otp"}));
  const auto refused = adopt({"pwd\",\"mfa"});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kInvalidRequest);
  EXPECT_EQ(run(service.sessions().list(UserId{"ada"}))->size(), 1u) << "nothing was begun";
}

}  // namespace
}  // namespace rescind
