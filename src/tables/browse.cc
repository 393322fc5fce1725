#include "tables/browse.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "base/sort.h"
#include "store/keys.h"
#include "tables/queue.h"

namespace sluice::tables {
namespace {

using inbox::Event;
using outbox::Attempt;
using outbox::Message;
using store::Transaction;

constexpr std::uint32_t kScanPage = kRangeRowsMax;
constexpr std::uint32_t kAttemptsMax = 100;
constexpr std::uint32_t kMessagesOfMax = 256;
constexpr std::size_t kEndpointsMax = 1024;

// The number that a key ends in.
std::optional<Seq> seq_of(std::string_view key) {
  return key.size() < 16 ? std::nullopt : parse_fixed_hex(key.substr(key.size() - 16));
}

// Rows under `prefix` before `before`, newest first, those that `matches` or cannot be read.
template <class T, class Decode, class Matches>
Task<Result<Browsed<T>>> scan(Transaction& transaction, std::string prefix,
                              std::optional<Seq> before, std::uint32_t limit, Decode decode,
                              Matches matches) {
  Browsed<T> found;
  KvRange range = store::range_of(prefix, std::min(limit + 1, kScanPage), true);
  if (before) range.hi = store::key({prefix, store::fixed(*before)});
  for (std::uint32_t scanned = 0; scanned < kScanMax;) {
    KvRange ask = range;
    SLUICE_CO_TRY(auto page, co_await transaction.range(std::move(ask)));
    for (KvRow& row : page.rows) {
      if (found.rows.size() == limit) co_return found;
      ++scanned;
      const auto seq = seq_of(row.key);
      auto value = decode(row.entry.value);
      if (!value.has_value() || matches(*value)) {
        found.rows.push_back({.key = std::move(row.key), .value = std::move(value)});
      }
      if (seq) found.next = seq;
    }
    if (!page.next) {
      found.next.reset();
      break;
    }
    range.hi = *std::move(page.next);
    range.limit = kScanPage;
  }
  co_return found;
}

struct DeadKey {
  Seq seq = 0;
  std::string key;
};

// The newest `limit` of `keys` and of one endpoint's.
Task<Result<void>> add_dead(Transaction& transaction, std::string endpoint,
                            std::optional<Seq> before, std::uint32_t limit,
                            std::vector<DeadKey>& keys) {
  const std::string prefix = "ob/x/" + endpoint + "/";
  KvRange range = store::range_of(prefix, limit, true);
  if (before) range.hi = store::key({prefix, store::fixed(*before)});
  SLUICE_CO_TRY(auto page, co_await transaction.range(std::move(range)));
  for (KvRow& row : page.rows) {
    const auto seq = seq_of(row.key);
    if (seq) keys.push_back({.seq = *seq, .key = std::move(row.key)});
  }
  sort(keys, [](const DeadKey& a, const DeadKey& b) { return a.seq > b.seq; });
  if (keys.size() > limit) keys.resize(limit);
  co_return Result<void>();
}

}  // namespace

Task<Result<Browsed<Event>>> Browse::events(Transaction& transaction, EventQuery query) {
  SLUICE_ASSERT(query.limit > 0);
  const auto matches = [source = query.source](const Event& event) {
    return source.empty() || event.source == source;
  };
  std::string prefix = "in/e/";
  co_return co_await scan<Event>(transaction, std::move(prefix), query.before, query.limit,
                                 &inbox::decode_event, matches);
}

Task<Result<Browsed<Message>>> Browse::messages(Transaction& transaction, MessageQuery query) {
  SLUICE_ASSERT(query.limit > 0);
  const auto matches = [endpoint = query.endpoint, state = query.state](const Message& message) {
    return (endpoint.empty() || message.endpoint == endpoint) &&
           (!state || message.state == *state);
  };
  std::string prefix = "ob/m/";
  co_return co_await scan<Message>(transaction, std::move(prefix), query.before, query.limit,
                                   &outbox::decode_message, matches);
}

Task<Result<Browsed<Message>>> Browse::dead(Transaction& transaction, DeadQuery query) {
  SLUICE_ASSERT(query.limit > 0 && query.limit < kRangeRowsMax);
  std::vector<DeadKey> keys;  // One more than asked for says whether there are more.
  for (const auto& endpoint : query.endpoints) {
    SLUICE_CO_TRY(co_await add_dead(transaction, endpoint, query.before, query.limit + 1, keys));
  }
  Browsed<Message> found;
  if (keys.size() > query.limit) {
    keys.pop_back();
    found.next = keys.back().seq;
  }
  for (DeadKey& dead : keys) {
    auto message = co_await Queue::message(transaction, dead.seq);
    if (message.has_value() && *message) {
      found.rows.push_back({.key = std::move(dead.key), .value = **std::move(message)});
      continue;
    }
    const Error missing{Errc::kCorrupt, "a dead letter without its message"};
    found.rows.push_back({.key = Queue::message_key(dead.seq),
                          .value = message.has_value() ? missing : message.error()});
  }
  co_return found;
}

Task<Result<std::vector<Message>>> Browse::messages_of(Transaction& transaction, Id event) {
  std::vector<Message> found;
  KvRange range = store::range_of("ob/m/", kMessagesOfMax);
  range.lo = Queue::message_key(event.seq);
  SLUICE_CO_TRY(const auto page, co_await transaction.range(std::move(range)));
  for (const KvRow& row : page.rows) {
    auto message = outbox::decode_message(row.entry.value);
    if (message.has_value() && message->event == event) found.push_back(*std::move(message));
  }
  co_return found;
}

Task<Result<Browsed<Attempt>>> Browse::attempts(Transaction& transaction, Seq message) {
  Browsed<Attempt> found;
  KvRange range =
      store::range_of(store::key({"ob/a/", store::fixed(message), "/"}), kAttemptsMax, true);
  SLUICE_CO_TRY(auto page, co_await transaction.range(std::move(range)));
  for (KvRow& row : page.rows) {
    const auto n = seq_of(row.key);
    if (page.next && n) found.next = n;
    auto attempt = outbox::decode_attempt(row.entry.value);
    found.rows.push_back({.key = std::move(row.key), .value = std::move(attempt)});
  }
  co_return found;
}

Task<Result<std::vector<Seq>>> Browse::oldest_dead(Transaction& transaction, std::string endpoint,
                                                   std::optional<Seq> after, std::uint32_t limit) {
  const std::string prefix = "ob/x/" + endpoint + "/";
  KvRange range = store::range_of(prefix, limit);
  if (after) range.lo = store::end_of(store::key({prefix, store::fixed(*after)}));
  SLUICE_CO_TRY(const auto page, co_await transaction.range(std::move(range)));
  std::vector<Seq> found;
  for (const KvRow& row : page.rows) {
    const auto seq = seq_of(row.key);
    if (seq) found.push_back(*seq);
  }
  co_return found;
}

Task<Result<std::vector<std::string>>> Browse::endpoints(Transaction& transaction) {
  const std::string prefix = "ob/e/";
  std::vector<std::string> found;
  KvRange range = store::range_of(prefix, kRangeRowsMax);
  while (found.size() < kEndpointsMax) {
    KvRange ask = range;
    SLUICE_CO_TRY(auto page, co_await transaction.range(std::move(ask)));
    for (const KvRow& row : page.rows) {
      std::string endpoint = row.key.substr(prefix.size());
      if (store::is_name(endpoint)) found.push_back(std::move(endpoint));
    }
    if (!page.next) break;
    range.lo = *std::move(page.next);
  }
  co_return found;
}

Task<Result<Count>> Browse::count(Transaction& transaction, std::string prefix, std::uint32_t max) {
  Count counted;
  KvRange range = store::range_of(std::move(prefix), kRangeRowsMax);
  while (true) {
    const std::uint32_t left = max - counted.count;
    KvRange ask = range;
    ask.limit = std::min<std::uint32_t>(left + 1, kRangeRowsMax);
    SLUICE_CO_TRY(auto page, co_await transaction.range(std::move(ask)));
    for (const KvRow& row : page.rows) {
      if (counted.count == max) {
        counted.capped = true;
        co_return counted;
      }
      ++counted.count;
      const auto seq = seq_of(row.key);
      if (seq && (!counted.oldest || *seq < *counted.oldest)) counted.oldest = seq;
    }
    if (!page.next) co_return counted;
    range.lo = *std::move(page.next);
  }
}

}  // namespace sluice::tables
