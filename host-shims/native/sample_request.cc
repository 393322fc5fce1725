#include "native/sample_request.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "codec/hex.h"
#include "codec/json_pointer.h"
#include "codec/json_writer.h"
#include "codec/rfc3339.h"
#include "codec/url.h"
#include "native/sample_bodies.h"

namespace sluice::native {

namespace {

using signature::MessagePart;
using signature::PartKind;
using signature::Place;
using signature::Scheme;
using signature::Site;

constexpr std::string_view kUsualEvent = "example.created";

struct Word {
  std::string_view name;
  std::string value;
};
using Words = std::vector<Word>;

Words words_of(std::string_view event, Instant now, Random& random) {
  const std::string id = codec::encode_hex(random.bytes(12));
  const std::string hex = codec::encode_hex(random.bytes(16));
  // Version 4, variant 1 (RFC 9562).
  const std::string uuid = hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-4" + hex.substr(13, 3) +
                           "-a" + hex.substr(17, 3) + "-" + hex.substr(20);
  return {{"ID", id},
          {"UUID", uuid},
          {"NUMBER", std::to_string(1'000'000'000 + random.number() % 8'000'000'000)},
          {"EVENT", std::string(event)},
          {"S", std::to_string(now.ms / 1000)},
          {"MS", std::to_string(now.ms)},
          {"RFC3339", codec::format_rfc3339(now)}};
}

std::string_view value_of(const Words& words, std::string_view name) {
  for (const Word& word : words) {
    if (word.name == name) return word.value;
  }
  return {};
}

std::string filled(std::string_view text, const Words& words) {
  std::string result;
  while (!text.empty()) {
    const std::size_t open = text.find('$');
    const std::size_t close = text.find('$', open + 1);
    if (open == std::string_view::npos || close == std::string_view::npos) break;
    result += text.substr(0, open);
    result += value_of(words, text.substr(open + 1, close - open - 1));
    text.remove_prefix(close + 1);
  }
  return result.append(text);
}

// The time as the scheme writes it.
std::string time_text(const Scheme& scheme, const Words& words) {
  switch (scheme.time.format) {
    case signature::TimeFormat::kMilliseconds: return std::string(value_of(words, "MS"));
    case signature::TimeFormat::kRfc3339: return std::string(value_of(words, "RFC3339"));
    default: return std::string(value_of(words, "S"));
  }
}

// What a scheme takes from somewhere, and a value for it; `sign` puts in what it makes itself.
struct Need {
  Site site;
  std::string value;
};

std::vector<Need> needs_of(const Scheme& scheme, const Words& words) {
  std::vector<Need> needs;
  const std::string id(value_of(words, "ID"));
  const auto add = [&](Site site, std::string value) {
    const bool known = std::any_of(needs.begin(), needs.end(),
                                   [&](const Need& need) { return need.site == site; });
    if (site.place != Place::kNone && !known) needs.push_back({std::move(site), std::move(value)});
  };
  add(scheme.time.from, time_text(scheme, words));
  for (const auto& rule : scheme.identity) add(rule.site, id);
  add(scheme.signature.from, "");
  if (scheme.body_digest.has_value()) add(scheme.body_digest->from, "");
  for (const MessagePart& part : scheme.message) {
    switch (part.kind) {
      case PartKind::kHeader: add({Place::kHeader, part.text}, id); break;
      case PartKind::kQuery: add({Place::kQuery, part.text}, id); break;
      case PartKind::kForm: add({Place::kForm, part.text}, id); break;
      case PartKind::kJson: add({Place::kJson, part.text}, id); break;
      default: break;
    }
  }
  return needs;
}

// A tree out of JSON pointers.
struct Node {
  std::map<std::string, Node> members;
  std::string text;
};

void write(codec::JsonWriter& json, const Node& node) {
  if (node.members.empty()) {
    json.string(node.text);
    return;
  }
  // A step "0" alone is a list of one.
  const bool list = node.members.size() == 1 && node.members.begin()->first == "0";
  if (list) {
    json.begin_array();
  } else {
    json.begin_object();
  }
  for (const auto& [key, value] : node.members) {
    if (!list) json.key(key);
    write(json, value);
  }
  if (list) {
    json.end_array();
  } else {
    json.end_object();
  }
}

Bytes json_body(const std::vector<Need>& needs, const Words& words) {
  Node root;
  root.members["type"].text = value_of(words, "EVENT");
  root.members["created_at"].text = value_of(words, "RFC3339");
  for (const Need& need : needs) {
    if (need.site.place != Place::kJson) continue;
    const auto steps = codec::parse_pointer(need.site.name);
    Node* node = &root;
    if (!steps.has_value()) continue;
    for (const std::string& step : *steps) node = &node->members[step];
    node->text = need.value;
  }
  if (!root.members.contains("id")) root.members["id"].text = value_of(words, "ID");
  codec::JsonWriter json;
  write(json, root);
  return std::move(json).take();
}

std::string assignments(const std::vector<Need>& needs, Place place) {
  std::string text;
  for (const Need& need : needs) {
    if (need.site.place != place || need.value.empty()) continue;
    if (!text.empty()) text += '&';
    text += codec::percent_encode(need.site.name) + "=" + codec::percent_encode(need.value);
  }
  return text;
}

bool is_form(const Scheme& scheme, const std::vector<Need>& needs) {
  return std::any_of(needs.begin(), needs.end(),
                     [](const Need& need) { return need.site.place == Place::kForm; }) ||
         std::any_of(scheme.message.begin(), scheme.message.end(),
                     [](const MessagePart& part) { return part.kind == PartKind::kFormSorted; });
}

const SampleBody* sample_of(std::string_view scheme) {
  for (const SampleBody& sample : sample_bodies()) {
    if (sample.scheme == scheme) return &sample;
  }
  return nullptr;
}

}  // namespace

SampleRequest sample_request(const Scheme& scheme, std::string_view event, Instant now,
                             Random& random) {
  const SampleBody* sample = sample_of(scheme.name);
  SampleRequest made;
  made.event = !event.empty() ? event : sample != nullptr ? sample->event : kUsualEvent;
  const Words words = words_of(made.event, now, random);
  const auto needs = needs_of(scheme, words);
  std::string content_type = "application/json";
  if (sample != nullptr) {
    content_type = sample->content_type;
    made.body = filled(sample->body, words);
    if (!sample->event_header.empty()) {
      made.headers.push_back({std::string(sample->event_header), made.event});
    }
  } else if (is_form(scheme, needs)) {
    content_type = "application/x-www-form-urlencoded";
    made.body = assignments(needs, Place::kForm);
    if (!made.body.empty()) made.body += '&';
    made.body += "event=" + codec::percent_encode(made.event);
  } else {
    made.body = json_body(needs, words);
  }
  made.headers.push_back({"content-type", content_type});
  made.query = assignments(needs, Place::kQuery);
  for (const MessagePart& part : scheme.message) {
    if (part.kind != PartKind::kHeader || part.optional) continue;
    const bool timed = scheme.time.from == Site{Place::kHeader, part.text};
    if (timed || count(made.headers, part.text) > 0) continue;
    made.headers.push_back({part.text, std::string(value_of(words, "ID"))});
  }
  return made;
}

}  // namespace sluice::native
