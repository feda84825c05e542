// Nothing is thrown over the C interface: every allocation of every function fails once.
#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>
#include <limits>
#include <new>

#include "rescind/rescind.h"
#include "sdk/c/test_vectors.h"

namespace {

constexpr long kNever = std::numeric_limits<long>::max();
thread_local long allocations_left = kNever;

void* allocate(std::size_t size) {
  if (allocations_left != kNever && allocations_left-- <= 0) throw std::bad_alloc();
  void* memory = std::malloc(size);  // NOLINT
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

}  // namespace

// The library's allocations come here too, as a program's own operator new replaces everybody's.
void* operator new(std::size_t size) { return allocate(size); }
void* operator new[](std::size_t size) { return allocate(size); }
void operator delete(void* memory) noexcept { std::free(memory); }                 // NOLINT
void operator delete[](void* memory) noexcept { std::free(memory); }               // NOLINT
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }    // NOLINT
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }  // NOLINT

namespace {

// Calls with the first, the second, … allocation failing until none does. Returns how many failed.
template <class Call>
int fail_each_allocation(Call call) {
  for (int n = 0; n < 10'000; ++n) {
    allocations_left = n;
    const rescind_error error = call();
    const bool all_served = allocations_left >= 0;
    allocations_left = kNever;
    if (all_served) {
      EXPECT_EQ(error, RESCIND_OK);
      return n;
    }
    if (error == RESCIND_OK) continue;  // what failed was not needed
    EXPECT_NE(error, RESCIND_INTERNAL) << "allocation " << n;
  }
  ADD_FAILURE() << "no end";
  return 0;
}

// Each call frees what the one before has made.
TEST(CInterface, WithoutMemoryEveryFunctionSaysSoAndGoesOnLater) {
  rescind_keys* keys = nullptr;
  const auto read_keys = [&] {
    rescind_keys_free(keys);
    return rescind_keys_from_jwks(kJwks, std::strlen(kJwks), &keys);
  };
  EXPECT_GT(fail_each_allocation(read_keys), 0);

  rescind_policy* policy = nullptr;
  const auto create_policy = [&] {
    rescind_policy_free(policy);
    return rescind_policy_create("https://issuer.example", "api", &policy);
  };
  EXPECT_GT(fail_each_allocation(create_policy), 1);

  rescind_index* index = nullptr;
  const auto create_index = [&] {
    rescind_index_free(index);
    return rescind_index_create(&index);
  };
  EXPECT_GT(fail_each_allocation(create_index), 0);

  rescind_verifier* verifier = nullptr;
  const auto create_verifier = [&] {
    rescind_verifier_free(verifier);
    return rescind_verifier_create(index, 16, 1 << 20, &verifier);
  };
  EXPECT_GT(fail_each_allocation(create_verifier), 0);
  EXPECT_GT(fail_each_allocation([&] { return rescind_verifier_set_issuers(verifier, &policy, &keys, 1); }), 0);

  rescind_token* token = nullptr;
  const auto verify = [&] {
    rescind_token_free(token);
    return rescind_verify(verifier, kFullToken, std::strlen(kFullToken), kIssuedAt, &token);
  };
  EXPECT_GT(fail_each_allocation(verify), 0);
  ASSERT_NE(token, nullptr);
  EXPECT_STREQ(rescind_token_subject(token, nullptr), "user-1");

  uint8_t key[RESCIND_KEY_BYTES];
  EXPECT_EQ(fail_each_allocation([&] { return rescind_key_of_token("issuer", 6, "token-1", 7, key); }), 0);
  uint64_t seq = 0;  // another key each time
  const auto apply = [&] {
    std::memcpy(key, &++seq, sizeof seq);
    return rescind_index_apply(index, seq, RESCIND_KIND_TOKEN, key, 0, kExpiresAt);
  };
  fail_each_allocation(apply);
  EXPECT_GT(rescind_index_size(index), 0u);

  rescind_token_free(token);
  rescind_verifier_free(verifier);
  rescind_index_free(index);
  rescind_policy_free(policy);
  rescind_keys_free(keys);
}

}  // namespace
