// Result<T, E>: a value or the reason why there is none.
//
// Spelt like C++23's std::expected, which the compilers we support do not have in C++20 mode. Expected failures travel as
// results; a broken invariant is an assertion; nothing throws across a folder.
//
// Thread-safety: as the contained type.
#ifndef RESCIND_RESULT_H_
#define RESCIND_RESULT_H_

#include <cassert>
#include <optional>
#include <utility>
#include <variant>

namespace rescind {

// Wraps an error so that it converts to any Result with that error type: `return Unexpected(VerifyError::kExpired);`
template <class E>
struct Unexpected {
  explicit Unexpected(E e) : error(std::move(e)) {}
  E error;
};

template <class T, class E>
class [[nodiscard]] Result {
 public:
  using value_type = T;
  using error_type = E;

  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  template <class G>
  Result(Unexpected<G> unexpected) : state_(std::in_place_index<1>, std::move(unexpected.error)) {}

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  // Precondition of the next four: has_value().
  T& value() & {
    assert(has_value());
    return *std::get_if<0>(&state_);
  }
  const T& value() const& {
    assert(has_value());
    return *std::get_if<0>(&state_);
  }
  T&& value() && {
    assert(has_value());
    return std::move(*std::get_if<0>(&state_));
  }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  // Precondition: !has_value().
  const E& error() const& {
    assert(!has_value());
    return *std::get_if<1>(&state_);
  }
  E&& error() && {
    assert(!has_value());
    return std::move(*std::get_if<1>(&state_));
  }

 private:
  std::variant<T, E> state_;
};

template <class E>
class [[nodiscard]] Result<void, E> {
 public:
  using value_type = void;
  using error_type = E;

  Result() = default;
  template <class G>
  Result(Unexpected<G> unexpected) : error_(std::move(unexpected.error)) {}

  bool has_value() const { return !error_.has_value(); }
  explicit operator bool() const { return has_value(); }

  // Precondition: !has_value().
  const E& error() const& {
    assert(error_.has_value());
    return *error_;
  }
  E&& error() && {
    assert(error_.has_value());
    return std::move(*error_);
  }

 private:
  std::optional<E> error_;
};

}  // namespace rescind

#endif  // RESCIND_RESULT_H_
