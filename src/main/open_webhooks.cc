#include "main/open_webhooks.h"

#include <utility>

#include "main/secret_file.h"
#include "webhooks/signature.h"

namespace rescind {
namespace {

Result<Secret> load_key(const std::string& path, const std::string& webhook) {
  const std::string what = "the secret of webhook " + webhook;
  Result<Secret> text = read_secret_file(path, what, SecretRules{kMinWebhookKeyBytes});
  if (!text) return text;
  std::optional<Secret> key = parse_webhook_secret(*text);
  if (!key) {
    return fail(ErrorCode::kInternal,
                what + " in " + path + ": behind whsec_ must stand base64, with padding, of at least 24 bytes");
  }
  return std::move(*key);
}

}  // namespace

Result<std::vector<Webhook>> load_webhooks(const std::vector<WebhookConfig>& configs) {
  std::vector<Webhook> webhooks;
  for (const WebhookConfig& config : configs) {
    Webhook webhook{config.name, config.url, config.ca_file, config.timeout, {}, std::nullopt};
    for (const std::string& path : {config.secret_file, config.previous_secret_file}) {
      if (path.empty()) continue;
      Result<Secret> key = load_key(path, config.name);
      if (!key) return Unexpected(std::move(key).error());
      webhook.keys.push_back(std::move(*key));
    }
    if (!config.events.empty()) webhook.only_events = config.events;
    webhooks.push_back(std::move(webhook));
  }
  return webhooks;
}

}  // namespace rescind
