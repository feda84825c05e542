#include "main/webhook_config.h"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include "main/nearest_name.h"
#include "main/outgoing_url.h"
#include "main/setting_values.h"
#include "webhooks/webhook.h"

namespace rescind {
namespace {

using Rule = Result<void, ConfigError>;

constexpr std::size_t kMaxDerivedNameBytes = 32;

Problem set_events(SettingItems items, std::set<EventType>& out) {
  for (const std::string& item : items) {
    const std::optional<EventType> type = parse_event_type(item);
    if (!type) {
      std::vector<std::string> names;
      for (int code = 1; code <= static_cast<int>(kLastEventType); ++code) {
        names.emplace_back(to_string(static_cast<EventType>(code)));
      }
      return "names " + item + ", which is no type of event; the nearest is " + nearest_name(item, names);
    }
    out.insert(*type);
  }
  return std::nullopt;
}

#define RESCIND_WEBHOOK(expression)                           \
  [](SettingItems items, WebhookConfig& webhook) -> Problem { \
    const std::string& text = items.front();                  \
    return expression;                                        \
  }

constexpr TableSettingType kText = TableSettingType::kText;

const TableSetting<WebhookConfig> kSettings[] = {
    {"name", kText, RESCIND_WEBHOOK(set_name(text, webhook.name))},
    {"url", kText, RESCIND_WEBHOOK(set_visible(text, kMaxUrlBytes, webhook.url))},
    {"secret_file", kText, RESCIND_WEBHOOK(set_visible(text, kMaxUrlBytes, webhook.secret_file))},
    {"previous_secret_file", kText, RESCIND_WEBHOOK(set_visible(text, kMaxUrlBytes, webhook.previous_secret_file))},
    {"ca_file", kText, RESCIND_WEBHOOK(set_visible(text, kMaxUrlBytes, webhook.ca_file))},
    {"timeout", kText, RESCIND_WEBHOOK(set_duration(text, {"100ms", "1m"}, webhook.timeout))},
    {"events", TableSettingType::kTexts,
     [](SettingItems items, WebhookConfig& webhook) -> Problem { return set_events(items, webhook.events); }},
};

// Precondition: `url` has no outgoing_url_problem().
std::string name_from(const std::string& url) {
  std::string name(boost::urls::parse_uri(url)->encoded_host());
  for (char& c : name) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))) c = '-';
  }
  return name.substr(0, kMaxDerivedNameBytes);
}

Rule check_webhook(WebhookConfig& webhook) {
  const auto broken = [&webhook](const std::string& what) {
    return Unexpected(ConfigError{"webhooks" + (webhook.name.empty() ? "" : ", " + webhook.name) + ": " + what});
  };
  if (webhook.url.empty()) return broken("url is missing");
  if (const Problem problem = outgoing_url_problem(webhook.url)) return broken("url " + *problem);
  if (webhook.name.empty()) webhook.name = name_from(webhook.url);
  if (webhook.url.starts_with("http://") && !is_http_on_localhost(webhook.url)) {
    return broken("url is plain http on a host other than localhost: users and addresses would travel in the clear. Use https");
  }
  if (webhook.secret_file.empty()) return broken("secret_file is missing: what its messages are signed with");
  return {};
}

}  // namespace

std::span<const TableSetting<WebhookConfig>> webhook_settings() { return kSettings; }

Rule check_webhooks(std::vector<WebhookConfig>& webhooks) {
  if (webhooks.size() > kMaxWebhooks) {
    return Unexpected(ConfigError{"webhooks: there can be " + std::to_string(kMaxWebhooks) + " at most"});
  }
  std::set<std::string_view> names;
  for (WebhookConfig& webhook : webhooks) {
    if (auto kept = check_webhook(webhook); !kept) return kept;
    if (!names.insert(webhook.name).second) {
      return Unexpected(ConfigError{"webhooks: two have the name " + webhook.name + "; give each a name of its own"});
    }
  }
  return {};
}

std::string_view webhooks_comment() {
  return "Who is told of events, at most 16; docs/webhooks.md says how a receiver verifies what it gets. In this file only.\n"
         "url: https; http on localhost only. No redirect is followed.\n"
         "secret_file: a secret as in Standard Webhooks (\"whsec_\" and base64) or any other text, of at least 24 bytes.\n"
         "previous_secret_file: signs as well, while the receiver exchanges the secret.\n"
         "name: in log and metrics, and of what the store remembers: under another name it is a new webhook, which begins\n"
         "with the events to come. Default: from the URL's host.\n"
         "events: the types that are told, as `rescind event list` shows them. Default: all.\n"
         "ca_file: the receiver's certificate authority, where it is none of the system's.\n"
         "timeout: of one delivery, 100ms to 1m.";
}

std::string_view webhooks_example() {
  return "[[webhooks]]\n"
         "name = \"shop\"\n"
         "url = \"https://shop.example.com/hooks/rescind\"\n"
         "secret_file = \"/etc/rescind/shop-webhook.secret\"\n"
         "events = [\"user_blocked\", \"user_deleted\", \"refresh_reused\"]\n"
         "timeout = \"10s\"\n";
}

}  // namespace rescind
