#include "tables/seen.h"

#include "base/mark.h"
#include "store/keys.h"
#include "tables/rows.h"

namespace sluice::tables {
namespace {

std::string key(std::uint64_t bucket, const std::string& hash) {
  return "in/d/" + store::fixed(bucket) + "/" + hash;
}

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

Task<Result<std::optional<inbox::Seen>>> find(store::Transaction& transaction, std::string hash,
                                              Instant now, Duration horizon) {
  const std::uint64_t bucket = inbox::bucket_of(now);
  for (std::uint64_t back = 0; back <= 1 && back <= bucket; ++back) {
    SLUICE_CO_TRY(auto seen,
                  co_await load(transaction, key(bucket - back, hash), &inbox::decode_seen));
    if (seen && inbox::is_within(seen->at, now, horizon)) co_return seen;
  }
  co_return std::optional<inbox::Seen>();
}

}  // namespace

std::vector<std::string> Seen::reads(const Fingerprint& print, Instant now) {
  const std::uint64_t bucket = inbox::bucket_of(now);
  std::vector<std::string> keys = {key(bucket, primary(print))};
  if (bucket > 0) keys.push_back(key(bucket - 1, primary(print)));
  return keys;
}

Task<Result<Seen::Judgement>> Seen::judge(store::Transaction& transaction, Fingerprint print,
                                          Instant now, Duration horizon) {
  SLUICE_CO_TRY(auto seen, co_await find(transaction, primary(print), now, horizon));
  if (!seen) co_return Judgement{};
  const std::string identity = remembered(print);
  std::optional<inbox::Seen> again;
  if (seen->identity != identity) {
    SLUICE_CO_TRY(again, co_await find(transaction, repeat(print), now, horizon));
  }
  Judgement judgement;
  judgement.delivery = inbox::judge(seen, again, identity);
  judgement.event = again ? again->event : seen->event;
  if (judgement.delivery == inbox::Delivery::kSuspectedReplay) {
    SLUICE_MARK("inbox: a suspected replay");
  }
  co_return judgement;
}

void Seen::claim(store::Transaction& transaction, const Fingerprint& print, Instant now,
                 const Judgement& judgement, const Id& event) {
  const inbox::Seen row{.at = now, .event = event, .identity = remembered(print)};
  const bool replay = judgement.delivery == inbox::Delivery::kSuspectedReplay;
  const std::string at = key(inbox::bucket_of(now), replay ? repeat(print) : primary(print));
  transaction.put(at, inbox::encode(row));
}

}  // namespace sluice::tables
