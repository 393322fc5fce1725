// When each secret of a source was last seen to match, so that an operator knows which one a
// rotation may drop.
//
//   se/<source>/<#secret>    the secret's name in the manifest, and when it matched
//
// A mark costs no commit and no read: it is written in the commit that accepts a webhook, and only
// when this cell has not written one for the same secret within the last hour. So `last seen` is
// right to an hour; what is not accepted (a duplicate, a forgery) marks nothing.
#pragma once

#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "store/transaction.h"
#include "task/task.h"

namespace sluice::tables {

inline constexpr Duration kSecretMarkEvery = hours(1);

// A secret by its name in the manifest, as "env:GITHUB_SECRET": its value is stored nowhere.
struct SecretName {
  std::string source;
  std::string secret;

  friend bool operator<(const SecretName& a, const SecretName& b) {
    return std::tie(a.source, a.secret) < std::tie(b.source, b.secret);
  }
};

struct SecretSeen {
  std::string secret;
  Instant at;

  friend bool operator==(const SecretSeen&, const SecretSeen&) = default;
};

[[nodiscard]] Bytes encode(const SecretSeen& seen);
[[nodiscard]] Result<SecretSeen> decode_secret_seen(ByteView row);

// What this engine has marked; it forgets with the engine, and then marks once more.
class SecretMarks {
 public:
  [[nodiscard]] bool is_due(const SecretName& name, Instant now) const;
  // After the commit that wrote the mark.
  void note(SecretName name, Instant now) { marked_[std::move(name)] = now; }

 private:
  std::map<SecretName, Instant> marked_;  // As many as the manifest has secrets.
};

struct SecretUse {
  static void mark(store::Transaction& transaction, const SecretName& name, Instant now);

  // What is known of the source's secrets; rows that cannot be read are left out.
  static Task<Result<std::vector<SecretSeen>>> list(store::Transaction& transaction,
                                                    std::string source);
};

}  // namespace sluice::tables
