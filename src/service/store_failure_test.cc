// Every use case, with every call to the store failing once, on either side of its effect: the answer is "try again", never
// that a token is good or bad, and what is acknowledged after that holds.
#include <gtest/gtest.h>

#include <functional>

#include "tests/testing/service_parts.h"

namespace rescind {
namespace {

using std::chrono::seconds;

Actor actor() { return {"192.0.2.7", UserId{"ada"}}; }

template <class T>
std::optional<ErrorCode> code_of(const Result<T>& answer) {
  if (answer) return std::nullopt;
  return answer.error().code;
}

struct World {
  World() {
    old = service.adopt("ada");
    current = std::move(service.refresh(old)).value();
    SignUp sign_up{"grace@mail.example", Secret("correct horse"), "Grace", {}};
    grace = std::move(run(service.sessions().sign_up(std::move(sign_up)))).value().pair.value();
  }
  ServiceUnderTest service;
  TokenPair old;
  TokenPair current;
  TokenPair grace;
};

struct UseCase {
  const char* name;
  std::function<std::optional<ErrorCode>(World&)> run;
  bool ends_session = false;  // of `current`, once it is acknowledged
};

std::vector<UseCase> use_cases() {
  return {
      {"adopt", [](World& w) { return code_of(run(w.service.sessions().adopt(adopt_request("linus")))); }},
      {"sign up",
       [](World& w) {
         SignUp request{"linus@mail.example", Secret("correct horse"), "Linus", {}};
         return code_of(run(w.service.sessions().sign_up(std::move(request))));
       }},
      {"log in",
       [](World& w) {
         LogIn request{"grace@mail.example", Secret("correct horse"), {}};
         return code_of(run(w.service.sessions().log_in(std::move(request))));
       }},
      {"refresh", [](World& w) { return code_of(w.service.refresh(w.current)); }},
      {"refresh within the grace", [](World& w) { return code_of(w.service.refresh(w.old)); }},
      {"list", [](World& w) { return code_of(run(w.service.sessions().list(w.old.user.id))); }},
      {"find user", [](World& w) { return code_of(run(w.service.sessions().find_user(w.old.user.id))); }},
      {"inspect", [](World& w) { return code_of(run(w.service.sessions().inspect_refresh_token(w.current.refresh_token))); }},
      {"renew the lease", [](World& w) { return code_of(run(w.service.revocations().renew_lease())); }},
      {"purge", [](World& w) { return code_of(run(w.service.revocations().purge())); }},
      {"log out", [](World& w) { return code_of(w.service.log_out(w.current)); }, true},
      {"log out everywhere",
       [](World& w) { return code_of(run(w.service.sessions().log_out_all(w.old.user.id, std::nullopt, actor()))); }, true},
      {"end any session",
       [](World& w) { return code_of(run(w.service.revocations().revoke_any_session(w.old.session.id, actor()))); }, true},
      {"revoke before",
       [](World& w) {
         w.service.clock.advance(seconds(1));
         const auto now = to_seconds(w.service.clock.wall_now());
         return code_of(run(w.service.revocations().revoke_before(before_subject_key(kTestIssuer, "ada"), now, "", actor())));
       },
       true},
  };
}

void expect_holds(World& world, const UseCase& use_case) {
  if (!use_case.ends_session) {
    EXPECT_TRUE(world.service.is_good(world.current));
    return;
  }
  EXPECT_EQ(world.service.refusal(world.old), ErrorCode::kTokenRevoked);
  EXPECT_EQ(world.service.refusal(world.current), ErrorCode::kTokenRevoked);
}

void fail_each_call(const UseCase& use_case, FailureSide side) {
  for (std::uint64_t nth = 1;; ++nth) {
    SCOPED_TRACE(testing::Message() << use_case.name << ", call " << nth
                                    << (side == FailureSide::kAfter ? " after" : " before"));
    ASSERT_LT(nth, 20U);
    World world;
    const std::uint64_t calls = world.service.failing.calls();
    world.service.failing.fail_call(nth, side);
    const std::optional<ErrorCode> failed = use_case.run(world);
    const bool has_failed = world.service.failing.calls() - calls >= nth;
    if (!has_failed) {
      EXPECT_EQ(failed, std::nullopt);
      expect_holds(world, use_case);
      return;
    }
    ASSERT_EQ(failed, ErrorCode::kStoreUnavailable);
    EXPECT_TRUE(world.service.is_good(world.grace)) << "somebody else's token";
    // Sent again, as a client does; a second sign-up may find its own first one.
    const std::optional<ErrorCode> again = use_case.run(world);
    if (again) {
      EXPECT_EQ(*again, ErrorCode::kEmailTaken);
    }
    expect_holds(world, use_case);
  }
}

TEST(StoreFailure, AtEveryCallOfEveryUseCaseIsAnsweredWithTryAgainAndTheRetryHolds) {
  for (const UseCase& use_case : use_cases()) {
    fail_each_call(use_case, FailureSide::kBefore);
    fail_each_call(use_case, FailureSide::kAfter);
  }
}

TEST(StoreFailure, AtEveryCallOfALoadLeavesTheServerClosed) {
  for (const FailureSide side : {FailureSide::kBefore, FailureSide::kAfter}) {
    for (std::uint64_t nth = 1; nth <= 3; ++nth) {
      World world;
      world.service.failing.fail_call(nth, side);
      world.service.start({});
      EXPECT_FALSE(world.service.is_loaded) << nth;
      EXPECT_EQ(world.service.refusal(world.current), ErrorCode::kVerifierStale) << nth;
    }
  }
}

TEST(StoreFailure, DuringAReuseIsNoReasonToSpareTheSessionTheNextTime) {
  for (const FailureSide side : {FailureSide::kBefore, FailureSide::kAfter}) {
    World world;
    world.service.clock.advance(seconds(31));
    ASSERT_TRUE(run(world.service.revocations().renew_lease()));
    ASSERT_TRUE(run(world.service.revocations().purge()));
    world.service.failing.fail_call(2, side);  // after the look-up
    EXPECT_EQ(world.service.refresh(world.old).error().code, ErrorCode::kStoreUnavailable);
    const ErrorCode again = world.service.refresh(world.old).error().code;
    EXPECT_TRUE(again == ErrorCode::kRefreshReused || again == ErrorCode::kSessionRevoked);
    EXPECT_EQ(world.service.refresh(world.current).error().code, ErrorCode::kSessionRevoked);
  }
}

}  // namespace
}  // namespace rescind
