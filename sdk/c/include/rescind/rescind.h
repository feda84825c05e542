// Rescind's C interface: is this token good now, and not taken back? Answered from memory, in C and from every language that
// can call C. Start with rescind_verify().
//
//   rescind_keys       whom signatures are checked with          immutable
//   rescind_policy     issuer, audience, type and limits         filled once, then only read
//   rescind_index      the live revocations                      filled from the server's feed
//   rescind_verifier   the three together, with a memory of tokens that it has seen
//   rescind_token      a token that is good, and its claims      immutable
//
// Rules that hold for every function:
//
// Ownership. Whatever a function hands out through its last parameter belongs to the caller, who gives it back to the _free
//   function of its type, once. A handle keeps what it was made from: handles may be freed in any order. Arguments are copied
//   where they are kept; the caller may free or change them after the call.
// Failure. RESCIND_OK, or why not. Then nothing was changed, and the handle that was asked for is NULL. Nothing is printed, no
//   exception leaves the library, errno is not used.
// NULL. Where a parameter is not said to allow it, NULL gives RESCIND_INVALID_ARGUMENT, and NULL or 0 from a function that
//   returns a value. Every _free function takes NULL and does nothing. A text of size 0 may be NULL.
// Text. UTF-8. What comes from outside (tokens, key sets, ids) is a pointer and a size in bytes. What the application sets
//   (issuer, audience) ends with a NUL byte. A text that is handed out lives as long as its handle, and a NUL byte stands
//   behind it. A claim may hold NUL bytes of its own: "admin" and "admin\0x" are two users. So: size may be NULL where the
//   caller will read up to the NUL byte, and then a text that holds one is not handed out (NULL).
// Time. Seconds since 1970, UTC. The library reads no clock: `now` is the caller's.
// Threads. A rescind_verifier, and a rescind_policy that is still being filled, belong to one thread at a time. Everything else
// may
//   be shared by any number of threads. A handle is freed when nobody uses it any more.
//
// Versions. The soname holds what a program was linked with: librescind.so.0.1 before 1.0, where another minor version is
// another interface, librescind.so.1 for all of 1.x. Within one soname functions and enumerators are added and none is taken
// away, none changes its meaning, and an enumerator keeps its number. No struct is ever laid open: handles are made and read by
// functions alone. A caller treats an error that it does not know as a refusal.
#ifndef RESCIND_RESCIND_H_
#define RESCIND_RESCIND_H_

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define RESCIND_API __attribute__((visibility("default")))
// A verdict that is not looked at is a bug.
#define RESCIND_VERDICT __attribute__((visibility("default"), warn_unused_result))
#else
#define RESCIND_API
#define RESCIND_VERDICT
#endif

#ifdef __cplusplus
extern "C" {
#endif

typedef enum rescind_error {
  RESCIND_OK = 0,
  RESCIND_INVALID_ARGUMENT = 1,  // NULL, or a value outside its range
  RESCIND_OUT_OF_MEMORY = 2,
  RESCIND_INTERNAL = 3,  // a bug of this library

  // Why a token is refused.
  RESCIND_TOKEN_MALFORMED = 100,    // no compact JWS with the claims of RFC 9068, or over a limit
  RESCIND_TOKEN_UNSUPPORTED = 101,  // a header member besides alg, typ and kid: crit, jwk, zip ...
  RESCIND_TOKEN_WRONG_TYPE = 102,   // `typ` is not the policy's
  RESCIND_TOKEN_UNKNOWN_KEY = 103,  // no key has this `kid`: look for newer keys, seldom
  RESCIND_TOKEN_WRONG_KEY = 104,    // the key's algorithm is not the token's `alg`
  RESCIND_TOKEN_BAD_SIGNATURE = 105,
  RESCIND_TOKEN_WRONG_ISSUER = 106,
  RESCIND_TOKEN_WRONG_AUDIENCE = 107,
  RESCIND_TOKEN_TOO_LONG_LIVED = 108,  // it would outlive the policy's longest lifetime
  RESCIND_TOKEN_NOT_YET_VALID = 109,
  RESCIND_TOKEN_EXPIRED = 110,  // also where it is revoked as well
  RESCIND_TOKEN_REVOKED = 111,

  // Why a key set is refused, as a whole.
  RESCIND_KEYS_MALFORMED = 200,
  RESCIND_KEYS_UNSUPPORTED = 201,    // a kty, crv or alg that is not known here, or that do not fit together
  RESCIND_KEYS_WEAK = 202,           // RSA below 2048 bits, an HMAC secret below 32 bytes
  RESCIND_KEYS_INVALID_POINT = 203,  // coordinates that are not on the curve
  RESCIND_KEYS_INVALID_ID = 204,     // kid absent, empty or too long
  RESCIND_KEYS_DUPLICATE_ID = 205,   // two keys with one kid

  RESCIND_INDEX_FULL = 300  // the entry is not in the index, so nobody refuses its tokens: accept no token until it is
} rescind_error;

// A stable name for logs and metrics: "ok", "token_revoked" ... Never NULL; "unknown" where there is no such error.
RESCIND_API const char* rescind_error_name(rescind_error error);

// The version of the library that is running, "0.1.0".
RESCIND_API const char* rescind_version(void);

// --- keys ------------------------------------------------------------------------------------------------------------------

typedef struct rescind_keys rescind_keys;

// From a JWK Set (RFC 7517), which the server publishes at /.well-known/jwks.json. One key that cannot be used refuses the set.
// RESCIND_KEYS_*.
RESCIND_VERDICT rescind_error rescind_keys_from_jwks(const char* json, size_t size, rescind_keys** keys);
RESCIND_API void rescind_keys_free(rescind_keys* keys);
RESCIND_API size_t rescind_keys_count(const rescind_keys* keys);

// --- policy ----------------------------------------------------------------------------------------------------------------

typedef struct rescind_policy rescind_policy;

// Tokens of this issuer for this audience, compared byte by byte. Neither may be empty.
RESCIND_VERDICT rescind_error rescind_policy_create(const char* issuer, const char* audience, rescind_policy** policy);
RESCIND_API void rescind_policy_free(rescind_policy* policy);

// `typ` of the tokens; "at+jwt" (RFC 9068) where it is not set.
RESCIND_VERDICT rescind_error rescind_policy_set_type(rescind_policy* policy, const char* type);
// For clocks that differ: 0 or more, 5 where it is not set.
RESCIND_VERDICT rescind_error rescind_policy_set_leeway(rescind_policy* policy, int64_t seconds);
// The longest exp - iat that is believed, as it bounds how long a revocation must be kept: 1 or more, a day where it is not
// set.
RESCIND_VERDICT rescind_error rescind_policy_set_max_lifetime(rescind_policy* policy, int64_t seconds);

// --- revocation index --------------------------------------------------------------------------------------------------------

typedef struct rescind_index rescind_index;

typedef enum rescind_kind {
  RESCIND_KIND_TOKEN = 1,    // one token
  RESCIND_KIND_SESSION = 2,  // every token of a session
  RESCIND_KIND_USER = 3,     // every token of a user whose version (`tv`) is below the value
  RESCIND_KIND_BEFORE = 4    // every token of an issuer, a user or a client with `iat` below the value
} rescind_kind;

#define RESCIND_KEY_BYTES 16

// An empty index in memory.
RESCIND_VERDICT rescind_error rescind_index_create(rescind_index** index);
RESCIND_API void rescind_index_free(rescind_index* index);

// Refuses from now on what matches `key`, in every verifier with this index. `value` is 0 for tokens and sessions. No matching
// token has an `exp` later than `expires`. Entries may come twice and in any order: the stricter value and the later expiry
// hold. RESCIND_INDEX_FULL.
RESCIND_VERDICT rescind_error rescind_index_apply(rescind_index* index, uint64_t seq, rescind_kind kind,
                                                  const uint8_t key[RESCIND_KEY_BYTES], int64_t value, int64_t expires);

// Forgets every entry whose `expires` is at or before `until`, and refuses for good every token whose `exp` is. Call it with
// the time less the policy's leeway. *removed is how many went; removed may be NULL.
RESCIND_VERDICT rescind_error rescind_index_purge(rescind_index* index, int64_t until, size_t* removed);

// The highest seq that was applied. 0 at first.
RESCIND_API uint64_t rescind_index_head(const rescind_index* index);
// How many entries there are.
RESCIND_API size_t rescind_index_size(const rescind_index* index);

// The keys of revocations, from claims.
RESCIND_VERDICT rescind_error rescind_key_of_token(const char* issuer, size_t issuer_size, const char* token_id,
                                                   size_t token_id_size, uint8_t key[RESCIND_KEY_BYTES]);
RESCIND_VERDICT rescind_error rescind_key_of_session(const char* issuer, size_t issuer_size, const char* session_id,
                                                     size_t session_id_size, uint8_t key[RESCIND_KEY_BYTES]);
RESCIND_VERDICT rescind_error rescind_key_of_user(const char* issuer, size_t issuer_size, const char* subject,
                                                  size_t subject_size, uint8_t key[RESCIND_KEY_BYTES]);
RESCIND_VERDICT rescind_error rescind_key_of_before_issuer(const char* issuer, size_t issuer_size,
                                                           uint8_t key[RESCIND_KEY_BYTES]);
RESCIND_VERDICT rescind_error rescind_key_of_before_subject(const char* issuer, size_t issuer_size, const char* subject,
                                                            size_t subject_size, uint8_t key[RESCIND_KEY_BYTES]);
RESCIND_VERDICT rescind_error rescind_key_of_before_client(const char* issuer, size_t issuer_size, const char* client_id,
                                                           size_t client_id_size, uint8_t key[RESCIND_KEY_BYTES]);

// --- verifier ----------------------------------------------------------------------------------------------------------------

typedef struct rescind_verifier rescind_verifier;
typedef struct rescind_token rescind_token;

#define RESCIND_MAX_CACHE_TOKENS 16777216

// Believes nobody until rescind_verifier_set_issuers(). Remembers up to `cache_tokens` tokens (at most
// RESCIND_MAX_CACHE_TOKENS) and `cache_bytes` bytes of them, so that a token which comes again costs no signature; expiry and
// revocation are looked at every time. 0 tokens: remembers nothing. One thread at a time; make one for each thread, on the same
// index.
RESCIND_VERDICT rescind_error rescind_verifier_create(const rescind_index* index, size_t cache_tokens, size_t cache_bytes,
                                                      rescind_verifier** verifier);
RESCIND_API void rescind_verifier_free(rescind_verifier* verifier);

// Believes `count` issuers from now on, and nobody else: policies[i] with keys[i]. To be called again when keys have changed.
RESCIND_VERDICT rescind_error rescind_verifier_set_issuers(rescind_verifier* verifier, const rescind_policy* const* policies,
                                                           const rescind_keys* const* keys, size_t count);

// The check. RESCIND_OK: the token is good at `now`, and *verified holds its claims. RESCIND_TOKEN_*: it is not. Anything else:
// it is not known to be good, so it must be refused. `verified` may be NULL where nobody asks for the claims.
RESCIND_VERDICT rescind_error rescind_verify(rescind_verifier* verifier, const char* token, size_t size, int64_t now,
                                             rescind_token** verified);

// --- claims of a token that is good ------------------------------------------------------------------------------------------

RESCIND_API void rescind_token_free(rescind_token* token);

// size is the text's size in bytes (see "Text" above). A claim that the token does not have is the empty text.
RESCIND_API const char* rescind_token_issuer(const rescind_token* token, size_t* size);      // iss
RESCIND_API const char* rescind_token_subject(const rescind_token* token, size_t* size);     // sub: the user
RESCIND_API const char* rescind_token_id(const rescind_token* token, size_t* size);          // jti
RESCIND_API const char* rescind_token_session_id(const rescind_token* token, size_t* size);  // sid
RESCIND_API const char* rescind_token_client_id(const rescind_token* token, size_t* size);   // client_id
RESCIND_API const char* rescind_token_scope(const rescind_token* token, size_t* size);       // scope, separated by spaces
RESCIND_API const char* rescind_token_json(const rescind_token* token, size_t* size);        // the whole payload, as signed

RESCIND_API int64_t rescind_token_issued_at(const rescind_token* token);   // iat
RESCIND_API int64_t rescind_token_expires_at(const rescind_token* token);  // exp

// Numbers that a token may lack: 1 and *value, or 0 and *value left alone.
RESCIND_API int rescind_token_version(const rescind_token* token, int64_t* version);    // tv
RESCIND_API int rescind_token_auth_time(const rescind_token* token, int64_t* seconds);  // auth_time

// Lists: how many, and each one from 0. NULL beyond the end.
RESCIND_API size_t rescind_token_role_count(const rescind_token* token);
RESCIND_API const char* rescind_token_role(const rescind_token* token, size_t index, size_t* size);
RESCIND_API size_t rescind_token_audience_count(const rescind_token* token);
RESCIND_API const char* rescind_token_audience(const rescind_token* token, size_t index, size_t* size);
RESCIND_API size_t rescind_token_amr_count(const rescind_token* token);
RESCIND_API const char* rescind_token_amr(const rescind_token* token, size_t index, size_t* size);

#ifdef __cplusplus
}
#endif

#endif  // RESCIND_RESCIND_H_
