#include "native/sqlite_kv.h"

#include <algorithm>
#include <utility>

namespace sluice::native {

namespace {

constexpr Error kNoStore{Errc::kNoCapability, "a front has no store"};

}  // namespace

Task<Result<std::vector<std::optional<KvEntry>>>> SqliteKv::get(std::vector<std::string> keys) {
  if (keys.size() > kGetKeysMax) co_return Error{Errc::kBadArgument, "too many keys at once"};
  co_return store_.get(cell_, keys);
}

Task<Result<KvPage>> SqliteKv::range(KvRange range) { co_return store_.range(cell_, range); }

Task<Result<KvOutcome>> SqliteKv::commit(KvCommit commit) { co_return commit_now(commit); }

Result<KvOutcome> SqliteKv::commit_now(const KvCommit& commit) {
  if (commit.checks.size() > kChecksMax || commit.mutations.size() > kMutationsMax) {
    return Error{Errc::kBadArgument, "a commit against the limits"};
  }
  auto outcome = store_.commit(cell_, commit);
  if (outcome.has_value() && !outcome->is_committed()) return outcome;
  written_group_ = store_.group();
  if (!outcome.has_value()) return outcome;
  SLUICE_TRY(write_wake(commit.wake));
  return outcome;
}

Result<void> SqliteKv::write_wake(const Wake& wake) {
  if (wake.kind == Wake::Kind::kKeep) return {};
  if (!wake_known_) {
    SLUICE_TRY(wake_, store_.wake(cell_));
    wake_known_ = true;
  }
  if (!change_.has_value()) change_.emplace();
  switch (wake.kind) {
    case Wake::Kind::kKeep: break;
    case Wake::Kind::kBy:
      change_->asked = std::min(change_->asked.value_or(wake.at), wake.at);
      if (!wake_.has_value() || wake.at < *wake_) SLUICE_TRY(replace_wake(wake.at));
      break;
    case Wake::Kind::kAt:
      change_->replaced = true;
      if (wake_ != wake.at) SLUICE_TRY(replace_wake(wake.at));
      break;
    case Wake::Kind::kNever:
      change_->replaced = true;
      if (wake_.has_value()) SLUICE_TRY(replace_wake(std::nullopt));
      break;
  }
  change_->stored = wake_;
  return {};
}

Result<void> SqliteKv::replace_wake(std::optional<Instant> at) {
  SLUICE_TRY(store_.set_wake(cell_, at));
  wake_ = at;
  return {};
}

std::optional<WakeChange> SqliteKv::take_wake_change() {
  return std::exchange(change_, std::nullopt);
}

Task<Result<std::vector<std::optional<KvEntry>>>> NoKv::get(std::vector<std::string> keys) {
  (void)keys;
  co_return kNoStore;
}

Task<Result<KvPage>> NoKv::range(KvRange range) {
  (void)range;
  co_return kNoStore;
}

Task<Result<KvOutcome>> NoKv::commit(KvCommit commit) {
  (void)commit;
  co_return kNoStore;
}

}  // namespace sluice::native
