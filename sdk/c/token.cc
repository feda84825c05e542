#include <span>
#include <string_view>

#include "sdk/c/boundary.h"
#include "sdk/c/handles.h"

using rescind::Claims;
using rescind::c::hand_out;
using rescind::c::hand_out_nothing;

namespace {

using Texts = std::span<const std::string_view>;

const char* text_claim(const rescind_token* token, std::string_view Claims::*member, size_t* size) {
  return token == nullptr ? hand_out_nothing(size) : hand_out(token->token.claims().*member, size);
}

size_t list_size(const rescind_token* token, Texts Claims::*member) {
  return token == nullptr ? 0 : (token->token.claims().*member).size();
}

const char* list_entry(const rescind_token* token, Texts Claims::*member, size_t index, size_t* size) {
  if (index >= list_size(token, member)) return hand_out_nothing(size);
  return hand_out((token->token.claims().*member)[index], size);
}

int64_t time_claim(const rescind_token* token, std::chrono::sys_seconds Claims::*member) {
  return token == nullptr ? 0 : (token->token.claims().*member).time_since_epoch().count();
}

}  // namespace

void rescind_token_free(rescind_token* token) { delete token; }

const char* rescind_token_issuer(const rescind_token* token, size_t* size) { return text_claim(token, &Claims::issuer, size); }
const char* rescind_token_subject(const rescind_token* token, size_t* size) {
  return text_claim(token, &Claims::subject, size);
}
const char* rescind_token_id(const rescind_token* token, size_t* size) { return text_claim(token, &Claims::token_id, size); }
const char* rescind_token_session_id(const rescind_token* token, size_t* size) {
  return text_claim(token, &Claims::session_id, size);
}
const char* rescind_token_client_id(const rescind_token* token, size_t* size) {
  return text_claim(token, &Claims::client_id, size);
}
const char* rescind_token_scope(const rescind_token* token, size_t* size) { return text_claim(token, &Claims::scope, size); }
const char* rescind_token_json(const rescind_token* token, size_t* size) { return text_claim(token, &Claims::json, size); }

int64_t rescind_token_issued_at(const rescind_token* token) { return time_claim(token, &Claims::issued_at); }
int64_t rescind_token_expires_at(const rescind_token* token) { return time_claim(token, &Claims::expires_at); }

int rescind_token_version(const rescind_token* token, int64_t* version) {
  if (token == nullptr || version == nullptr || !token->token.claims().token_version) return 0;
  *version = *token->token.claims().token_version;
  return 1;
}

int rescind_token_auth_time(const rescind_token* token, int64_t* seconds) {
  if (token == nullptr || seconds == nullptr || !token->token.claims().auth_time) return 0;
  *seconds = token->token.claims().auth_time->time_since_epoch().count();
  return 1;
}

size_t rescind_token_role_count(const rescind_token* token) { return list_size(token, &Claims::roles); }
const char* rescind_token_role(const rescind_token* token, size_t index, size_t* size) {
  return list_entry(token, &Claims::roles, index, size);
}
size_t rescind_token_audience_count(const rescind_token* token) { return list_size(token, &Claims::audience); }
const char* rescind_token_audience(const rescind_token* token, size_t index, size_t* size) {
  return list_entry(token, &Claims::audience, index, size);
}
size_t rescind_token_amr_count(const rescind_token* token) { return list_size(token, &Claims::amr); }
const char* rescind_token_amr(const rescind_token* token, size_t index, size_t* size) {
  return list_entry(token, &Claims::amr, index, size);
}
