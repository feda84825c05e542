// Secret: bytes that cannot be printed, are compared in constant time and are wiped when they go.
#ifndef RESCIND_BASE_SECRET_H_
#define RESCIND_BASE_SECRET_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace rescind {

// True where both are equal; the time taken depends on the lengths only.
bool equal_in_constant_time(std::string_view a, std::string_view b);
bool equal_in_constant_time(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b);

// A password, key or token on its way through the program. There is no operator<<, no formatter and no operator==: what
// is done with the text says reveal().
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}
  Secret(const Secret&) = default;
  Secret& operator=(const Secret& other);
  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret&& other) noexcept;
  ~Secret();

  std::string_view reveal() const { return text_; }
  std::span<const std::uint8_t> reveal_bytes() const {
    return {reinterpret_cast<const std::uint8_t*>(text_.data()), text_.size()};
  }
  std::size_t size() const { return text_.size(); }
  bool empty() const { return text_.empty(); }

 private:
  void wipe() noexcept;
  std::string text_;
};

}  // namespace rescind

#endif  // RESCIND_BASE_SECRET_H_
