// The HTTP client of the command line: one request after the other to one server, with libcurl.
//
// No redirect is followed, no proxy of the environment is used for plain http, and an answer is bounded in size and time, so
// that neither the key nor the memory of whoever runs us is at the server's mercy.
//
// Thread-safety: one thread. Each call blocks.
#ifndef RESCIND_CLI_ADMIN_CLIENT_H_
#define RESCIND_CLI_ADMIN_CLIENT_H_

#include <boost/json/object.hpp>
#include <chrono>
#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "base/secret.h"
#include "cli/console.h"

namespace rescind {

inline constexpr std::size_t kMaxAnswerBytes = 64 * 1024 * 1024;
inline constexpr std::chrono::seconds kConnectTimeout{5};
inline constexpr std::chrono::seconds kAnswerTimeout{60};

// Where the server is and what opens it.
struct ServerAccess {
  std::string url;  // scheme://host[:port]
  Secret key;       // empty: only what is open to everybody can be asked
};

enum class Method : std::uint8_t { kGet, kPost, kPatch, kDelete };

struct TextAnswer {
  long status = 0;
  std::string body;
};

class AdminClient {
 public:
  explicit AdminClient(ServerAccess access) : access_(std::move(access)) {}

  // The object that the server answered with a status below 400. kRefused with the code and the message of an error answer;
  // kNotReached where there is no connection, or an answer that is none of Rescind's.
  CommandResult<boost::json::object> call(Method method, const std::string& path) const;
  CommandResult<boost::json::object> call(Method method, const std::string& path, const boost::json::object& body) const;

  // Whatever the server answers; kNotReached only.
  CommandResult<TextAnswer> get_text(const std::string& path) const;

  const std::string& url() const { return access_.url; }

 private:
  CommandResult<TextAnswer> send(Method method, const std::string& path, const std::string* body) const;

  ServerAccess access_;
};

// "/admin/users/a%40b/block": every segment encoded, so that no value of a user's reaches another route.
std::string make_path(std::initializer_list<std::string_view> segments);

// "?user=a%40b&limit=2" from the pairs whose value is not empty; "" where none is.
std::string make_query(std::initializer_list<std::pair<std::string_view, std::string_view>> pairs);

}  // namespace rescind

#endif  // RESCIND_CLI_ADMIN_CLIENT_H_
