// Any bytes, whole and in pieces: both must come to the same result, and what is accepted must mean the same to Beast.
#include <algorithm>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/src.hpp>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/field_rules.h"
#include "wire/request_parser.h"

namespace {

using namespace rescind;
namespace http = boost::beast::http;

constexpr WireLimits kLimits{.head_bytes = 512, .target_bytes = 64, .header_count = 8, .body_bytes = 64};

void require(bool holds) {
  if (!holds) std::abort();
}

void require_inside(std::string_view view, std::string_view data) {
  require(view.empty() || (view.data() >= data.data() && view.data() + view.size() <= data.data() + data.size()));
}

bool same(RequestParser& a, RequestParser& b, ParseState state) {
  if (state == ParseState::kRefused) return a.refusal() == b.refusal() && a.message() == b.message();
  if (state != ParseState::kComplete) return a.wanted() == b.wanted();
  const auto equal_fields = [](const HeaderField& x, const HeaderField& y) { return x.name == y.name && x.value == y.value; };
  const Request &x = a.request(), &y = b.request();
  return a.size() == b.size() && a.persistence() == b.persistence() && x.method == y.method && x.path == y.path &&
         x.query == y.query && x.body == y.body &&
         std::equal(x.headers.begin(), x.headers.end(), y.headers.begin(), y.headers.end(), equal_fields);
}

// The pieces end after bytes that the input itself chooses.
ParseState parse_in_pieces(RequestParser& parser, std::string& buffer, std::string_view data, std::uint8_t step) {
  ParseState state = parser.parse({});
  for (std::size_t end = 0; end < data.size();) {
    end = std::min(data.size(), end + 1 + (step == 0 ? 0 : static_cast<std::uint8_t>(data[end]) % step));
    std::string grown(data.substr(0, end));
    buffer.swap(grown);
    state = parser.parse(buffer);
    if (state == ParseState::kComplete || state == ParseState::kRefused) return state;
    require(parser.wanted() > end);
  }
  return state;
}

void hold_against_beast(RequestParser& parser, std::string_view data) {
  http::request_parser<http::string_body> beast;
  beast.eager(true);
  boost::system::error_code error;
  for (const HeaderField& field : parser.request().headers) {
    if (equal_without_case(field.name, "proxy-connection")) return;  // it takes this for Connection
  }
  // Bytes behind the request are kept from it: it may look at them.
  const std::size_t used = beast.put(boost::asio::buffer(data.data(), parser.size()), error);
  require(!error && beast.is_done() && used == parser.size());
  const Request& request = parser.request();
  const auto& message = beast.get();
  const std::string_view target(message.target().data(), message.target().size());
  require(std::string_view(message.method_string().data(), message.method_string().size()) == request.method);
  require(target.substr(0, target.find('?')) == request.path && target.ends_with(request.query));
  require(message.body() == request.body);
  require(beast.keep_alive() == (parser.persistence() != Persistence::kClose));
  require(static_cast<std::size_t>(std::distance(message.begin(), message.end())) == request.headers.size());
  for (const HeaderField& field : request.headers) {
    require(message.find({field.name.data(), field.name.size()}) != message.end());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view data(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  RequestParser whole(kLimits);
  const ParseState state = whole.parse(data);

  RequestParser pieces(kLimits);
  std::string buffer;
  require(parse_in_pieces(pieces, buffer, data, bytes[0]) == state);
  require(same(whole, pieces, state));

  if (state != ParseState::kComplete) return 0;
  const Request& request = whole.request();
  for (const std::string_view view : {request.method, request.path, request.query}) require_inside(view, data);
  for (const HeaderField& field : request.headers) {
    require_inside(field.name, data);
    require_inside(field.value, data);
  }
  require(whole.size() <= data.size() && request.body.size() <= kLimits.body_bytes);
  hold_against_beast(whole, data);
  return 0;
}
