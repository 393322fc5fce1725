#include "tables/seen.h"

#include "base/mark.h"
#include "store/keys.h"
#include "tables/rows.h"

namespace sluice::tables {
namespace {

std::string primary(const Fingerprint& print) {
  return print.signed_identity ? store::hashed({print.scope, "id", print.identity}, 64)
                               : store::hashed({print.scope, "digest", print.digest}, 64);
}

std::string repeat(const Fingerprint& print) {
  return store::hashed({print.scope, "both", print.digest, print.identity}, 64);
}

// An unsigned id is remembered by its hash, so that the row has a bound.
std::string remembered(const Fingerprint& print) {
  return print.signed_identity || print.identity.empty() ? std::string()
                                                         : store::hashed({print.identity});
}

// Of the current bucket, and of the one before.
std::vector<std::string> keys_of(std::string_view hash, Instant now) {
  const std::uint64_t bucket = inbox::bucket_of(now);
  std::vector<std::string> keys;
  keys.reserve(2);
  for (std::uint64_t back = 0; back <= 1 && back <= bucket; ++back) {
    keys.push_back(store::key({"in/d/", store::fixed(bucket - back), "/", hash}));
  }
  return keys;
}

Task<Result<std::optional<inbox::Seen>>> find(store::Transaction& transaction,
                                              std::vector<std::string> keys, Instant now,
                                              Duration horizon) {
  for (std::string& key : keys) {
    SLUICE_CO_TRY(auto seen, co_await load(transaction, std::move(key), &inbox::decode_seen));
    if (seen && inbox::is_within(seen->at, now, horizon)) co_return seen;
  }
  co_return std::optional<inbox::Seen>();
}

}  // namespace

Seen::Seen(const Fingerprint& print, Instant now)
    : print_(print), now_(now), keys_(keys_of(primary(print), now)) {}

Task<Result<Seen::Judgement>> Seen::judge(store::Transaction& transaction, Duration horizon) const {
  std::vector<std::string> first = keys_;
  SLUICE_CO_TRY(auto seen, co_await find(transaction, std::move(first), now_, horizon));
  if (!seen) co_return Judgement{};
  const std::string identity = remembered(print_);
  std::optional<inbox::Seen> again;
  if (seen->identity != identity) {
    std::vector<std::string> keys = keys_of(repeat(print_), now_);
    SLUICE_CO_TRY(again, co_await find(transaction, std::move(keys), now_, horizon));
  }
  Judgement judgement;
  judgement.delivery = inbox::judge(seen, again, identity);
  judgement.event = again ? again->event : seen->event;
  if (judgement.delivery == inbox::Delivery::kSuspectedReplay) {
    SLUICE_MARK("inbox: a suspected replay");
  }
  co_return judgement;
}

void Seen::claim(store::Transaction& transaction, const Judgement& judgement,
                 const Id& event) const {
  const inbox::Seen row{.at = now_, .event = event, .identity = remembered(print_)};
  const bool replay = judgement.delivery == inbox::Delivery::kSuspectedReplay;
  transaction.put(replay ? keys_of(repeat(print_), now_).front() : keys_.front(),
                  inbox::encode(row));
}

}  // namespace sluice::tables
