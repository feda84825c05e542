#include "http/json_body.h"

#include <cstdlib>

#include "http/testing/request_builder.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rescind;
  RequestBuilder builder;
  const Request request =
      builder.header("Content-Type", "application/json").body({reinterpret_cast<const char*>(data), size}).build();
  Result<JsonBody> body = JsonBody::parse(request, JsonBody::Presence::kRequired);
  if (!body) return 0;
  const std::string text = body->take_string("email", 16);
  (void)body->take_optional_bool("keep_current");
  (void)body->take_optional_integer("expires_at");
  (void)body->take_optional_object("claims");
  if (body->finish() && (text.empty() || text.size() > 16)) std::abort();
  return 0;
}
