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

// One delivery at one moment, held against the rows. Its key is hashed once; `print` outlives it.
class Seen {
 public:
  Seen(const Fingerprint& print, Instant now);

  // The rows to read: of the current bucket and of the one before.
  [[nodiscard]] const std::vector<std::string>& reads() const { return keys_; }

  struct Judgement {
    inbox::Delivery delivery = inbox::Delivery::kNew;
    std::optional<Id> event;  // Of the first delivery, for a duplicate.
  };
  // This object outlives the task.
  Task<Result<Judgement>> judge(store::Transaction& transaction, Duration horizon) const;

  // Claims it for `event`.
  void claim(store::Transaction& transaction, const Judgement& judgement, const Id& event) const;

 private:
  const Fingerprint& print_;
  Instant now_;
  std::vector<std::string> keys_;
};

}  // namespace sluice::tables
