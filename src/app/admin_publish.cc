// POST /v1/messages: an application publishes one event to the endpoints it names.
//
//   {"to":["crm"],"body":{"any":1.50},"order_key":"customer-7"}
//
// The body is sent as its source bytes stand: it is never written anew, so 1.50 stays 1.50.
#include <algorithm>
#include <utility>

#include "app/admin_handlers.h"
#include "app/problem.h"
#include "codec/json.h"
#include "codec/json_writer.h"
#include "flow/publish_message.h"
#include "manifest/report.h"

namespace sluice::app {
namespace {

using codec::Json;

constexpr std::size_t kTargetsMax = 64;
constexpr std::size_t kOrderKeyMax = 256;
constexpr std::size_t kIdempotencyKeyMax = 255;

// The publication, or the answer to what is none.
struct Read {
  flow::Publication publication;
  std::optional<HttpResponse> refusal;
};

Read refused(std::uint16_t status, std::string_view code, std::string_view detail) {
  return {.publication = {}, .refusal = problem(status, code, detail)};
}

Read invalid(std::string_view detail) { return refused(422, "invalid_message", detail); }

bool is_json(const Headers& headers) {
  constexpr std::string_view kJson = "application/json";
  const auto type = find(headers, "content-type");
  if (!type) return true;
  const std::string media = lower_case(type->substr(0, type->find(';')));
  return media.substr(0, media.find_last_not_of(' ') + 1) == kJson;
}

std::vector<std::string_view> endpoint_names(const manifest::Manifest& manifest) {
  std::vector<std::string_view> names;
  for (const auto& endpoint : manifest.endpoints) names.push_back(endpoint.name);
  return names;
}

std::optional<HttpResponse> read_targets(const Json& to, const manifest::Manifest& manifest,
                                         std::string_view order_key,
                                         flow::Publication& publication) {
  if (!to.is_array() || to.items().empty() || to.items().size() > kTargetsMax) {
    return problem(422, "invalid_message", "`to` is a list of 1 to 64 endpoints.");
  }
  for (const Json& item : to.items()) {
    const auto name = item.as_string();
    if (!name) return problem(422, "invalid_message", "`to` is a list of endpoints' names.");
    const auto* endpoint = manifest.endpoint(*name);
    if (endpoint == nullptr) {
      return problem(422, "unknown_endpoint",
                     "There is no endpoint \"" + manifest::shown(*name) + "\"." +
                         manifest::suggestion(*name, endpoint_names(manifest)));
    }
    const bool repeated =
        std::any_of(publication.targets.begin(), publication.targets.end(),
                    [&](const auto& target) { return target.endpoint == endpoint->name; });
    if (repeated) return problem(422, "invalid_message", "`to` names an endpoint twice.");
    const bool ordered = endpoint->order == manifest::Order::kKey;
    publication.targets.push_back(
        {.endpoint = endpoint->name, .order_key = std::string(ordered ? order_key : "")});
  }
  return std::nullopt;
}

std::optional<HttpResponse> check_members(const Json& json) {
  const std::vector<std::string_view> known{"to", "body", "order_key"};
  for (const auto& member : json.members()) {
    if (std::find(known.begin(), known.end(), member.key) == known.end()) {
      return problem(422, "invalid_message",
                     "There is no member \"" + manifest::shown(member.key) + "\"." +
                         manifest::suggestion(member.key, known));
    }
    if (json.member(member.key) == nullptr) {
      return problem(422, "invalid_message", "A member is repeated.");
    }
  }
  return std::nullopt;
}

Read read_message(const Bytes& source, const manifest::Manifest& manifest) {
  codec::JsonFault fault;
  codec::JsonLimits limits;
  limits.duplicate_keys = codec::DuplicateKeys::kAllow;  // Inside `body` they are the caller's.
  const auto json = codec::parse_json(source, limits, &fault);
  if (!json.has_value()) {
    return refused(400, "malformed_json",
                   "Not JSON: " + std::string(fault.what) + ", at line " +
                       std::to_string(fault.line) + ", column " + std::to_string(fault.column) +
                       ".");
  }
  if (!json->is_object()) return invalid("A message is an object.");
  if (auto refusal = check_members(*json)) {
    return {.publication = {}, .refusal = std::move(refusal)};
  }
  const Json* to = json->member("to");
  const Json* body = json->member("body");
  if (to == nullptr || body == nullptr) return invalid("A message has `to` and `body`.");

  std::string_view order_key;
  if (const Json* order = json->member("order_key")) {
    const auto text = order->as_string();
    if (!text || text->empty() || text->size() > kOrderKeyMax) {
      return invalid("`order_key` is a text of 1 to 256 bytes.");
    }
    order_key = *text;
  }
  Read read;
  read.refusal = read_targets(*to, manifest, order_key, read.publication);
  read.publication.content_type = "application/json";
  read.publication.body = std::string(body->slice(source));
  return read;
}

// Absent where the header is no key.
std::optional<std::string> idempotency_key(const Headers& headers) {
  constexpr std::string_view kHeader = "idempotency-key";
  if (count(headers, kHeader) == 0) return std::string();
  const std::string_view key = *find(headers, kHeader);
  const bool printable =
      std::all_of(key.begin(), key.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
  if (count(headers, kHeader) > 1 || key.empty() || key.size() > kIdempotencyKeyMax || !printable) {
    return std::nullopt;
  }
  return std::string(key);
}

}  // namespace

Answer post_message(AdminContext& context, AdminRequest request) {
  if (!is_json(request.headers)) {
    co_return problem(415, "unsupported_media_type", "A message is application/json.");
  }
  auto key = idempotency_key(request.headers);
  if (!key) {
    co_return problem(400, "malformed_idempotency_key",
                      "Idempotency-Key is one header of 1 to 255 printable ASCII bytes.");
  }
  auto read = read_message(request.body, context.cell.manifest);
  if (read.refusal) co_return *std::move(read.refusal);
  read.publication.idempotency_key = *std::move(key);
  SLUICE_CO_TRY(const auto published,
                co_await flow::publish_message(context.cell, std::move(read.publication)));
  if (published.outcome == flow::Publishing::kKeyReused) {
    co_return problem(422, "idempotency_key_reused",
                      "This Idempotency-Key was used for another message in the last 24 hours.");
  }
  if (published.outcome == flow::Publishing::kPublished) context.poke();
  codec::JsonWriter json;
  json.begin_object().field("id", format("evt_", published.event)).end_object();
  co_return json_response(202, std::move(json).take());
}

}  // namespace sluice::app
