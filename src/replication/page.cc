#include "replication/page.h"

#include <utility>

#include "codec/base64.h"
#include "codec/json.h"
#include "codec/json_writer.h"
#include "codec/rfc3339.h"

namespace sluice::replication {
namespace {

using codec::Json;

constexpr std::size_t kTextMax = 1024;

// A text member of at most kTextMax bytes.
std::optional<std::string_view> text(const Json& json, std::string_view key) {
  const Json* member = json.member(key);
  const auto value = member == nullptr ? std::nullopt : member->as_string();
  if (!value || value->size() > kTextMax) return std::nullopt;
  return value;
}

std::optional<Position> parse_position(std::string_view digits) {
  // One grammar for positions: that of tokens.
  const Token zero{.stream = "x", .history = {}, .position = 0, .id = {.seq = 1, .random = 0}};
  std::string token = "x." + sluice::format(zero.history) + ".";
  token += digits;
  token += "." + sluice::format(zero.id);
  const auto parsed = parse_token(token);
  if (!parsed) return std::nullopt;
  return parsed->position;
}

std::optional<Entry> parse_entry(const Json& json) {
  const auto position = text(json, "position");
  const auto id = text(json, "id");
  const auto time = text(json, "time");
  const auto source = text(json, "source");
  const auto content_type = text(json, "content_type");
  const Json* body = json.member("body");
  const auto body_text = body == nullptr ? std::nullopt : body->as_string();
  if (!position || !id || !time || !source || !content_type || !body_text) return std::nullopt;

  const auto parsed_position = parse_position(*position);
  const auto parsed_id = parse_id("", *id);
  const auto parsed_time = codec::parse_rfc3339(*time);
  auto parsed_body = codec::decode_base64(*body_text);
  if (!parsed_position || !parsed_id || !parsed_time || !parsed_body) return std::nullopt;

  Entry entry;
  entry.position = *parsed_position;
  entry.id = *parsed_id;
  entry.received_at = *parsed_time;
  entry.source = std::string(*source);
  entry.content_type = std::string(*content_type);
  entry.size = static_cast<std::uint32_t>(parsed_body->size());
  entry.body = *std::move(parsed_body);
  return entry;
}

}  // namespace

std::string write_page(const Page& page) {
  codec::JsonWriter json;
  json.begin_object().field("stream", page.next.stream);
  json.field("history", sluice::format(page.next.history)).key("entries").begin_array();
  for (const Entry& entry : page.entries) {
    json.begin_object().field("position", std::to_string(entry.position));
    json.field("id", sluice::format(entry.id));
    json.field("time", codec::format_rfc3339(entry.received_at));
    json.field("source", entry.source).field("content_type", entry.content_type);
    json.field("body", codec::encode_base64(entry.body)).end_object();
  }
  json.end_array().field("next", format(page.next)).field("more", page.more).end_object();
  return std::move(json).take();
}

Result<Page> parse_page(ByteView bytes) {
  const Error malformed{Errc::kMalformed, "log page: not of the documented form"};
  if (bytes.size() > kPageBytesMax) return Error{Errc::kTooBig, "log page: too large"};
  codec::JsonLimits limits;
  limits.depth_max = 8;
  limits.size_max = static_cast<std::uint32_t>(kPageBytesMax);
  const auto json = codec::parse_json(bytes, limits);
  if (!json) return malformed;

  const auto stream = text(*json, "stream");
  const auto history = text(*json, "history");
  const auto next = text(*json, "next");
  const Json* entries = json->member("entries");
  const Json* more = json->member("more");
  const auto has_more = more == nullptr ? std::nullopt : more->as_bool();
  if (!stream || !history || !next || entries == nullptr || !entries->is_array() || !has_more) {
    return malformed;
  }
  if (entries->items().size() > kPageEntriesMax) return malformed;

  auto token = parse_token(*next);
  const auto parsed_history = parse_id("", *history);
  if (!token || !parsed_history) return malformed;
  if (token->stream != *stream || token->history != *parsed_history) return malformed;

  Page page;
  page.next = *std::move(token);
  page.more = *has_more;
  Position before = 0;
  for (const Json& item : entries->items()) {
    auto entry = parse_entry(item);
    if (!entry || entry->position <= before) return malformed;
    before = entry->position;
    page.entries.push_back(*std::move(entry));
  }
  const Entry* last = page.entries.empty() ? nullptr : &page.entries.back();
  if (last != nullptr && (last->position != page.next.position || last->id != page.next.id)) {
    return malformed;
  }
  if (last == nullptr && page.more) return malformed;  // Nothing would ever move.
  return page;
}

Result<Gap> follows(const Page& page, std::string_view stream, const std::optional<Token>& after) {
  if (page.next.stream != stream) return Gap::kStream;
  if (!after) return Gap::kNone;
  if (page.next.history != after->history) return Gap::kHistory;
  if (page.entries.empty()) {
    if (page.next == *after) return Gap::kNone;
    return Error{Errc::kMalformed, "log page: empty, yet its token moved"};
  }
  if (page.entries.front().position <= after->position) {
    return Error{Errc::kMalformed, "log page: its entries are before the token"};
  }
  return Gap::kNone;
}

}  // namespace sluice::replication
