// Reads the members of one object over values that are there already: a member that is absent
// keeps what stands, null takes the default back, and anything else is read and checked.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "base/time.h"
#include "manifest/object.h"
#include "manifest/scheme_words.h"
#include "signature/site.h"

namespace sluice::manifest {

class Overlay {
 public:
  Overlay(const codec::Json& json, std::string at, Words keys, Report& report);

  [[nodiscard]] std::string at(std::string_view key) const { return object_.at(key); }
  [[nodiscard]] Report& report() const { return object_.report(); }

  // The member, unless it is absent or null; null sets `into` to `otherwise`.
  template <class T>
  [[nodiscard]] const codec::Json* given(std::string_view key, T& into, T otherwise) const {
    const codec::Json* member = object_.member(key, Presence::kOptional);
    if (member == nullptr || !member->is_null()) return member;
    into = std::move(otherwise);
    return nullptr;
  }

  // Printable ASCII, at most 256 bytes.
  void text(std::string_view key, std::string& into) const;
  // The same, and line ends.
  void lines(std::string_view key, std::string& into) const;
  // One byte out of `allowed`.
  void letter(std::string_view key, std::string_view allowed, char& into) const;
  void flag(std::string_view key, bool& into) const;
  void duration(std::string_view key, Range range_ms, Duration& into, Duration otherwise) const;
  // The integer, when it is given.
  [[nodiscard]] std::optional<std::int64_t> integer(std::string_view key, Range range) const;
  void site(std::string_view key, signature::Site& into) const;

  // One of the words of `table`; `what` names it in messages: "encoding".
  template <class Table, class T>
  void word(std::string_view key, std::string_view what, const Table& table, T& into,
            T otherwise) const {
    const codec::Json* member = given(key, into, otherwise);
    if (member == nullptr) return;
    const auto text = text_of(*member, at(key), report());
    if (!text) return;
    for (const auto& known : table) {
      if (known.text != *text) continue;
      into = known.value;
      return;
    }
    unknown(at(key), what, *text, texts_of(table));
  }

  void unknown(const std::string& place, std::string_view what, std::string_view text,
               Words known) const;

 private:
  void text(std::string_view key, std::string_view also, std::string& into) const;

  Object object_;
};

// A text such as "header:x-signature"; reported when it is none.
[[nodiscard]] std::optional<signature::Site> site_of(const codec::Json& json, const std::string& at,
                                                     Report& report);

// Whether all of it can be seen or is a space.
[[nodiscard]] bool is_printable(std::string_view text);

}  // namespace sluice::manifest
