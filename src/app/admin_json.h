// How the admin API shows events, messages, attempts and endpoints.
//
// Times are RFC 3339 text, durations end in `_ms`, ids carry their prefix. Bytes are shown twice:
// as base64, which is exact, and as text where they are UTF-8 of a reasonable size. What is absent
// is null, so every object of a kind has the same members.
#pragma once

#include <optional>
#include <string_view>

#include "codec/json_writer.h"
#include "inbox/event.h"
#include "manifest/manifest.h"
#include "outbox/endpoint.h"
#include "outbox/message.h"
#include "tables/browse.h"

namespace sluice::app {

inline constexpr std::size_t kTextShownMax = 64 * 1024;

void write_time(codec::JsonWriter& json, std::string_view key, Instant time);
void write_time(codec::JsonWriter& json, std::string_view key, const std::optional<Instant>& time);
// Text, or null when it is empty.
void write_text(codec::JsonWriter& json, std::string_view key, std::string_view text);
// `<key>` as text or null, and `<key>_base64`.
void write_bytes(codec::JsonWriter& json, std::string_view key, ByteView bytes);
void write_count(codec::JsonWriter& json, std::string_view key, const tables::Count& count);

// The members of an open object.
void write_members(codec::JsonWriter& json, const inbox::Event& event);
void write_members(codec::JsonWriter& json, const outbox::Message& message);

void write_message(codec::JsonWriter& json, const outbox::Message& message);
void write_attempts(codec::JsonWriter& json, const tables::Browsed<outbox::Attempt>& attempts);

// The members that every answer about an endpoint has; `endpoint` is null when it is not in the
// manifest any more.
void write_members(codec::JsonWriter& json, std::string_view name,
                   const manifest::Endpoint* endpoint, const outbox::EndpointState& state);

// Scheme and authority of a URL: what lies behind may be a secret.
[[nodiscard]] std::string origin_of(std::string_view url);

}  // namespace sluice::app
