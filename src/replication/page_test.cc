#include "replication/page.h"

#include <string>

#include "doctest/doctest.h"

using namespace sluice;
using namespace sluice::replication;

namespace {

Token at(Position position, std::uint64_t history = 1) {
  return {.stream = "events",
          .history = {.seq = history, .random = 0},
          .position = position,
          .id = {.seq = position, .random = 7}};
}

Entry entry(Position position) {
  Entry entry;
  entry.position = position;
  entry.id = {.seq = position, .random = 7};
  entry.received_at = Instant{1767323045678};
  entry.source = "github";
  entry.content_type = "application/json";
  entry.body = Bytes("\0\xff\"{}", 5);
  entry.size = 5;
  return entry;
}

Page page() {
  return {.entries = {entry(5), entry(1ULL << 60)}, .next = at(1ULL << 60), .more = true};
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  CHECK(at != std::string::npos);
  if (at != std::string::npos) text.replace(at, from.size(), to);
  return text;
}

bool is_malformed(const std::string& text) {
  const auto read = parse_page(text);
  return !read.has_value() && read.error().code == Errc::kMalformed;
}

}  // namespace

TEST_SUITE("replication/page") {
  TEST_CASE("a page is read back as it was written, positions over 53 bits and bytes included") {
    const auto read = parse_page(write_page(page()));
    CHECK(read.has_value());
    if (read.has_value()) CHECK(*read == page());
  }

  TEST_CASE("an empty page keeps its token") {
    const Page empty{.entries = {}, .next = at(5), .more = false};
    const auto read = parse_page(write_page(empty));
    CHECK(read.has_value());
    if (read.has_value()) CHECK(*read == empty);
  }

  TEST_CASE("a page that contradicts itself is refused") {
    const std::string good = write_page(page());
    CHECK(is_malformed(""));
    CHECK(is_malformed("[]"));
    CHECK(is_malformed("<html>"));
    CHECK(is_malformed(replaced(good, "\"position\":\"5\"", "\"position\":5")));
    CHECK(is_malformed(replaced(good, "\"position\":\"5\"", "\"position\":\"05\"")));
    CHECK(
        is_malformed(replaced(good, "\"position\":\"5\"", "\"position\":\"1152921504606846977\"")));
    CHECK(is_malformed(replaced(good, "\"stream\":\"events\"", "\"stream\":\"other\"")));
    CHECK(is_malformed(replaced(good, "2026-01-02T", "2026-01-02 at ")));
    CHECK(is_malformed(replaced(good, "\"body\":\"", "\"body\":\"!")));
    CHECK(is_malformed(replaced(good, "\"more\":true", "\"more\":1")));
    CHECK(is_malformed(replaced(good, "\"source\":\"github\"", "\"source\":null")));
    Page wrong_end = page();
    wrong_end.next = at(6);
    CHECK(is_malformed(write_page(wrong_end)));
    Page unordered = page();
    unordered.entries = {entry(6), entry(5)};
    unordered.next = at(5);
    CHECK(is_malformed(write_page(unordered)));
    CHECK(is_malformed(write_page({.entries = {}, .next = at(5), .more = true})));
  }

  TEST_CASE("a page follows the token that it was asked with") {
    const auto gap = [](const Page& page, const std::optional<Token>& after) {
      const auto found = follows(page, "events", after);
      return found.has_value() ? std::string(name(*found)) : "malformed";
    };
    CHECK(gap(page(), std::nullopt) == "none");
    CHECK(gap(page(), at(4)) == "none");
    CHECK(gap(page(), at(5)) == "malformed");
    CHECK(gap(page(), at(4, 2)) == "history_changed");
    CHECK(gap({.entries = {}, .next = at(5), .more = false}, at(5)) == "none");
    CHECK(gap({.entries = {}, .next = at(6), .more = false}, at(5)) == "malformed");
    CHECK(gap({.entries = {}, .next = at(5, 2), .more = false}, at(5)) == "history_changed");
    const auto other = follows(page(), "else", std::nullopt);
    CHECK(other.has_value());
    if (other.has_value()) CHECK(*other == Gap::kStream);
  }
}
