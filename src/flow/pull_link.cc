#include "flow/pull_link.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/mark.h"
#include "flow/fetch_log.h"
#include "inbox/event.h"
#include "store/blob.h"
#include "sync/backoff.h"
#include "tables/links.h"
#include "tables/log.h"

namespace sluice::flow {
namespace {

using replication::Entry;
using replication::Link;
using replication::Token;

constexpr Duration kIntent = minutes(10);
constexpr std::size_t kChunkBytes = 256 * 1024;  // Of the bodies in one commit.
constexpr std::uint32_t kAlarmingFailures = 3;

class Pull {
 public:
  Pull(Cell& cell, const manifest::Link& link, Budget budget)
      : cell_(cell), link_(link), budget_(budget), started_(cell.host.clock().now()) {}
  Pull(const Pull&) = delete;
  Pull& operator=(const Pull&) = delete;

  Task<Result<SliceReport>> run();

 private:
  enum class Went : std::uint8_t { kOn, kStopped };

  Task<Result<Went>> load();
  Task<Result<Went>> set_aside(store::Transaction& transaction, Error error);
  Task<Result<Went>> apply_page(replication::Page page);
  Task<Result<Went>> apply_chunk(std::vector<Entry> entries, Token reached);
  Task<Result<Went>> note_empty(Token reached);
  Task<Result<void>> write_bodies(std::vector<Entry>& entries);
  Task<Result<Went>> stop(replication::Gap gap);
  Task<Result<Went>> give_up(LogFailure failure);
  Task<Result<Went>> rest(bool caught_up);

  // The link's row, where nobody moved it since `state_` was committed.
  Task<Result<std::optional<Link>>> unmoved(store::Transaction& transaction);
  Task<Result<Went>> commit(store::Transaction& transaction, Link before, Link after);
  void log(Level level, std::string_view event, std::string_view reason) const;

  Cell& cell_;
  const manifest::Link& link_;
  Budget budget_;
  Instant started_;
  Link state_;  // As it was read or committed last.
  SliceReport report_;
};

Task<Result<SliceReport>> Pull::run() {
  SLUICE_CO_TRY(const Went loaded, co_await load());
  if (loaded == Went::kStopped) co_return report_;
  bool caught_up = false;
  while (!caught_up && report_.requests < budget_.requests_max &&
         report_.items < budget_.items_max) {
    ++report_.requests;
    SLUICE_CO_TRY(auto answer, co_await fetch_log(cell_, link_, state_.applied));
    if (const auto* gap = std::get_if<replication::Gap>(&answer)) {
      SLUICE_CO_TRY(co_await stop(*gap));
      co_return report_;
    }
    if (const auto* failure = std::get_if<LogFailure>(&answer)) {
      SLUICE_CO_TRY(co_await give_up(*failure));
      co_return report_;
    }
    auto& page = std::get<replication::Page>(answer);
    caught_up = !page.more;
    SLUICE_CO_TRY(const Went went, co_await apply_page(std::move(page)));
    if (went == Went::kStopped) co_return report_;
  }
  SLUICE_CO_TRY(co_await rest(caught_up));
  co_return report_;
}

// The first time, the local stream begins as well.
Task<Result<Pull::Went>> Pull::load() {
  SLUICE_CO_TRY(auto transaction, co_await cell_.store.begin());
  auto row = co_await tables::Links::get(transaction, link_.name);
  if (!row.has_value()) co_return co_await set_aside(transaction, row.error());
  auto found = *std::move(row);
  if (!found || found->status != replication::LinkStatus::kLive) co_return Went::kStopped;
  Link state = *found;
  report_.next = state.due;
  const Id drawn{.seq = cell_.host.random().number(), .random = cell_.host.random().number()};
  SLUICE_CO_TRY(co_await tables::Log::open(transaction, link_.name, drawn));
  if (transaction.is_empty()) {
    state_ = std::move(state);
    co_return Went::kOn;
  }
  co_return co_await commit(transaction, *std::move(found), std::move(state));
}

// One link's row that cannot be read must not stop the others.
Task<Result<Pull::Went>> Pull::set_aside(store::Transaction& transaction, Error error) {
  if (error.code != Errc::kCorrupt && error.code != Errc::kUnknownFormat) co_return error;
  SLUICE_MARK("link: a corrupt row is set aside");
  const Instant until = started_ + kSetAside;
  SLUICE_CO_TRY(co_await tables::Links::set_aside(transaction, link_.name, until));
  SLUICE_CO_TRY(co_await transaction.commit());
  report_.failure = "row_corrupt";
  report_.next = until;
  log(Level::kError, "link_failed", report_.failure);
  co_return Went::kStopped;
}

Task<Result<Pull::Went>> Pull::apply_page(replication::Page page) {
  if (page.entries.empty()) co_return co_await note_empty(std::move(page.next));
  std::size_t at = 0;
  while (at < page.entries.size()) {
    std::vector<Entry> chunk;
    std::size_t bytes = 0;
    Token reached = page.next;
    while (at < page.entries.size() && chunk.size() < tables::Log::kAdoptMax) {
      Entry& entry = page.entries[at];
      if (!chunk.empty() && bytes + entry.size > kChunkBytes) break;
      bytes += entry.size;
      reached.position = entry.position;
      reached.id = entry.id;
      chunk.push_back(std::move(entry));
      ++at;
    }
    SLUICE_CO_TRY(const Went went, co_await apply_chunk(std::move(chunk), std::move(reached)));
    if (went == Went::kStopped) co_return went;
  }
  co_return Went::kOn;
}

// Bodies too large for one commit are written ahead, under intents that the commit takes away.
Task<Result<void>> Pull::write_bodies(std::vector<Entry>& entries) {
  for (Entry& entry : entries) {
    if (entry.size <= kChunkBytes) continue;
    SLUICE_ASSERT(entries.size() == 1);
    const Id drawn{.seq = cell_.host.random().number(), .random = cell_.host.random().number()};
    const Instant due = cell_.host.clock().now() + kIntent;
    entry.blob = format(drawn);
    Bytes body = std::move(entry.body);
    entry.body.clear();
    SLUICE_CO_TRY(co_await store::write_blob(cell_.store, entry.blob, std::move(body), due));
  }
  co_return Result<void>();
}

Task<Result<Pull::Went>> Pull::apply_chunk(std::vector<Entry> entries, Token reached) {
  SLUICE_CO_TRY(co_await write_bodies(entries));
  const Instant now = cell_.host.clock().now();
  SLUICE_CO_TRY(auto transaction, co_await cell_.store.begin());
  SLUICE_CO_TRY(auto before, co_await unmoved(transaction));
  if (!before) co_return Went::kStopped;
  const auto count = static_cast<std::uint32_t>(entries.size());
  SLUICE_CO_TRY(const auto fresh,
                co_await tables::Log::adopt(transaction, link_.name, std::move(entries), now));
  Link after = *before;
  const auto advanced = replication::advance(after, reached);
  SLUICE_ASSERT(advanced == replication::Advance::kMoved);  // `follows` has said so.
  after.copied += fresh;
  after.known += count - fresh;
  after.failures = 0;
  after.reason.clear();
  SLUICE_CO_TRY(const Went went,
                co_await commit(transaction, *std::move(before), std::move(after)));
  if (went == Went::kStopped) co_return went;
  report_.items += fresh;
  report_.known += count - fresh;
  co_return Went::kOn;
}

// Nothing new. The first token of an empty stream is kept: it names the peer's history, so that
// another one is noticed from now on.
Task<Result<Pull::Went>> Pull::note_empty(Token reached) {
  if (state_.applied) co_return Went::kOn;
  SLUICE_CO_TRY(auto transaction, co_await cell_.store.begin());
  SLUICE_CO_TRY(auto before, co_await unmoved(transaction));
  if (!before) co_return Went::kStopped;
  Link after = *before;
  (void)replication::advance(after, reached);
  co_return co_await commit(transaction, *std::move(before), std::move(after));
}

Task<Result<std::optional<Link>>> Pull::unmoved(store::Transaction& transaction) {
  SLUICE_CO_TRY(auto found, co_await tables::Links::get(transaction, link_.name));
  if (found && found->applied == state_.applied && found->status == state_.status) {
    co_return found;
  }
  SLUICE_MARK("link: somebody else moved it");
  report_.next.reset();
  co_return std::optional<Link>();
}

Task<Result<Pull::Went>> Pull::commit(store::Transaction& transaction, Link before, Link after) {
  SLUICE_CO_TRY(co_await tables::Links::put(transaction, link_.name, std::move(before), after));
  SLUICE_CO_TRY(const auto outcome, co_await transaction.commit());
  if (outcome == store::Outcome::kConflict) {
    SLUICE_MARK("link: a commit lost a race");
    report_.next.reset();
    co_return Went::kStopped;
  }
  report_.next = after.due;
  state_ = std::move(after);
  co_return Went::kOn;
}

Task<Result<Pull::Went>> Pull::stop(replication::Gap gap) {
  SLUICE_CO_TRY(auto transaction, co_await cell_.store.begin());
  SLUICE_CO_TRY(auto before, co_await unmoved(transaction));
  if (!before) co_return Went::kStopped;
  SLUICE_MARK("link: the peer has another past");
  Link after = *before;
  after.ran_at = started_;
  replication::stop(after, gap);
  SLUICE_CO_TRY(co_await commit(transaction, *std::move(before), std::move(after)));
  report_.failure = name(gap);
  log(Level::kError, "link_stopped", name(gap));
  co_return Went::kStopped;
}

Task<Result<Pull::Went>> Pull::give_up(LogFailure failure) {
  const Instant now = cell_.host.clock().now();
  SLUICE_CO_TRY(auto transaction, co_await cell_.store.begin());
  SLUICE_CO_TRY(auto before, co_await unmoved(transaction));
  if (!before) co_return Went::kStopped;
  Link after = *before;
  after.ran_at = started_;
  if (after.failures < UINT32_MAX) ++after.failures;
  after.reason = std::string(failure.reason);
  after.due = sync::retry_at(now, after.failures, failure.retry_after, cell_.jitter.next());
  const bool alarming = after.failures >= kAlarmingFailures;
  SLUICE_CO_TRY(co_await commit(transaction, *std::move(before), std::move(after)));
  report_.failure = failure.reason;
  log(alarming ? Level::kError : Level::kWarn, "link_failed", failure.reason);
  co_return Went::kStopped;
}

Task<Result<Pull::Went>> Pull::rest(bool caught_up) {
  const Instant now = cell_.host.clock().now();
  SLUICE_CO_TRY(auto transaction, co_await cell_.store.begin());
  SLUICE_CO_TRY(auto before, co_await unmoved(transaction));
  if (!before) co_return Went::kStopped;
  Link after = *before;
  after.ran_at = started_;
  after.failures = 0;
  after.reason.clear();
  if (caught_up) after.caught_up_at = now;
  report_.more = !caught_up;
  after.due = caught_up ? std::max(now, started_ + link_.every) : now;
  co_return co_await commit(transaction, *std::move(before), std::move(after));
}

void Pull::log(Level level, std::string_view event, std::string_view reason) const {
  LogRecord record{.level = level, .event = event, .fields = {}};
  record.fields.emplace_back(Field::kCell, cell_.name);
  record.fields.emplace_back(Field::kLink, link_.name);
  record.fields.emplace_back(Field::kReason, std::string(reason));
  record.fields.emplace_back(Field::kCount, std::to_string(state_.failures));
  cell_.host.log().write(std::move(record));
}

void count(Log& log, const std::string& link, const SliceReport& report) {
  const std::string label = "{link=\"" + link + "\"}";
  if (report.items > 0) {
    log.metric(MetricKind::kCounter, "sluice_link_entries_total" + label, report.items);
  }
  if (!report.failure.empty()) {
    log.metric(MetricKind::kCounter, "sluice_link_failures_total" + label, 1);
  }
}

}  // namespace

Task<Result<SliceReport>> pull_link(Cell& cell, std::string link, Budget budget) {
  const manifest::Link* found = cell.manifest.link(link);
  if (found == nullptr) co_return Error{Errc::kNotFound, "no such link in the manifest"};
  SLUICE_ASSERT(budget.requests_max > 0 && budget.items_max > 0);
  Pull pull(cell, *found, budget);
  SLUICE_CO_TRY(const SliceReport report, co_await pull.run());
  count(cell.host.log(), link, report);
  co_return report;
}

}  // namespace sluice::flow
