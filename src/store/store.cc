#include "store/store.h"

#include <utility>

#include "base/mark.h"
#include "codec/row.h"

namespace sluice::store {
namespace {

constexpr int kTakeOversMax = 8;  // Each lost race is another owner's success.
constexpr int kSendsMax = 5;
constexpr std::size_t kCommitIdSize = 16;

struct Owner {
  std::uint64_t epoch = 0;
  Bytes owner;  // Drawn by each boot.
};

Bytes encode(const Owner& owner) {
  return codec::RowWriter(1).u64(owner.epoch).text(owner.owner).take();
}

Result<Owner> decode_owner(ByteView bytes) {
  codec::RowReader row(bytes);
  Owner owner;
  owner.epoch = row.u64();
  owner.owner = row.text();
  SLUICE_TRY(row.end());
  return owner;
}

Bytes encode_commit(ByteView id) { return codec::RowWriter(1).text(id).take(); }

KvMutation put(std::string_view key, Bytes value) {
  return {.key = std::string(key), .value = std::move(value), .expiry = std::nullopt};
}

}  // namespace

struct Store::Found {
  std::optional<Schema> schema;
  std::optional<Owner> owner;
  std::optional<Bytes> owner_version;
};

Store::Store(Host& host, Formats formats)
    : host_(host), formats_(formats), turn_(host.scheduler()) {}

Task<Result<Store::Found>> Store::look() {
  std::vector<std::string> keys{std::string(kSchemaKey), std::string(kOwnerKey)};
  SLUICE_CO_TRY(auto rows, co_await host_.kv().get(std::move(keys)));
  if (rows.size() != 2) co_return Error{Errc::kIo, "a get answered other keys"};
  Found found;
  if (rows[0]) {
    SLUICE_CO_TRY(found.schema, decode_schema(rows[0]->value));
    SLUICE_CO_TRY(admit(*found.schema, formats_));
  }
  if (rows[1]) {
    SLUICE_CO_TRY(found.owner, decode_owner(rows[1]->value));
    found.owner_version = std::move(rows[1]->version);
  }
  co_return std::move(found);
}

void Store::adopt(const Found& found) {
  schema_ = *found.schema;
  epoch_ = found.owner->epoch;
  owner_version_ = *found.owner_version;
  empty_.clear();
  settled_ = true;  // The take-over outdates every commit of before.
  open_ = true;
}

// Puts the owner row over the one it has read, until it reads its own.
Task<Result<void>> Store::open() {
  SLUICE_ASSERT(!open_);
  if (!host_.caps().has(kMultiCommit)) {
    co_return Error{Errc::kNoCapability, "a cell needs a store that commits several keys at once"};
  }
  const Bytes self = host_.random().bytes(kCommitIdSize);
  Schema first;  // A fresh store begins with what the version before this one can read.
  first.newest = first.floor = formats_.oldest;
  for (int attempt = 0; attempt < kTakeOversMax; ++attempt) {
    SLUICE_CO_TRY(auto found, co_await look());
    if (found.owner && found.owner->owner == self) {
      if (!found.schema) co_return Error{Errc::kCorrupt, "m/schema is missing"};
      adopt(found);
      co_return Result<void>();
    }
    Owner next;
    next.epoch = found.owner ? found.owner->epoch + 1 : 1;
    next.owner = self;
    KvCommit commit;
    commit.checks.push_back({.key = std::string(kOwnerKey), .version = found.owner_version});
    commit.mutations.push_back(put(kOwnerKey, encode(next)));
    if (!found.schema) {
      if (found.owner) co_return Error{Errc::kCorrupt, "m/schema is missing"};
      commit.mutations.push_back(put(kSchemaKey, store::encode(first)));
    }
    commit.commit_id = host_.random().bytes(kCommitIdSize);
    const auto outcome = co_await host_.kv().commit(std::move(commit));
    if (!outcome.has_value()) {
      if (outcome.error().code != Errc::kUnknownOutcome) co_return outcome.error();
      SLUICE_MARK("store: a take-over's outcome is unknown");
    } else if (!outcome->is_committed()) {
      SLUICE_MARK("store: a take-over lost a race");
    }
  }
  co_return Error{Errc::kConflict, "others took the cell over each time"};
}

Task<Result<Transaction>> Store::begin() {
  if (open_) {
    Lock::Hold turn = co_await turn_.acquire();
    if (open_) co_return Transaction(*this, std::move(turn));
  }
  co_return Error{Errc::kNotOwner, "this boot does not own the cell"};
}

void Store::found_empty(const KvRange& range) {
  if (settled_) empty_.add(range.lo, range.hi);
}

Error Store::lose(Error error) {
  SLUICE_MARK("store: an old epoch's commit is refused");
  open_ = false;
  return error;
}

Task<Result<Outcome>> Store::send(KvCommit commit) {
  for (const KvMutation& mutation : commit.mutations) {
    if (mutation.value) empty_.forget(mutation.key);
  }
  ++commits_.sent;
  auto outcome = co_await send_as_owner(std::move(commit));
  if (outcome.has_value() && *outcome == Outcome::kCommitted) {
    ++commits_.committed;
    settled_ = true;  // A commit that might have come late is outdated by this one.
  } else if (!outcome.has_value() && outcome.error().code == Errc::kUnknownOutcome) {
    settled_ = false;
    empty_.clear();
  }
  co_return outcome;
}

Task<Result<Outcome>> Store::send_as_owner(KvCommit commit) {
  const Caps& caps = host_.caps();
  commit.commit_id = host_.random().bytes(kCommitIdSize);
  if (!caps.has(kSingleOwner)) {
    commit.checks.insert(commit.checks.begin(),
                         {.key = std::string(kOwnerKey), .version = owner_version_});
  }
  if (caps.has(kSync)) co_return co_await send_once(std::move(commit));

  // Only one commit can replace the `m/commit` that was read here, however late it arrives.
  std::vector<std::string> keys{std::string(kCommitKey)};
  SLUICE_CO_TRY(const auto before, co_await host_.kv().get(std::move(keys)));
  KvCheck check{.key = std::string(kCommitKey), .version = std::nullopt};
  if (before[0]) check.version = before[0]->version;
  commit.checks.insert(commit.checks.begin() + (caps.has(kSingleOwner) ? 0 : 1), std::move(check));
  commit.mutations.push_back(put(kCommitKey, encode_commit(commit.commit_id)));
  co_return co_await send_until_known(std::move(commit));
}

Task<Result<Outcome>> Store::send_once(KvCommit commit) {
  std::vector<std::string> checked;
  for (const KvCheck& check : commit.checks) checked.push_back(check.key);
  const auto outcome = co_await host_.kv().commit(std::move(commit));
  if (!outcome.has_value()) {
    if (outcome.error().code == Errc::kNotOwner) co_return lose(outcome.error());
    co_return outcome.error();
  }
  if (outcome->is_committed()) co_return Outcome::kCommitted;
  if (*outcome->conflict >= checked.size()) {
    co_return Error{Errc::kIo, "a conflict names no check"};
  }
  if (checked[*outcome->conflict] == kOwnerKey) {
    co_return lose({Errc::kNotOwner, "another epoch owns this cell"});
  }
  co_return Outcome::kConflict;
}

// After an unknown outcome the same commit is sent again: `m/commit` lets only one of them through,
// and tells whose it was.
Task<Result<Outcome>> Store::send_until_known(KvCommit commit) {
  const Bytes own = encode_commit(commit.commit_id);
  bool unknown = false;
  for (int attempt = 0; attempt < kSendsMax; ++attempt) {
    KvCommit copy = commit;
    const auto sent = co_await send_once(std::move(copy));
    if (sent.has_value() && *sent == Outcome::kCommitted) co_return sent;
    if (!sent.has_value() && sent.error().code == Errc::kNotOwner) co_return sent;
    if (!sent.has_value() && sent.error().code == Errc::kUnknownOutcome) unknown = true;
    if (!unknown) co_return sent;

    const auto last = co_await last_commit();
    if (last.has_value() && *last && **last == own) {
      SLUICE_MARK("store: a commit of unknown outcome was applied");
      co_return Outcome::kCommitted;
    }
    if (last.has_value() && sent.has_value()) co_return sent;  // A conflict, and not with itself.
    SLUICE_MARK("store: a commit of unknown outcome is sent again");
  }
  co_return Error{Errc::kUnknownOutcome, "the store does not tell what became of a commit"};
}

Task<Result<std::optional<Bytes>>> Store::last_commit() {
  std::vector<std::string> keys{std::string(kCommitKey)};
  SLUICE_CO_TRY(auto rows, co_await host_.kv().get(std::move(keys)));
  if (rows.size() != 1) co_return Error{Errc::kIo, "a get answered other keys"};
  if (!rows[0]) co_return std::optional<Bytes>();
  co_return std::optional<Bytes>(std::move(rows[0]->value));
}

}  // namespace sluice::store
