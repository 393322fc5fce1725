#include "app/admin_json.h"

#include <string>

#include "codec/base64.h"
#include "codec/rfc3339.h"
#include "codec/url.h"
#include "codec/utf8.h"

namespace sluice::app {

using codec::JsonWriter;

void write_time(JsonWriter& json, std::string_view key, Instant time) {
  json.field(key, codec::format_rfc3339(time));
}

void write_time(JsonWriter& json, std::string_view key, const std::optional<Instant>& time) {
  if (time) return write_time(json, key, *time);
  json.key(key).null();
}

void write_text(JsonWriter& json, std::string_view key, std::string_view text) {
  if (!text.empty()) {
    json.field(key, text);
  } else {
    json.key(key).null();
  }
}

void write_bytes(JsonWriter& json, std::string_view key, ByteView bytes) {
  json.key(key);
  if (bytes.size() <= kTextShownMax && codec::is_utf8(bytes)) {
    json.string(bytes);
  } else {
    json.null();
  }
  json.field(std::string(key) + "_base64", codec::encode_base64(bytes));
}

void write_count(JsonWriter& json, std::string_view key, const tables::Count& count) {
  json.key(key).begin_object().field("count", count.count).field("capped", count.capped);
  json.end_object();
}

void write_members(JsonWriter& json, const inbox::Event& event) {
  json.field("id", format("evt_", event.id)).field("source", event.source);
  write_time(json, "received_at", event.received_at);
  json.field("routing", inbox::name(event.routing));
  write_text(json, "identity", event.identity);
  write_text(json, "content_type", find(event.headers, "content-type").value_or(""));
  json.field("size", event.body_size);
  json.field("unfinished", event.unfinished).field("dead", event.dead);
}

void write_members(JsonWriter& json, const outbox::Message& message) {
  json.field("id", format("msg_", message.id)).field("event", format("evt_", message.event));
  json.field("endpoint", message.endpoint).field("state", outbox::name(message.state));
  write_text(json, "order", message.order);
  json.field("attempts", message.attempts).field("failures", message.failures);
  write_time(json, "created_at", message.created_at);
  const bool queued = message.state == outbox::MessageState::kQueued;
  write_time(json, "due_at", queued ? std::optional(message.due) : std::nullopt);
  write_time(json, "finished_at", message.finished_at);
  json.key("last_status");
  if (message.status != 0) {
    json.number(message.status);
  } else {
    json.null();
  }
  write_text(json, "last_reason", message.reason);
}

void write_message(JsonWriter& json, const outbox::Message& message) {
  json.begin_object();
  write_members(json, message);
  json.end_object();
}

void write_attempts(JsonWriter& json, const tables::Browsed<outbox::Attempt>& attempts) {
  json.key("attempt_log").begin_array();
  for (const auto& found : attempts.rows) {
    json.begin_object();
    if (!found.value.has_value()) {
      json.field("key", found.key).field("error", name(found.value.error().code)).end_object();
      continue;
    }
    const outbox::Attempt& attempt = *found.value;
    write_time(json, "at", attempt.at);
    json.field("took_ms", attempt.took.ms).key("status");
    if (attempt.status != 0) {
      json.number(attempt.status);
    } else {
      json.null();
    }
    write_text(json, "reason", attempt.reason);
    write_bytes(json, "response", attempt.response);
    json.field("truncated", attempt.truncated).end_object();
  }
  json.end_array().field("attempt_log_cut", attempts.next.has_value());
}

void write_members(JsonWriter& json, std::string_view name, const manifest::Endpoint* endpoint,
                   const outbox::EndpointState& state) {
  json.field("name", name).field("status", outbox::name(state.status));
  json.field("in_manifest", endpoint != nullptr);
  write_text(json, "origin", endpoint == nullptr ? std::string() : origin_of(endpoint->url));
  json.field("failures_in_row", state.failures_in_row);
  json.field("timed_out_last", state.timed_out_last);
  write_time(json, "timer", state.timer);
  write_time(json, "changed_at", state.changed_at);
}

std::string origin_of(std::string_view url) {
  const auto parsed = codec::parse_url(url);
  return parsed.has_value() ? codec::origin(*parsed) : std::string();
}

}  // namespace sluice::app
