#include "replication/token.h"

#include <string>

#include "doctest/doctest.h"

using namespace sluice;
using namespace sluice::replication;

namespace {

const Id kHistory{.seq = 0x6f1d2c3b4a596877ULL, .random = 0x6655443322110f0eULL};
const Id kEntry{.seq = 0x0195f0c2a1b30001ULL, .random = 0xaabbccddeeff0011ULL};
const Token kToken{.stream = "events", .history = kHistory, .position = 42, .id = kEntry};

StreamState state() {
  return {.stream = "events", .history = kHistory, .trimmed = 10, .last = 100, .at_token = kEntry};
}

}  // namespace

TEST_SUITE("replication/token") {
  TEST_CASE("a token has one text form") {
    const std::string text =
        "events.6f1d2c3b4a5968776655443322110f0e.42.0195f0c2a1b30001aabbccddeeff0011";
    CHECK(format(kToken) == text);
    CHECK(parse_token(text) == kToken);
  }

  TEST_CASE("positions fill 64 bits") {
    Token token = kToken;
    token.position = UINT64_MAX;
    CHECK(parse_token(format(token)) == token);
  }

  TEST_CASE("every other spelling is refused") {
    const std::string history = "6f1d2c3b4a5968776655443322110f0e";
    const std::string id = "0195f0c2a1b30001aabbccddeeff0011";
    for (const std::string position : {"", " 5", "5 ", "+5", "-1", "007", "0x10", "1.5", "1e3",
                                       "18446744073709551616", "999999999999999999999999"}) {
      CAPTURE(position);
      CHECK(!parse_token("events." + history + "." + position + "." + id));
    }
    CHECK(!parse_token(""));
    CHECK(!parse_token("..."));
    CHECK(!parse_token("Events." + history + ".5." + id));
    CHECK(!parse_token("events." + history + ".5"));
    CHECK(!parse_token("events." + history + ".5." + id + "."));
    CHECK(!parse_token("events." + history + ".5." + id + "0"));
    CHECK(!parse_token("events.6F1D2C3B4A5968776655443322110F0E.5." + id));
    CHECK(!parse_token("events." + history + ".0." + id));
    CHECK(parse_token("events." + history + ".0." + std::string(32, '0')).has_value());
  }

  TEST_CASE("a token of this history goes on") {
    CHECK(check_token(kToken, state()) == Gap::kNone);
  }

  TEST_CASE("a token of another past is told apart, in a fixed order") {
    Token token = kToken;
    token.stream = "other";
    token.history = {};
    CHECK(check_token(token, state()) == Gap::kStream);
    token.stream = "events";
    token.position = 1000;
    CHECK(check_token(token, state()) == Gap::kHistory);
    token.history = kHistory;
    CHECK(check_token(token, state()) == Gap::kTooNew);
    token.position = 9;
    CHECK(check_token(token, state()) == Gap::kTooOld);
    token = kToken;
    token.id = {};
    CHECK(check_token(token, state()) == Gap::kEntry);
    StreamState absent = state();
    absent.at_token.reset();
    CHECK(check_token(kToken, absent) == Gap::kEntry);
  }

  TEST_CASE("at the trimmed edge nothing is missed") {
    Token token = kToken;
    token.position = 10;
    StreamState trimmed = state();
    trimmed.at_token.reset();
    CHECK(check_token(token, trimmed) == Gap::kNone);
    token.position = 100;
    CHECK(check_token(token, state()) == Gap::kNone);
  }
}
