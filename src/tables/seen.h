// What was delivered already: the rows of dedupe.
//
//   in/d/<bucket>/<#>     one per signed id, or per digest; and per digest and id of a replay
//
// Writing a row claims an absence: the commit checks that nobody wrote it first.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "inbox/dedupe.h"
#include "store/transaction.h"

namespace sluice::tables {

// What a delivery is recognised by. `signed_identity`: the id alone decides.
struct Fingerprint {
  std::string scope;  // The source's name, or another word that no source can have.
  std::string identity;
  Bytes digest;
  bool signed_identity = false;
};

struct Seen {
  // The rows to read: current bucket and the one before, of the primary and the repeat key.
  [[nodiscard]] static std::vector<std::string> reads(const Fingerprint& print, Instant now);

  struct Judgement {
    inbox::Delivery delivery = inbox::Delivery::kNew;
    std::optional<Id> event;  // Of the first delivery, for a duplicate.
  };
  static Task<Result<Judgement>> judge(store::Transaction& transaction, Fingerprint print,
                                       Instant now, Duration horizon);

  // Claims it for `event`.
  static void claim(store::Transaction& transaction, const Fingerprint& print, Instant now,
                    const Judgement& judgement, const Id& event);
};

}  // namespace sluice::tables
