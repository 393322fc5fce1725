#include "tables/secret_use.h"

#include "codec/row.h"
#include "store/keys.h"

namespace sluice::tables {
namespace {

constexpr std::uint32_t kSecretsReadMax = 256;  // Those of earlier manifests stay.

std::string prefix_of(const std::string& source) { return "se/" + source + "/"; }

}  // namespace

Bytes encode(const SecretSeen& seen) {
  codec::RowWriter row;
  row.text(seen.secret).instant(seen.at);
  return row.take();
}

Result<SecretSeen> decode_secret_seen(ByteView bytes) {
  codec::RowReader row(bytes);
  SecretSeen seen;
  seen.secret = row.text();
  seen.at = row.instant();
  SLUICE_TRY(row.end());
  return seen;
}

bool SecretMarks::is_due(const SecretName& name, Instant now) const {
  const auto marked = marked_.find(name);
  return marked == marked_.end() || now < marked->second ||
         now - marked->second >= kSecretMarkEvery;
}

void SecretUse::mark(store::Transaction& transaction, const SecretName& name, Instant now) {
  if (!store::is_name(name.source)) return;
  transaction.put(prefix_of(name.source) + store::hashed({name.secret}),
                  encode(SecretSeen{.secret = name.secret, .at = now}));
}

Task<Result<std::vector<SecretSeen>>> SecretUse::list(store::Transaction& transaction,
                                                      std::string source) {
  std::vector<SecretSeen> found;
  if (!store::is_name(source)) co_return found;
  KvRange range = store::range_of(prefix_of(source), kSecretsReadMax);
  SLUICE_CO_TRY(const auto page, co_await transaction.range(std::move(range)));
  for (const KvRow& row : page.rows) {
    auto seen = decode_secret_seen(row.entry.value);
    if (seen.has_value()) found.push_back(*std::move(seen));
  }
  co_return found;
}

}  // namespace sluice::tables
