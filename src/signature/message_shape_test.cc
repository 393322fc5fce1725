// Signed bytes belong to one request: of everything that fits, no two give the same row.
#include "signature/message_shape.h"

#include <map>
#include <string>
#include <vector>

#include "base/prng.h"
#include "doctest/doctest.h"
#include "signature/reading.h"

namespace sluice::signature {
namespace {

Scheme scheme_of(std::vector<MessagePart> message, TimeFormat format = TimeFormat::kSeconds) {
  Scheme scheme;
  scheme.message = std::move(message);
  scheme.time.from = {Place::kHeader, "time"};
  scheme.time.format = format;
  return scheme;
}

Scheme scheme_of(std::string_view text, TimeFormat format = TimeFormat::kSeconds) {
  return scheme_of(*parse_message(text), format);
}

bool is_sound(std::string_view text, TimeFormat format = TimeFormat::kSeconds) {
  return check_shape(scheme_of(text, format)).has_value();
}

// Texts that are likely to be taken for one another.
std::string any_of(Prng& prng, const std::vector<std::string>& texts) {
  return texts[static_cast<std::size_t>(prng.below(texts.size()))];
}

std::string time_of(Prng& prng, TimeFormat format) {
  switch (format) {
    case TimeFormat::kSeconds: return any_of(prng, {"1111111111", "1111111112", "1", "11"});
    case TimeFormat::kMilliseconds: return any_of(prng, {"1111111111111", "1111111111112", "1"});
    case TimeFormat::kSecondsOrMilliseconds:
      return any_of(prng, {"1111111111", "1111111111111", "1111111111112"});
    case TimeFormat::kRfc3339:
      return any_of(prng, {"2020-01-01T00:00:00Z", "2020-01-01T00:00:00.5Z",
                           "2020-01-01T00:00:00+01:00", "2020-01-01 00:00:00Z"});
    case TimeFormat::kHttpDate: break;
  }
  return any_of(prng, {"Sun, 06 Nov 1994 08:49:37 GMT", "Thu, 01 Jan 1970 00:00:00 GMT"});
}

std::string text_of(Prng& prng, TimeFormat format) {
  std::string text;
  for (std::uint64_t i = prng.below(4); i > 0; --i) {
    text +=
        prng.below(4) == 0
            ? time_of(prng, format)
            : any_of(prng, {"1", "a", ".", "{", "\n", "id:", ";", "K\n", "Z", "|", "https://a/"});
  }
  return text;
}

std::string value_of(Prng& prng, const Scheme& scheme, const MessagePart& part) {
  switch (part.kind) {
    case PartKind::kTimestamp: return time_of(prng, scheme.time.format);
    case PartKind::kMethod: return any_of(prng, {"POST", "P", "PUT"});
    case PartKind::kUrl:
      return any_of(prng, {"https://a/", "https://a/1", "https://a/a", "https://a/11", "h"});
    case PartKind::kCrc32: return any_of(prng, {"1", "11", "111"});
    case PartKind::kSha256: return std::string(64, any_of(prng, {"a", "1"})[0]);
    default: return text_of(prng, scheme.time.format);
  }
}

// What was signed, part by part, written so that no two are alike.
std::string spelled(const PartValues& values, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) {
    text += values.absent[i] ? "-" : std::to_string(values.values[i].size()) + ":";
    text += values.values[i];
    text += "/";
  }
  return text;
}

struct Sampled {
  int fitting = 0;
  int clashes = 0;
};

Sampled sample(const Scheme& scheme, std::uint64_t seed, int rounds) {
  Prng prng(seed);
  Sampled result;
  std::map<std::string, std::string> known;
  const std::size_t count = scheme.message.size();
  for (int round = 0; round < rounds; ++round) {
    std::vector<std::string> kept(count);
    PartValues values;
    for (std::size_t i = 0; i < count; ++i) {
      const MessagePart& part = scheme.message[i];
      if (part.kind == PartKind::kLiteral) continue;
      kept[i] = value_of(prng, scheme, part);
      values.absent[i] = part.optional && (kept[i].empty() || prng.below(2) == 0);
      if (values.absent[i]) kept[i].clear();
      values.values[i] = kept[i];
    }
    bool fits = true;
    for (std::size_t i = 0; i < count; ++i) fits = fits && fits_part(scheme, i, values);
    // The format of a time is checked when it is compared with now.
    if (!fits) continue;
    ++result.fitting;
    const auto message = message_of(scheme, values);
    std::string row;
    for (const ByteView piece : message.view()) row += piece;
    const auto [at, added] = known.emplace(row, spelled(values, count));
    if (!added && at->second != spelled(values, count)) ++result.clashes;
  }
  return result;
}

TEST_SUITE("signature/message_shape") {
  TEST_CASE("parts that can be told apart") {
    CHECK(is_sound("{body}"));
    CHECK(is_sound("{header:a}.{timestamp}.{body}"));
    CHECK(is_sound("{timestamp}{body}"));
    CHECK(is_sound("{timestamp}{body}", TimeFormat::kMilliseconds));
    CHECK(is_sound("{timestamp}{body}", TimeFormat::kRfc3339));
    CHECK(is_sound("{body}{timestamp}"));
    CHECK(is_sound("{header:a}{timestamp}{body}", TimeFormat::kRfc3339));
    CHECK(is_sound("{method}{url}{body}{timestamp}", TimeFormat::kMilliseconds));
    CHECK(is_sound("{url}{body}"));
    CHECK(is_sound("{url}{form-sorted}"));
    CHECK(is_sound("{body}.{header:a}"));
    CHECK(is_sound("{timestamp}{json:/token}"));
    CHECK(is_sound("{json:/a}:{json:/b}:{json:/c}"));
    CHECK(is_sound("{header:a}|{header:b}|{parameter:c}|{crc32}"));
    CHECK(is_sound("{method}\n{url:path}\n{sha256}"));
  }

  TEST_CASE("parts that cannot") {
    CHECK_FALSE(is_sound("{header:a}{header:b}"));
    CHECK_FALSE(is_sound("{header:a}{header:b}.{body}"));
    CHECK_FALSE(is_sound("{url}{header:a}"));
    CHECK_FALSE(is_sound("{header:a}{url}"));
    CHECK_FALSE(is_sound("{url}{method}{body}"));
    CHECK_FALSE(is_sound("{crc32}{header:a}"));
    CHECK_FALSE(is_sound("{body}{body}"));
    CHECK_FALSE(is_sound("{body}.{body}"));
    CHECK_FALSE(is_sound("{form-sorted}{url}"));
    CHECK_FALSE(is_sound("{form-sorted}.{header:a}"));
    CHECK_FALSE(is_sound("{body}{header:a}{header:b}"));
    CHECK_FALSE(is_sound("{timestamp}{body}", TimeFormat::kSecondsOrMilliseconds));
    CHECK_FALSE(is_sound("{body}{timestamp}", TimeFormat::kSecondsOrMilliseconds));
    CHECK_FALSE(is_sound("{timestamp}1{body}"));
    CHECK_FALSE(is_sound("{url}.{body}"));
    CHECK_FALSE(is_sound("{header:a}{timestamp}.{body}"));
  }

  TEST_CASE("an optional part says by a text of its own that it is there") {
    const auto sound = [](const std::vector<MessagePart>& message) {
      return check_shape(scheme_of(message)).has_value();
    };
    const MessagePart id{PartKind::kHeader, "a", "id:", ";", true, false};
    const MessagePart other{PartKind::kHeader, "b", "other:", ";", true, false};
    const MessagePart ts{PartKind::kTimestamp, "", "ts:", ";", false, false};
    CHECK(sound({id, other, ts}));
    MessagePart like = other;
    like.before = "id";
    CHECK_FALSE(sound({id, like, ts}));
    MessagePart bare = id;
    bare.before.clear();
    CHECK_FALSE(sound({bare, other, ts}));
    bare.after.clear();
    CHECK(sound({bare, ts}));  // Absent and empty are one between edges that are certain.
    // Followed by free text, which can begin with anything.
    CHECK_FALSE(sound({id, {PartKind::kBody, ""}}));
    CHECK_FALSE(sound({{PartKind::kBody, "", "", "", true, false}}));
    // Absent and empty are one where literals stand on both sides.
    CHECK(sound({{PartKind::kJson, "/a", "", "", true, false},
                 {PartKind::kLiteral, ":"},
                 {PartKind::kJson, "/b", "", "", true, false}}));
  }

  TEST_CASE("no two requests share their signed bytes, for each shape that providers have") {
    const std::vector<Scheme> schemes = {
        scheme_of("{header:a}.{timestamp}.{body}"),
        scheme_of("{timestamp}{body}"),
        scheme_of("{timestamp}{body}", TimeFormat::kRfc3339),
        scheme_of("{body}{timestamp}"),
        scheme_of("{body}{timestamp}", TimeFormat::kRfc3339),
        scheme_of("{header:a}{timestamp}{body}"),
        scheme_of("{header:a}{timestamp}{body}", TimeFormat::kRfc3339),
        scheme_of("{method}{url}{body}{timestamp}", TimeFormat::kMilliseconds),
        scheme_of("{url}{body}"),
        scheme_of("{url}{body}{header:a}"),
        scheme_of("{body}{timestamp}{header:a}"),
        scheme_of("{body}.{header:a}"),
        scheme_of("{header:a}{body}{header:b}"),
        scheme_of("{crc32}{body}"),
        scheme_of("{header:a}{sha256}{body}"),
        scheme_of("{json:/a}|{json:/b}|{json:/c}"),
        scheme_of({{PartKind::kJson, "/m", "M\n", "\n"},
                   {PartKind::kJson, "/i", "I\n", "\n"},
                   {PartKind::kJson, "/k", "K\n", "\n", true, false},
                   {PartKind::kJson, "/t", "T\n", "\n"}}),
        scheme_of({{PartKind::kQuery, "a", "id:", ";", true, false},
                   {PartKind::kHeader, "b", "request:", ";", true, false},
                   {PartKind::kTimestamp, "", "ts:", ";"}}),
    };
    std::uint64_t seed = 1;
    for (const Scheme& scheme : schemes) {
      CAPTURE(format_message(scheme.message));
      CHECK(check_shape(scheme).has_value());
      const Sampled sampled = sample(scheme, seed++, 4000);
      CHECK(sampled.fitting > 50);
      CHECK(sampled.clashes == 0);
    }
  }

  TEST_CASE("no two requests share their signed bytes, whatever the shape, when it is allowed") {
    constexpr PartKind kKinds[] = {PartKind::kBody,    PartKind::kTimestamp, PartKind::kHeader,
                                   PartKind::kUrl,     PartKind::kMethod,    PartKind::kJson,
                                   PartKind::kLiteral, PartKind::kCrc32,     PartKind::kSha256};
    constexpr TimeFormat kFormats[] = {TimeFormat::kSeconds, TimeFormat::kMilliseconds,
                                       TimeFormat::kRfc3339, TimeFormat::kSecondsOrMilliseconds,
                                       TimeFormat::kHttpDate};
    int allowed = 0;
    int refused = 0;
    std::uint64_t fitting = 0;
    for (std::uint64_t seed = 1; seed <= 3000; ++seed) {
      Prng prng(seed);
      std::vector<MessagePart> message;
      for (std::uint64_t n = 1 + prng.below(4); n > 0; --n) {
        MessagePart part{kKinds[prng.below(std::size(kKinds))], ""};
        if (part.kind == PartKind::kLiteral) {
          part.text = any_of(prng, {".", "1", "a", "|", "\n"});
        } else if (part.kind != PartKind::kBody && prng.below(3) == 0) {
          part.before = any_of(prng, {"", "id:", "K\n", "1", ";"});
          part.after = any_of(prng, {"", ";", "\n", "1"});
          part.optional = prng.below(2) == 0;
        }
        message.push_back(std::move(part));
      }
      const Scheme scheme = scheme_of(message, kFormats[prng.below(std::size(kFormats))]);
      if (!check_shape(scheme)) {
        ++refused;
        continue;
      }
      ++allowed;
      const Sampled sampled = sample(scheme, seed, 150);
      fitting += static_cast<std::uint64_t>(sampled.fitting);
      CAPTURE(seed);
      CAPTURE(format_message(message));
      CHECK(sampled.clashes == 0);
    }
    CHECK(allowed > 500);
    CHECK(refused > 500);
    CHECK(fitting > 10'000);
  }
}

}  // namespace
}  // namespace sluice::signature
