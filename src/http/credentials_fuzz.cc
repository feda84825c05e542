// Whatever a client sends as header fields: cookies, Authorization, Origin, X-Forwarded-For, and as query or form.
#include <cstdlib>

#include "http/client_address.h"
#include "http/cookies.h"
#include "http/fields.h"
#include "http/form.h"
#include "http/origin_check.h"
#include "http/testing/request_builder.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rescind;
  static const ClientAddress addresses = *ClientAddress::create({"10.0.0.0/8", "::1"});
  static const OriginCheck origins = *OriginCheck::create({"https://app.example"});
  const std::string text(reinterpret_cast<const char*>(data), size);
  RequestBuilder builder;
  const Request request = builder.peer("10.0.0.1")
                              .header("Cookie", text)
                              .header("Authorization", text)
                              .header("Origin", text)
                              .header("X-Forwarded-For", text)
                              .build();
  const FoundCookie cookie = find_cookie(request, "rescind");
  if (cookie.state != FoundCookie::State::kOne && !cookie.value.empty()) std::abort();
  (void)find_authorization(request);
  if (origins.check(request).has_value() && text != "https://app.example") std::abort();
  if (addresses.of(request).empty()) std::abort();
  RawFormFields raw(text);
  for (const auto& [name, value] : parse_form(text).value_or(FormFields())) {
    const std::optional<RawField> field = raw.next();
    if (!field || !spells(field->name, name) || !spells(field->value, value)) std::abort();
  }
  std::string encoded;
  append_percent_encoded(encoded, text);
  if (percent_decode(encoded) != text) std::abort();
  return 0;
}
