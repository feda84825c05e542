#include "webhooks/signature.h"

#include <openssl/evp.h>

#include "verify/hmac_sha256.h"
#include "webhooks/webhook.h"

namespace rescind {
namespace {

constexpr std::string_view kSecretPrefix = "whsec_";

const std::uint8_t* bytes_of(std::string_view text) { return reinterpret_cast<const std::uint8_t*>(text.data()); }

std::string encode_base64(std::span<const std::uint8_t> bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');  // OpenSSL ends it with a NUL
  const int size = EVP_EncodeBlock(reinterpret_cast<std::uint8_t*>(text.data()), bytes.data(), static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

// Canonical base64 with padding: OpenSSL forgives more than that, so the way back has to give the same text.
std::optional<Secret> decode_base64(std::string_view text) {
  if (text.empty() || text.size() % 4 != 0) return std::nullopt;
  std::string bytes(text.size() / 4 * 3, '\0');
  if (EVP_DecodeBlock(reinterpret_cast<std::uint8_t*>(bytes.data()), bytes_of(text), static_cast<int>(text.size())) < 0) {
    return std::nullopt;
  }
  const std::size_t padding = text.size() - 1 - text.find_last_not_of('=');
  if (padding > 2) return std::nullopt;
  bytes.resize(bytes.size() - padding);
  Secret decoded(std::move(bytes));
  const Secret again(encode_base64(decoded.reveal_bytes()));
  if (again.reveal() != text) return std::nullopt;
  return decoded;
}

}  // namespace

std::optional<Secret> parse_webhook_secret(const Secret& text) {
  std::optional<Secret> key = text;
  if (text.reveal().starts_with(kSecretPrefix)) key = decode_base64(text.reveal().substr(kSecretPrefix.size()));
  if (!key || key->size() < kMinWebhookKeyBytes) return std::nullopt;
  return key;
}

std::string sign_webhook(std::span<const Secret> keys, std::string_view id, std::chrono::sys_seconds timestamp,
                         std::string_view body) {
  std::string signed_text(id);
  signed_text.append(".").append(std::to_string(timestamp.time_since_epoch().count())).append(".").append(body);
  std::string signatures;
  for (const Secret& key : keys) {
    const std::array<std::uint8_t, 32> tag = HmacSha256(key.reveal_bytes()).mac_of(signed_text);
    signatures.append(signatures.empty() ? "v1," : " v1,").append(encode_base64(tag));
  }
  return signatures;
}

}  // namespace rescind
