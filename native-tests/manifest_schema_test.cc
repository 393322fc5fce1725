// Native only: reads docs/manifest.schema.json, and checks that it and the parser say the same
// about keys, bounds and names.
#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "codec/json.h"
#include "doctest/doctest.h"
#include "manifest/object.h"
#include "manifest/parse.h"
#include "signature/presets.h"

namespace sluice::manifest {
namespace {

using codec::Json;

std::string schema_text() {
  std::ifstream file(SLUICE_ROOT "/docs/manifest.schema.json", std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// Follows a "$ref" of the form "#/...".
const Json* resolved(const Json& root, const Json* schema) {
  while (schema != nullptr && schema->member("$ref") != nullptr) {
    const auto reference = schema->member("$ref")->as_string();
    if (!reference) return nullptr;
    schema = root.find(reference->substr(1));
  }
  return schema;
}

// Where an object of the manifest stands, and a text that holds it: `before` {members} `after`.
struct Place {
  std::string_view schema;  // Pointer to its schema.
  std::string_view at;
  std::string_view before;
  std::string_view after;
};

constexpr Place kPlaces[] = {
    {"", "", "", ""},
    {"/$defs/scheme_definition", "/schemes/own", R"({"schemes":{"own":)", "}}"},
    {"/$defs/scheme_definition/properties/signature", "/schemes/own/signature",
     R"({"schemes":{"own":{"signature":)", "}}}"},
    {"/$defs/scheme_definition/properties/key", "/schemes/own/key", R"({"schemes":{"own":{"key":)",
     "}}}"},
    {"/$defs/scheme_definition/properties/time", "/schemes/own/time",
     R"({"schemes":{"own":{"time":)", "}}}"},
    {"/$defs/scheme_definition/properties/body_digest", "/schemes/own/body_digest",
     R"({"schemes":{"own":{"body_digest":)", "}}}"},
    {"/$defs/scheme_definition/properties/jwt", "/schemes/own/jwt", R"({"schemes":{"own":{"jwt":)",
     "}}}"},
    {"/$defs/scheme_definition/properties/fetched", "/schemes/own/fetched",
     R"({"schemes":{"own":{"fetched":)", "}}}"},
    {"/$defs/scheme_definition/properties/algorithm_by", "/schemes/own/algorithm_by",
     R"({"schemes":{"own":{"algorithm_by":)", "}}}"},
    {"/$defs/scheme_definition/properties/message_signature", "/schemes/own/message_signature",
     R"({"schemes":{"own":{"message_signature":)", "}}}"},
    {"/$defs/message_part", "/schemes/own/message/0", R"({"schemes":{"own":{"message":[)", "]}}}"},
    {"/$defs/handshake_rule", "/schemes/own/handshake/0", R"({"schemes":{"own":{"handshake":[)",
     "]}}}"},
    {"/$defs/handshake_reply", "/schemes/own/handshake/0/respond",
     R"({"schemes":{"own":{"handshake":[{"respond":)", "}]}}}"},
    {"/$defs/source", "/sources/x", R"({"sources":{"x":)", "}}"},
    {"/$defs/route", "/routes/0", R"({"routes":[)", "]}"},
    {"/$defs/endpoint", "/endpoints/x", R"({"endpoints":{"x":)", "}}"},
    {"/$defs/endpoint/properties/signing", "/endpoints/x/signing",
     R"({"endpoints":{"x":{"signing":)", "}}}"},
    {"/$defs/step", "/steps/x", R"({"steps":{"x":)", "}}"},
    {"/$defs/link", "/links/x", R"({"links":{"x":)", "}}"},
    {"/$defs/link/properties/from", "/links/x/from", R"({"links":{"x":{"from":)", "}}}"},
    {"/$defs/limits", "/limits", R"({"limits":)", "}"},
    {"/properties/admin", "/admin", R"({"admin":)", "}"},
    {"/properties/development", "/development", R"({"development":)", "}"},
    {"/$defs/secrets/items/anyOf/1", "/sources/x/secrets/0",
     R"({"sources":{"x":{"scheme":"github","secrets":[)", "]}}}"},
};

bool reports(const Place& place, const std::string& object, const std::string& key,
             std::string_view code) {
  const std::string text = std::string(place.before) + object + std::string(place.after);
  const Parsed parsed = parse(text, {}, Secrets::kUnchecked);
  const std::string at = below(place.at, key);
  return std::any_of(parsed.errors.begin(), parsed.errors.end(), [&](const Finding& finding) {
    return finding.at == at && finding.code == code;
  });
}

std::string with(const std::string& key, const std::string& value) {
  return "{\"" + key + "\":" + value + "}";
}

}  // namespace

TEST_SUITE("docs/manifest.schema") {
  TEST_CASE("every key of the schema is one of the parser's, and all others are unknown") {
    const auto root = codec::parse_json(schema_text());
    CHECK(root.has_value());
    if (!root.has_value()) return;
    for (const Place& place : kPlaces) {
      CAPTURE(place.at);
      const Json* schema = root->find(place.schema);
      CHECK(schema != nullptr);
      if (schema == nullptr) continue;
      const Json* properties = schema->member("properties");
      const Json* closed = schema->member("additionalProperties");
      CHECK(closed != nullptr);
      CHECK((closed == nullptr || closed->as_bool() == false));
      CHECK(properties != nullptr);
      if (properties == nullptr) continue;
      for (const auto& property : properties->members()) {
        CAPTURE(property.key);
        CHECK(!reports(place, with(property.key, "null"), property.key, "unknown_key"));
      }
      CHECK(reports(place, with("nonsense", "null"), "nonsense", "unknown_key"));
    }
  }

  TEST_CASE("what the schema requires, the parser requires") {
    const auto root = codec::parse_json(schema_text());
    CHECK(root.has_value());
    if (!root.has_value()) return;
    for (const Place& place : kPlaces) {
      CAPTURE(place.at);
      const Json* required = root->find(std::string(place.schema) + "/required");
      const Json* properties = root->find(std::string(place.schema) + "/properties");
      if (properties == nullptr) continue;
      for (const auto& property : properties->members()) {
        CAPTURE(property.key);
        bool is_required = false;
        if (required != nullptr) {
          for (const Json& name : required->items()) {
            is_required = is_required || name.as_string() == property.key;
          }
        }
        CHECK(reports(place, "{}", property.key, "missing") == is_required);
      }
    }
  }

  TEST_CASE("bounds of numbers are the same") {
    const auto root = codec::parse_json(schema_text());
    CHECK(root.has_value());
    if (!root.has_value()) return;
    int bounds = 0;
    for (const Place& place : kPlaces) {
      const Json* properties = root->find(std::string(place.schema) + "/properties");
      if (properties == nullptr) continue;
      for (const auto& property : properties->members()) {
        const Json* schema = resolved(*root, &property.value);
        if (schema == nullptr || schema->member("minimum") == nullptr) continue;
        CAPTURE(property.key);
        const std::int64_t least = schema->member("minimum")->as_int64().value_or(-1);
        const std::int64_t most = schema->member("maximum")->as_int64().value_or(-1);
        const auto refused = [&](std::int64_t value) {
          return reports(place, with(property.key, std::to_string(value)), property.key,
                         "out_of_range");
        };
        CHECK(!refused(least));
        CHECK(!refused(most));
        CHECK(refused(least - 1));
        CHECK(refused(most + 1));
        ++bounds;
      }
    }
    CHECK(bounds >= 15);
  }

  TEST_CASE("the schemes are those of the engine") {
    const auto root = codec::parse_json(schema_text());
    CHECK(root.has_value());
    if (!root.has_value()) return;
    const Json* names = root->find("/$defs/scheme_name/enum");
    CHECK(names != nullptr);
    if (names == nullptr) return;
    std::vector<std::string> listed;
    for (const Json& name : names->items()) listed.emplace_back(name.as_string().value_or(""));
    std::vector<std::string> known;
    for (const auto preset : signature::preset_names()) known.emplace_back(preset);
    CHECK(listed == known);
  }
}

}  // namespace sluice::manifest
