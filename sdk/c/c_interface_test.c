// The C interface as a C program sees it. Each test is a function named after its rule; the process fails where a check did.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rescind/rescind.h"
#include "sdk/c/test_vectors.h"

static int checks = 0;
static int failures = 0;

#define CHECK(condition) check((condition), #condition, __func__, __LINE__)

static void check(int holds, const char* condition, const char* test, int line) {
  ++checks;
  if (holds) return;
  ++failures;
  fprintf(stderr, "%s, line %d: not %s\n", test, line, condition);
}

static const char kIssuer[] = "https://issuer.example";
static const size_t kIssuerSize = sizeof kIssuer - 1;
static const size_t kCacheTokens = 16;
static const size_t kCacheBytes = 1 << 20;

// What most tests begin with: a verifier of the vectors' key and policy on an empty index.
typedef struct fixture {
  rescind_keys* keys;
  rescind_policy* policy;
  rescind_index* index;
  rescind_verifier* verifier;
} fixture;

static rescind_error trust(rescind_verifier* verifier, const rescind_policy* policy, const rescind_keys* keys) {
  return rescind_verifier_set_issuers(verifier, &policy, &keys, 1);
}

static fixture set_up(void) {
  fixture f = {NULL, NULL, NULL, NULL};
  CHECK(rescind_keys_from_jwks(kJwks, strlen(kJwks), &f.keys) == RESCIND_OK);
  CHECK(rescind_policy_create(kIssuer, "api", &f.policy) == RESCIND_OK);
  CHECK(rescind_index_create(&f.index) == RESCIND_OK);
  CHECK(rescind_verifier_create(f.index, kCacheTokens, kCacheBytes, &f.verifier) == RESCIND_OK);
  CHECK(trust(f.verifier, f.policy, f.keys) == RESCIND_OK);
  return f;
}

static void tear_down(fixture f) {
  rescind_keys_free(f.keys);
  rescind_policy_free(f.policy);
  rescind_index_free(f.index);
  rescind_verifier_free(f.verifier);
}

static rescind_error verify_text(rescind_verifier* verifier, const char* token, int64_t now) {
  return rescind_verify(verifier, token, strlen(token), now, NULL);
}

static int is_text(const char* text, size_t size, const char* wanted) {
  return text != NULL && size == strlen(wanted) && memcmp(text, wanted, size) == 0 && text[size] == '\0';
}

static void a_good_token_shows_its_claims(void) {
  fixture f = set_up();
  rescind_token* token = NULL;
  CHECK(rescind_verify(f.verifier, kFullToken, strlen(kFullToken), kIssuedAt, &token) == RESCIND_OK);
  tear_down(f);  // the token stands by itself
  size_t size = 0;
  const char* text = rescind_token_issuer(token, &size);
  CHECK(is_text(text, size, kIssuer));
  text = rescind_token_subject(token, &size);
  CHECK(is_text(text, size, "user-1"));
  text = rescind_token_id(token, &size);
  CHECK(is_text(text, size, "token-1"));
  text = rescind_token_session_id(token, &size);
  CHECK(is_text(text, size, "session-1"));
  text = rescind_token_client_id(token, &size);
  CHECK(is_text(text, size, "client-1"));
  text = rescind_token_scope(token, &size);
  CHECK(is_text(text, size, "read write"));
  text = rescind_token_json(token, &size);
  CHECK(text != NULL && size == strlen(text) && strstr(text, "\"jti\":\"token-1\"") != NULL);
  CHECK(rescind_token_issued_at(token) == kIssuedAt);
  CHECK(rescind_token_expires_at(token) == kExpiresAt);
  int64_t number = 0;
  CHECK(rescind_token_version(token, &number) == 1 && number == 3);
  CHECK(rescind_token_auth_time(token, &number) == 1 && number == 1699999000);
  rescind_token_free(token);
}

static void lists_end_where_they_end(void) {
  fixture f = set_up();
  rescind_token* token = NULL;
  CHECK(rescind_verify(f.verifier, kFullToken, strlen(kFullToken), kIssuedAt, &token) == RESCIND_OK);
  size_t size = 0;
  CHECK(rescind_token_role_count(token) == 2);
  const char* text = rescind_token_role(token, 0, &size);
  CHECK(is_text(text, size, "admin"));
  text = rescind_token_role(token, 1, &size);
  CHECK(is_text(text, size, "editor"));
  CHECK(rescind_token_role(token, 2, &size) == NULL && size == 0);
  CHECK(rescind_token_role(token, SIZE_MAX, NULL) == NULL);
  CHECK(rescind_token_audience_count(token) == 2);
  text = rescind_token_audience(token, 1, &size);
  CHECK(is_text(text, size, "web"));
  CHECK(rescind_token_amr_count(token) == 1);
  text = rescind_token_amr(token, 0, &size);
  CHECK(is_text(text, size, "pwd"));
  CHECK(rescind_token_amr(token, 1, &size) == NULL);
  rescind_token_free(token);
  tear_down(f);
}

static void a_claim_that_is_not_there_is_empty(void) {
  fixture f = set_up();
  rescind_token* token = NULL;
  CHECK(rescind_verify(f.verifier, kBareToken, strlen(kBareToken), kIssuedAt, &token) == RESCIND_OK);
  size_t size = 1;
  const char* text = rescind_token_session_id(token, &size);
  CHECK(is_text(text, size, ""));
  text = rescind_token_scope(token, &size);
  CHECK(is_text(text, size, ""));
  int64_t number = 7;
  CHECK(rescind_token_version(token, &number) == 0 && number == 7);
  CHECK(rescind_token_auth_time(token, &number) == 0 && number == 7);
  CHECK(rescind_token_role_count(token) == 0);
  rescind_token_free(token);
  tear_down(f);
}

static void a_user_with_a_nul_byte_is_never_taken_for_the_shorter_one(void) {
  fixture f = set_up();
  rescind_token* token = NULL;
  CHECK(rescind_verify(f.verifier, kBareToken, strlen(kBareToken), kIssuedAt, &token) == RESCIND_OK);
  size_t size = 0;
  const char* subject = rescind_token_subject(token, &size);
  CHECK(subject != NULL && size == 7 && memcmp(subject, "admin\0x", 7) == 0);
  CHECK(rescind_token_subject(token, NULL) == NULL);
  const char* id = rescind_token_id(token, NULL);
  CHECK(id != NULL && strcmp(id, "token-2") == 0);
  rescind_token_free(token);
  tear_down(f);
}

static void an_altered_token_is_refused(void) {
  fixture f = set_up();
  char token[sizeof kFullToken];
  memcpy(token, kFullToken, sizeof token);
  char* signature = strrchr(token, '.') + 1;
  *signature = *signature == 'A' ? 'B' : 'A';
  rescind_token* verified = (rescind_token*)token;
  CHECK(rescind_verify(f.verifier, token, strlen(token), kIssuedAt, &verified) == RESCIND_TOKEN_BAD_SIGNATURE);
  CHECK(verified == NULL);
  CHECK(verify_text(f.verifier, "", kIssuedAt) == RESCIND_TOKEN_MALFORMED);
  CHECK(verify_text(f.verifier, "a.b.c", kIssuedAt) == RESCIND_TOKEN_MALFORMED);
  CHECK(rescind_verify(f.verifier, kFullToken, strlen(kFullToken) - 1, kIssuedAt, NULL) != RESCIND_OK);
  tear_down(f);
}

static void leeway_and_lifetime_are_the_policys(void) {
  fixture f = set_up();
  CHECK(verify_text(f.verifier, kFullToken, kExpiresAt + 4) == RESCIND_OK);
  CHECK(verify_text(f.verifier, kFullToken, kExpiresAt + 5) == RESCIND_TOKEN_EXPIRED);
  CHECK(verify_text(f.verifier, kFullToken, kIssuedAt - 5) == RESCIND_OK);
  CHECK(verify_text(f.verifier, kFullToken, kIssuedAt - 6) == RESCIND_TOKEN_NOT_YET_VALID);
  CHECK(rescind_policy_set_leeway(f.policy, 0) == RESCIND_OK);
  CHECK(verify_text(f.verifier, kFullToken, kExpiresAt + 4) == RESCIND_OK);  // until the verifier is given it
  CHECK(trust(f.verifier, f.policy, f.keys) == RESCIND_OK);
  CHECK(verify_text(f.verifier, kFullToken, kExpiresAt) == RESCIND_TOKEN_EXPIRED);
  CHECK(verify_text(f.verifier, kFullToken, kExpiresAt - 1) == RESCIND_OK);
  CHECK(rescind_policy_set_max_lifetime(f.policy, 899) == RESCIND_OK);
  CHECK(trust(f.verifier, f.policy, f.keys) == RESCIND_OK);
  CHECK(verify_text(f.verifier, kFullToken, kIssuedAt) == RESCIND_TOKEN_TOO_LONG_LIVED);
  tear_down(f);
}

static void any_moment_is_an_answer(void) {
  fixture f = set_up();
  CHECK(verify_text(f.verifier, kFullToken, INT64_MAX) == RESCIND_TOKEN_EXPIRED);
  CHECK(verify_text(f.verifier, kFullToken, INT64_MIN) == RESCIND_TOKEN_NOT_YET_VALID);
  CHECK(verify_text(f.verifier, kFullToken, 0) == RESCIND_TOKEN_NOT_YET_VALID);
  tear_down(f);
}

static void type_issuer_and_audience_are_the_policys(void) {
  fixture f = set_up();
  rescind_policy* other = NULL;
  CHECK(rescind_policy_create("https://elsewhere.example", "api", &other) == RESCIND_OK);
  CHECK(trust(f.verifier, other, f.keys) == RESCIND_OK);
  CHECK(verify_text(f.verifier, kFullToken, kIssuedAt) == RESCIND_TOKEN_WRONG_ISSUER);
  rescind_policy_free(other);
  CHECK(rescind_policy_create(kIssuer, "elsewhere", &other) == RESCIND_OK);
  CHECK(trust(f.verifier, other, f.keys) == RESCIND_OK);
  CHECK(verify_text(f.verifier, kFullToken, kIssuedAt) == RESCIND_TOKEN_WRONG_AUDIENCE);
  rescind_policy_free(other);
  CHECK(rescind_policy_set_type(f.policy, "logout+jwt") == RESCIND_OK);
  CHECK(trust(f.verifier, f.policy, f.keys) == RESCIND_OK);
  CHECK(verify_text(f.verifier, kFullToken, kIssuedAt) == RESCIND_TOKEN_WRONG_TYPE);
  tear_down(f);
}

static void who_is_believed_can_be_replaced(void) {
  fixture f = set_up();
  CHECK(verify_text(f.verifier, kFullToken, kIssuedAt) == RESCIND_OK);
  CHECK(rescind_verifier_set_issuers(f.verifier, NULL, NULL, 0) == RESCIND_OK);
  CHECK(verify_text(f.verifier, kFullToken, kIssuedAt) == RESCIND_TOKEN_UNKNOWN_KEY);
  CHECK(trust(f.verifier, f.policy, f.keys) == RESCIND_OK);
  CHECK(verify_text(f.verifier, kFullToken, kIssuedAt) == RESCIND_OK);
  // One NULL among several: nothing changes.
  const rescind_policy* policies[] = {f.policy, f.policy};
  const rescind_keys* keys[] = {f.keys, NULL};
  CHECK(rescind_verifier_set_issuers(f.verifier, policies, keys, 2) == RESCIND_INVALID_ARGUMENT);
  CHECK(verify_text(f.verifier, kFullToken, kIssuedAt) == RESCIND_OK);
  tear_down(f);
}

typedef struct revocation {
  rescind_kind kind;
  rescind_error (*key)(uint8_t key[RESCIND_KEY_BYTES]);
  int64_t value_that_spares;
  int64_t value_that_refuses;
} revocation;

static rescind_error key_of_token(uint8_t key[RESCIND_KEY_BYTES]) {
  return rescind_key_of_token(kIssuer, kIssuerSize, "token-1", 7, key);
}
static rescind_error key_of_session(uint8_t key[RESCIND_KEY_BYTES]) {
  return rescind_key_of_session(kIssuer, kIssuerSize, "session-1", 9, key);
}
static rescind_error key_of_user(uint8_t key[RESCIND_KEY_BYTES]) {
  return rescind_key_of_user(kIssuer, kIssuerSize, "user-1", 6, key);
}
static rescind_error key_of_before_issuer(uint8_t key[RESCIND_KEY_BYTES]) {
  return rescind_key_of_before_issuer(kIssuer, kIssuerSize, key);
}
static rescind_error key_of_before_subject(uint8_t key[RESCIND_KEY_BYTES]) {
  return rescind_key_of_before_subject(kIssuer, kIssuerSize, "user-1", 6, key);
}
static rescind_error key_of_before_client(uint8_t key[RESCIND_KEY_BYTES]) {
  return rescind_key_of_before_client(kIssuer, kIssuerSize, "client-1", 8, key);
}

static void each_kind_of_revocation_refuses_what_it_matches(void) {
  const revocation revocations[] = {
      {RESCIND_KIND_TOKEN, key_of_token, -1, 0},
      {RESCIND_KIND_SESSION, key_of_session, -1, 0},
      {RESCIND_KIND_USER, key_of_user, 3, 4},
      {RESCIND_KIND_BEFORE, key_of_before_issuer, kIssuedAt, kIssuedAt + 1},
      {RESCIND_KIND_BEFORE, key_of_before_subject, kIssuedAt, kIssuedAt + 1},
      {RESCIND_KIND_BEFORE, key_of_before_client, kIssuedAt, kIssuedAt + 1},
  };
  for (size_t i = 0; i < sizeof revocations / sizeof *revocations; ++i) {
    const revocation one = revocations[i];
    fixture f = set_up();
    uint8_t key[RESCIND_KEY_BYTES];
    CHECK(one.key(key) == RESCIND_OK);
    CHECK(verify_text(f.verifier, kFullToken, kIssuedAt) == RESCIND_OK);
    if (one.value_that_spares >= 0) {
      CHECK(rescind_index_apply(f.index, 1, one.kind, key, one.value_that_spares, kExpiresAt) == RESCIND_OK);
      CHECK(verify_text(f.verifier, kFullToken, kIssuedAt) == RESCIND_OK);
    }
    CHECK(rescind_index_apply(f.index, 2, one.kind, key, one.value_that_refuses, kExpiresAt) == RESCIND_OK);
    CHECK(verify_text(f.verifier, kFullToken, kIssuedAt) == RESCIND_TOKEN_REVOKED);
    CHECK(rescind_index_head(f.index) == 2);
    CHECK(rescind_index_size(f.index) == 1);
    tear_down(f);
  }
}

static void a_revocation_outlives_what_it_was_made_of(void) {
  fixture f = set_up();
  rescind_index* index = f.index;
  rescind_keys_free(f.keys);
  rescind_policy_free(f.policy);
  uint8_t key[RESCIND_KEY_BYTES];
  CHECK(key_of_token(key) == RESCIND_OK);
  CHECK(rescind_index_apply(index, 1, RESCIND_KIND_TOKEN, key, 0, kExpiresAt) == RESCIND_OK);
  rescind_index_free(index);  // the verifier still has it
  CHECK(verify_text(f.verifier, kFullToken, kIssuedAt) == RESCIND_TOKEN_REVOKED);
  rescind_verifier_free(f.verifier);
}

static void purging_revives_nothing(void) {
  fixture f = set_up();
  uint8_t key[RESCIND_KEY_BYTES];
  CHECK(key_of_token(key) == RESCIND_OK);
  CHECK(rescind_index_apply(f.index, 1, RESCIND_KIND_TOKEN, key, 0, kExpiresAt) == RESCIND_OK);
  size_t removed = 7;
  CHECK(rescind_index_purge(f.index, kExpiresAt - 1, &removed) == RESCIND_OK && removed == 0);
  CHECK(verify_text(f.verifier, kFullToken, kIssuedAt) == RESCIND_TOKEN_REVOKED);
  CHECK(rescind_index_purge(f.index, kExpiresAt, &removed) == RESCIND_OK && removed == 1);
  CHECK(rescind_index_size(f.index) == 0);
  CHECK(verify_text(f.verifier, kFullToken, kIssuedAt) == RESCIND_TOKEN_EXPIRED);  // a clock that was set back
  CHECK(rescind_index_purge(f.index, kExpiresAt, NULL) == RESCIND_OK);
  tear_down(f);
}

static void a_key_set_says_why_it_is_refused(void) {
  const struct {
    const char* json;
    rescind_error error;
  } sets[] = {
      {"", RESCIND_KEYS_MALFORMED},
      {"{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-384\",\"kid\":\"a\",\"x\":\"AA\",\"y\":\"AA\"}]}", RESCIND_KEYS_UNSUPPORTED},
      {"{\"keys\":[{\"kty\":\"oct\",\"alg\":\"HS256\",\"kid\":\"a\",\"k\":\"AAAA\"}]}", RESCIND_KEYS_WEAK},
  };
  for (size_t i = 0; i < sizeof sets / sizeof *sets; ++i) {
    rescind_keys* keys = (rescind_keys*)&keys;
    CHECK(rescind_keys_from_jwks(sets[i].json, strlen(sets[i].json), &keys) == sets[i].error);
    CHECK(keys == NULL);
  }
}

static void null_is_refused_and_never_followed(void) {
  fixture f = set_up();
  uint8_t key[RESCIND_KEY_BYTES] = {0};
  rescind_keys* keys = NULL;
  rescind_policy* policy = NULL;
  rescind_verifier* verifier = NULL;
  rescind_token* token = NULL;
  CHECK(rescind_keys_from_jwks(NULL, 1, &keys) == RESCIND_INVALID_ARGUMENT);
  CHECK(rescind_keys_from_jwks(NULL, 0, &keys) == RESCIND_KEYS_MALFORMED);  // a text of size 0
  CHECK(rescind_keys_from_jwks(kJwks, strlen(kJwks), NULL) == RESCIND_INVALID_ARGUMENT);
  CHECK(rescind_keys_count(NULL) == 0 && rescind_keys_count(f.keys) == 1);
  CHECK(rescind_policy_create(NULL, "api", &policy) == RESCIND_INVALID_ARGUMENT);
  CHECK(rescind_policy_create(kIssuer, NULL, &policy) == RESCIND_INVALID_ARGUMENT);
  CHECK(rescind_policy_create("", "api", &policy) == RESCIND_INVALID_ARGUMENT);
  CHECK(rescind_policy_create(kIssuer, "", &policy) == RESCIND_INVALID_ARGUMENT);
  CHECK(rescind_policy_create(kIssuer, "api", NULL) == RESCIND_INVALID_ARGUMENT);
  CHECK(rescind_policy_set_type(NULL, "at+jwt") == RESCIND_INVALID_ARGUMENT);
  CHECK(rescind_policy_set_type(f.policy, NULL) == RESCIND_INVALID_ARGUMENT);
  CHECK(rescind_policy_set_leeway(NULL, 1) == RESCIND_INVALID_ARGUMENT);
  CHECK(rescind_policy_set_leeway(f.policy, -1) == RESCIND_INVALID_ARGUMENT);
  CHECK(rescind_policy_set_max_lifetime(NULL, 1) == RESCIND_INVALID_ARGUMENT);
  CHECK(rescind_policy_set_max_lifetime(f.policy, 0) == RESCIND_INVALID_ARGUMENT);
  CHECK(rescind_index_create(NULL) == RESCIND_INVALID_ARGUMENT);
  CHECK(rescind_index_apply(NULL, 1, RESCIND_KIND_TOKEN, key, 0, 1) == RESCIND_INVALID_ARGUMENT);
  CHECK(rescind_index_apply(f.index, 1, RESCIND_KIND_TOKEN, NULL, 0, 1) == RESCIND_INVALID_ARGUMENT);
  CHECK(rescind_index_apply(f.index, 1, (rescind_kind)0, key, 0, 1) == RESCIND_INVALID_ARGUMENT);
  CHECK(rescind_index_apply(f.index, 1, (rescind_kind)5, key, 0, 1) == RESCIND_INVALID_ARGUMENT);
  CHECK(rescind_index_purge(NULL, 1, NULL) == RESCIND_INVALID_ARGUMENT);
  CHECK(rescind_index_head(NULL) == 0 && rescind_index_size(NULL) == 0);
  CHECK(rescind_key_of_token(NULL, 1, "a", 1, key) == RESCIND_INVALID_ARGUMENT);
  CHECK(rescind_key_of_token("a", 1, NULL, 1, key) == RESCIND_INVALID_ARGUMENT);
  CHECK(rescind_key_of_token("a", 1, "a", 1, NULL) == RESCIND_INVALID_ARGUMENT);
  CHECK(rescind_key_of_before_issuer(NULL, 1, key) == RESCIND_INVALID_ARGUMENT);
  CHECK(rescind_key_of_before_issuer("a", 1, NULL) == RESCIND_INVALID_ARGUMENT);
  CHECK(rescind_verifier_create(NULL, 1, 1, &verifier) == RESCIND_INVALID_ARGUMENT);
  CHECK(rescind_verifier_create(f.index, 1, 1, NULL) == RESCIND_INVALID_ARGUMENT);
  CHECK(rescind_verifier_create(f.index, RESCIND_MAX_CACHE_TOKENS + 1, 1, &verifier) == RESCIND_INVALID_ARGUMENT);
  CHECK(rescind_verifier_set_issuers(NULL, NULL, NULL, 0) == RESCIND_INVALID_ARGUMENT);
  CHECK(rescind_verifier_set_issuers(f.verifier, NULL, NULL, 1) == RESCIND_INVALID_ARGUMENT);
  CHECK(rescind_verify(NULL, kFullToken, strlen(kFullToken), kIssuedAt, &token) == RESCIND_INVALID_ARGUMENT);
  CHECK(rescind_verify(f.verifier, NULL, 1, kIssuedAt, &token) == RESCIND_INVALID_ARGUMENT);
  size_t size = 7;
  int64_t number = 7;
  CHECK(rescind_token_subject(NULL, &size) == NULL && size == 0);
  CHECK(rescind_token_subject(NULL, NULL) == NULL);
  CHECK(rescind_token_role(NULL, 0, NULL) == NULL && rescind_token_role_count(NULL) == 0);
  CHECK(rescind_token_expires_at(NULL) == 0);
  CHECK(rescind_token_version(NULL, &number) == 0 && number == 7);
  rescind_keys_free(NULL);
  rescind_policy_free(NULL);
  rescind_index_free(NULL);
  rescind_verifier_free(NULL);
  rescind_token_free(NULL);
  tear_down(f);
}

static void errors_keep_their_numbers_and_names(void) {
  const struct {
    rescind_error error;
    int number;
    const char* name;
  } errors[] = {
      {RESCIND_OK, 0, "ok"},
      {RESCIND_INVALID_ARGUMENT, 1, "invalid_argument"},
      {RESCIND_OUT_OF_MEMORY, 2, "out_of_memory"},
      {RESCIND_INTERNAL, 3, "internal"},
      {RESCIND_TOKEN_MALFORMED, 100, "token_malformed"},
      {RESCIND_TOKEN_UNSUPPORTED, 101, "token_unsupported"},
      {RESCIND_TOKEN_WRONG_TYPE, 102, "token_wrong_type"},
      {RESCIND_TOKEN_UNKNOWN_KEY, 103, "token_unknown_key"},
      {RESCIND_TOKEN_WRONG_KEY, 104, "token_wrong_key"},
      {RESCIND_TOKEN_BAD_SIGNATURE, 105, "token_bad_signature"},
      {RESCIND_TOKEN_WRONG_ISSUER, 106, "token_wrong_issuer"},
      {RESCIND_TOKEN_WRONG_AUDIENCE, 107, "token_wrong_audience"},
      {RESCIND_TOKEN_TOO_LONG_LIVED, 108, "token_too_long_lived"},
      {RESCIND_TOKEN_NOT_YET_VALID, 109, "token_not_yet_valid"},
      {RESCIND_TOKEN_EXPIRED, 110, "token_expired"},
      {RESCIND_TOKEN_REVOKED, 111, "token_revoked"},
      {RESCIND_KEYS_MALFORMED, 200, "keys_malformed"},
      {RESCIND_KEYS_UNSUPPORTED, 201, "keys_unsupported"},
      {RESCIND_KEYS_WEAK, 202, "keys_weak"},
      {RESCIND_KEYS_INVALID_POINT, 203, "keys_invalid_point"},
      {RESCIND_KEYS_INVALID_ID, 204, "keys_invalid_id"},
      {RESCIND_KEYS_DUPLICATE_ID, 205, "keys_duplicate_id"},
      {RESCIND_INDEX_FULL, 300, "index_full"},
  };
  for (size_t i = 0; i < sizeof errors / sizeof *errors; ++i) {
    CHECK((int)errors[i].error == errors[i].number);
    CHECK(strcmp(rescind_error_name(errors[i].error), errors[i].name) == 0);
  }
  CHECK(strcmp(rescind_error_name((rescind_error)999), "unknown") == 0);
  CHECK(strncmp(rescind_version(), "0.1.", 4) == 0);
}

int main(void) {
  a_good_token_shows_its_claims();
  lists_end_where_they_end();
  a_claim_that_is_not_there_is_empty();
  a_user_with_a_nul_byte_is_never_taken_for_the_shorter_one();
  an_altered_token_is_refused();
  leeway_and_lifetime_are_the_policys();
  any_moment_is_an_answer();
  type_issuer_and_audience_are_the_policys();
  who_is_believed_can_be_replaced();
  each_kind_of_revocation_refuses_what_it_matches();
  a_revocation_outlives_what_it_was_made_of();
  purging_revives_nothing();
  a_key_set_says_why_it_is_refused();
  null_is_refused_and_never_followed();
  errors_keep_their_numbers_and_names();
  printf("%d checks, %d failed\n", checks, failures);
  return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
