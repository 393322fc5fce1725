// Result<T> is a value or the reason why there is none.
//
// It keeps std::expected's spellings, so that it can become an alias of it later. There is no
// `value()` and no default: a caller looks, or passes the error on with SLUICE_TRY.
//
//   SLUICE_TRY(const auto row, parse(bytes));   // declares `row`, or returns the error
//   SLUICE_TRY(check(row));                     // for Result<void>
//   SLUICE_CO_TRY(const auto row, co_await load(key));   // the same inside a coroutine
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <variant>

#include "base/assert.h"

namespace sluice::inline base {

// Numbered by hand and never renumbered: 1 to 10 are the negated error codes of the wasm ABI.
enum class Errc : std::uint8_t {
  kBadArgument = 1,     // The caller broke a documented limit or form.
  kTooBig = 2,          // Larger than a stated bound.
  kNoCapability = 3,    // This host cannot do that.
  kOverloaded = 4,      // Try again later; nothing was done.
  kIo = 5,              // The host's storage or network failed; nothing was done.
  kUnknownOutcome = 6,  // It may or may not have been done.
  kBlocked = 7,         // Policy forbids this address.
  kTimeout = 8,
  kCancelled = 9,
  kBudget = 10,         // The slice's budget is used up; the rest runs in a later slice.
  kConflict = 11,       // Somebody else wrote first.
  kMalformed = 12,      // Bytes from outside are not of their documented form.
  kCorrupt = 13,        // A stored row cannot be read.
  kUnknownFormat = 14,  // A stored row or a frame was written by a newer version.
  kFull = 15,           // The store has no room.
  kNotOwner = 16,       // Another epoch owns this cell now.
  kNotFound = 17,
  kUnauthorized = 18,
};

struct Error {
  Errc code{};
  std::string_view context;  // A literal. Never a secret, never bytes from a request.

  friend bool operator==(const Error&, const Error&) = default;
};

// What a caller does about an error.
enum class Disposition : std::uint8_t { kRetry, kRefuse, kReport };

[[nodiscard]] Disposition disposition(Errc code);

// The stable lower-case name of a code, as logs and problem documents spell it.
[[nodiscard]] std::string_view name(Errc code);

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, error) {}

  [[nodiscard]] bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  T& operator*() & { return checked(); }
  const T& operator*() const& { return const_cast<Result*>(this)->checked(); }
  T&& operator*() && { return std::move(checked()); }
  T* operator->() { return &checked(); }
  const T* operator->() const { return &const_cast<Result*>(this)->checked(); }

  [[nodiscard]] const Error& error() const {
    SLUICE_ASSERT(!has_value());
    return *std::get_if<1>(&state_);
  }

 private:
  T& checked() {
    SLUICE_ASSERT(has_value());
    return *std::get_if<0>(&state_);
  }

  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(error), has_value_(false) {}

  [[nodiscard]] bool has_value() const { return has_value_; }
  explicit operator bool() const { return has_value_; }
  void operator*() const { SLUICE_ASSERT(has_value_); }

  [[nodiscard]] const Error& error() const {
    SLUICE_ASSERT(!has_value_);
    return error_;
  }

 private:
  Error error_{};
  bool has_value_ = true;
};

}  // namespace sluice::inline base

#define SLUICE_JOIN_(a, b) a##b
#define SLUICE_JOIN(a, b) SLUICE_JOIN_(a, b)
#define SLUICE_TRY_BARE_(leave, temporary, expression)   \
  do {                                                   \
    auto temporary = expression;                         \
    if (!temporary.has_value()) leave temporary.error(); \
  } while (false)
#define SLUICE_TRY_DECLARE_(leave, temporary, declaration, ...) \
  auto temporary = __VA_ARGS__;                                 \
  if (!temporary.has_value()) leave temporary.error();          \
  declaration = *std::move(temporary)
#define SLUICE_TRY_PICK_(a, b, c, d, e, f, g, chosen, ...) chosen
#define SLUICE_TRY_FORM_(...)                                                                  \
  SLUICE_TRY_PICK_(__VA_ARGS__, SLUICE_TRY_DECLARE_, SLUICE_TRY_DECLARE_, SLUICE_TRY_DECLARE_, \
                   SLUICE_TRY_DECLARE_, SLUICE_TRY_DECLARE_, SLUICE_TRY_DECLARE_,              \
                   SLUICE_TRY_BARE_, )
#define SLUICE_TRY(...) \
  SLUICE_TRY_FORM_(__VA_ARGS__)(return, SLUICE_JOIN(sluice_try_, __LINE__), __VA_ARGS__)
#define SLUICE_CO_TRY(...) \
  SLUICE_TRY_FORM_(__VA_ARGS__)(co_return, SLUICE_JOIN(sluice_try_, __LINE__), __VA_ARGS__)
