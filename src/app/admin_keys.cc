// GET /v1/keys: the secrets of every source, and when each was last seen to match.
#include <tuple>
#include <utility>

#include "app/admin_handlers.h"
#include "app/admin_json.h"
#include "app/admin_list.h"
#include "base/sort.h"
#include "store/keys.h"
#include "tables/secret_use.h"

namespace sluice::app {
namespace {

// One secret, by its source and its place in the list of that source.
struct Place {
  std::string source;
  std::size_t position = 0;

  // In the order of the list; not every library compares strings three ways.
  friend bool operator<(const Place& a, const Place& b) {
    return std::tie(a.source, a.position) < std::tie(b.source, b.position);
  }
};

std::string token_of(const Place& place) {
  return place.source + "." + std::to_string(place.position);
}

Result<std::optional<Place>> place_after(const RequestTarget& target) {
  const auto text = target.parameter("after");
  if (!text) return std::optional<Place>();
  const Error wrong{Errc::kBadArgument, "after is the `next` of an earlier answer"};
  const std::size_t dot = text->find('.');
  if (dot == std::string_view::npos || !store::is_name(text->substr(0, dot))) return wrong;
  const std::string_view digits = text->substr(dot + 1);
  if (digits.empty() || digits.size() > 3) return wrong;
  std::size_t position = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return wrong;
    position = position * 10 + static_cast<std::size_t>(c - '0');
  }
  return std::optional(Place{.source = std::string(text->substr(0, dot)), .position = position});
}

std::string_view state_of(const signature::Secret& secret, Instant now) {
  if (secret.not_before && now < *secret.not_before) return "not_yet_valid";
  return signature::is_valid_at(secret, now) ? "valid" : "expired";
}

void write_secret(codec::JsonWriter& json, const manifest::Source& source, std::size_t position,
                  const std::vector<tables::SecretSeen>& seen, Instant now) {
  const signature::Secret& secret = source.secrets[position];
  const std::string& name = source.secret_names[position];
  std::optional<Instant> last_seen;
  for (const auto& mark : seen) {
    if (mark.secret == name) last_seen = mark.at;
  }
  json.begin_object().field("source", source.name);
  json.field("position", static_cast<std::uint64_t>(position)).field("secret", name);
  json.field("scheme", source.scheme.name).field("state", state_of(secret, now));
  write_time(json, "not_before", secret.not_before);
  write_time(json, "not_after", secret.not_after);
  write_time(json, "last_seen", last_seen);
  json.end_object();
}

}  // namespace

Answer list_keys(AdminContext& context, AdminRequest request) {
  SLUICE_CO_TRY(const auto limit, limit_of(request.target));
  SLUICE_CO_TRY(const auto after, place_after(request.target));
  std::vector<const manifest::Source*> sources;
  for (const auto& source : context.cell.manifest.sources) sources.push_back(&source);
  sort(sources, [](const auto* a, const auto* b) { return a->name < b->name; });

  const Instant now = context.cell.host.clock().now();
  SLUICE_CO_TRY(auto transaction, co_await context.cell.store.begin());
  auto json = begin_list();
  std::optional<Place> last;
  std::uint32_t shown = 0;
  for (const auto* source : sources) {
    if (after && source->name < after->source) continue;
    std::string name = source->name;
    SLUICE_CO_TRY(const auto seen, co_await tables::SecretUse::list(transaction, std::move(name)));
    for (std::size_t i = 0; i < source->secrets.size(); ++i) {
      Place place{.source = source->name, .position = i};
      if (after && !(*after < place)) continue;
      if (shown == limit) co_return end_list(std::move(json), token_of(*last));
      write_secret(json, *source, i, seen, now);
      last = std::move(place);
      ++shown;
    }
  }
  co_return end_list(std::move(json), std::optional<std::string>());
}

}  // namespace sluice::app
