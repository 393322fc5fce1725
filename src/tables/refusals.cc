#include "tables/refusals.h"

#include <algorithm>
#include <map>
#include <utility>

#include "base/sort.h"
#include "codec/row.h"
#include "store/keys.h"

namespace sluice::tables {
namespace {

constexpr std::size_t kReasonMax = 64;

std::string prefix_of(std::string_view source) { return "rf/" + std::string(source) + "/"; }

std::string key_of(std::string_view source, std::uint64_t n) {
  return store::key({prefix_of(source), store::fixed(n % kRefusalsKept)});
}

}  // namespace

Bytes encode(const Refusal& refusal) {
  codec::RowWriter row;
  row.u64(refusal.n).instant(refusal.at).text(refusal.reason).text(refusal.detail);
  row.text(refusal.installation).count(refusal.hints.size());
  for (const auto& hint : refusal.hints) {
    row.u8(static_cast<std::uint8_t>(hint.kind)).text(hint.text);
  }
  return row.take();
}

Result<Refusal> decode_refusal(std::string source, ByteView bytes) {
  codec::RowReader row(bytes);
  Refusal refusal;
  refusal.source = std::move(source);
  refusal.n = row.u64();
  refusal.at = row.instant();
  refusal.reason = row.text();
  refusal.detail = row.text();
  refusal.installation = row.text();
  const std::uint32_t hints = row.has_more() ? row.count(5) : 0;
  for (std::uint32_t i = 0; i < hints; ++i) {
    auto& hint = refusal.hints.emplace_back();
    hint.kind = static_cast<signature::HintKind>(row.u8());
    hint.text = row.text();
  }
  SLUICE_TRY(row.end());
  return refusal;
}

Task<Result<void>> Refusals::add(store::Transaction& transaction, std::vector<Refusal> refusals) {
  if (refusals.size() > kRefusalsAddedMax) {
    const auto surplus = static_cast<std::ptrdiff_t>(refusals.size() - kRefusalsAddedMax);
    refusals.erase(refusals.begin(), refusals.begin() + surplus);
  }
  std::map<std::string, std::uint64_t> counts;
  for (Refusal& refusal : refusals) {
    if (!store::is_name(refusal.source)) continue;
    if (!counts.contains(refusal.source)) {
      SLUICE_CO_TRY(const auto kept, co_await list(transaction, refusal.source));
      counts[refusal.source] = kept.empty() ? 0 : kept.front().n;
    }
    refusal.n = ++counts[refusal.source];
    refusal.reason.resize(std::min(refusal.reason.size(), kReasonMax));
    refusal.detail.resize(std::min(refusal.detail.size(), kRefusalDetailMax));
    if (!store::is_name(refusal.installation)) refusal.installation.clear();
    refusal.hints.resize(std::min(refusal.hints.size(), kHintsKept));
    for (auto& hint : refusal.hints) hint.text.resize(std::min(hint.text.size(), kHintTextMax));
    transaction.put(key_of(refusal.source, refusal.n), encode(refusal));
  }
  co_return Result<void>();
}

Task<Result<std::vector<Refusal>>> Refusals::list(store::Transaction& transaction,
                                                  std::string source) {
  std::vector<Refusal> found;
  if (!store::is_name(source)) co_return found;
  KvRange range = store::range_of(prefix_of(source), static_cast<std::uint32_t>(kRefusalsKept));
  SLUICE_CO_TRY(const auto page, co_await transaction.range(std::move(range)));
  for (const KvRow& row : page.rows) {
    auto refusal = decode_refusal(source, row.entry.value);
    if (refusal.has_value()) found.push_back(*std::move(refusal));
  }
  sort(found, [](const Refusal& a, const Refusal& b) { return a.n > b.n; });
  co_return found;
}

}  // namespace sluice::tables
