// What settings that are right one by one must keep together, and the defaults that follow from others.
#ifndef RESCIND_MAIN_CONFIG_RULES_H_
#define RESCIND_MAIN_CONFIG_RULES_H_

#include "main/config.h"

namespace rescind {

// Fills public URL, issuer, audience, the store's path and cookie.secure_names.
Result<void, ConfigError> apply_config_rules(Config& config);

// Without the port; an IPv6 address in brackets.
std::string_view host_of(std::string_view public_url);

// True for http:// on localhost, 127.0.0.1 or [::1], where browsers keep no Secure cookies and no network is crossed.
bool is_plain_localhost(std::string_view public_url);

// True for http:// elsewhere.
bool is_plain_public(std::string_view public_url);

// By SMTP, or on a development server to the person before its standard error: see main/open_mail.h.
bool can_send_mail(const Config& config);

}  // namespace rescind

#endif  // RESCIND_MAIN_CONFIG_RULES_H_
