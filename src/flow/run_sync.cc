#include "flow/run_sync.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "base/mark.h"
#include "flow/fetch_page.h"
#include "flow/publish_item.h"
#include "sync/backoff.h"
#include "sync/page.h"
#include "sync/step.h"
#include "tables/cursors.h"

namespace sluice::flow {
namespace {

constexpr std::uint32_t kPagesMax = 100'000;  // Of one window.
constexpr Duration kLeaseMargin = minutes(1);
constexpr std::uint32_t kAlarmingFailures = 3;
constexpr store::Cost kCursorCost{.mutations = 3, .checks = 2, .bytes = 20 * 1024};

class Slice {
 public:
  Slice(Cell& cell, const manifest::Step& step, Budget budget)
      : cell_(cell), step_(step), budget_(budget), started_(cell.host.clock().now()) {}
  Slice(const Slice&) = delete;
  Slice& operator=(const Slice&) = delete;

  Task<Result<SliceReport>> run();

 private:
  enum class Went : std::uint8_t { kOn, kStopped };

  Task<Result<Went>> take_lease();
  Task<Result<Went>> set_aside(store::Transaction& transaction, Error error);
  Task<Result<Went>> read_one_page();
  Task<Result<Went>> publish_page(Bytes body, std::string url);
  Task<Result<Went>> publish_chunk(const sync::Page& page, std::string digest, std::string next);
  Task<Result<bool>> publish_record(store::Transaction& transaction, sync::Cursor& cursor,
                                    const sync::Record& record, Instant now);
  Task<Result<Went>> give_up(PageFailure failure);
  Task<Result<Went>> rest();

  // The cursor row, where this slice still holds its lease.
  Task<Result<std::optional<sync::Cursor>>> mine(store::Transaction& transaction);
  Task<Result<Went>> commit(store::Transaction& transaction, sync::Cursor before,
                            sync::Cursor after);

  [[nodiscard]] Result<std::string> current_url() const;
  [[nodiscard]] std::optional<PageFailure> finish_page(sync::Cursor& cursor, const sync::Page& page,
                                                       std::string next, Instant now) const;
  [[nodiscard]] sync::WindowPolicy policy() const;
  [[nodiscard]] Duration lease_length() const { return step_.timeout + kLeaseMargin; }
  void log_failure(const PageFailure& failure) const;

  Cell& cell_;
  const manifest::Step& step_;
  Budget budget_;
  Instant started_;
  Id lease_;
  sync::Cursor cursor_;  // As it was committed last.
  std::optional<PageFailure> page_failure_;
  SliceReport report_;
};

Task<Result<SliceReport>> Slice::run() {
  SLUICE_CO_TRY(const Went begun, co_await take_lease());
  if (begun == Went::kStopped) co_return report_;
  while (report_.requests < budget_.requests_max && report_.items < budget_.items_max) {
    SLUICE_CO_TRY(const Went went, co_await read_one_page());
    if (went == Went::kStopped) co_return report_;
    if (!cursor_.window) break;
  }
  SLUICE_CO_TRY(co_await rest());
  co_return report_;
}

sync::WindowPolicy Slice::policy() const {
  return {.overlap = step_.overlap,
          .settle = step_.settle,
          .span_max = step_.span_max,
          .backfill = step_.backfill};
}

Task<Result<Slice::Went>> Slice::take_lease() {
  const Instant now = started_;
  SLUICE_CO_TRY(auto transaction, co_await cell_.store.begin());
  auto found = co_await tables::Cursors::get(transaction, step_.name);
  if (!found.has_value()) co_return co_await set_aside(transaction, found.error());
  auto before = *std::move(found);
  sync::Cursor cursor = before.value_or(sync::Cursor{});
  if (sync::is_leased(cursor, cell_.store.epoch(), now, lease_length())) {
    SLUICE_MARK("sync: another slice holds the lease");
    cursor.due = cursor.lease->until;  // Until then there is nothing to look at.
    report_.next = cursor.due;
    SLUICE_CO_TRY(
        co_await tables::Cursors::put(transaction, step_.name, std::move(before), cursor));
    SLUICE_CO_TRY(co_await transaction.commit());
    co_return Went::kStopped;
  }
  cursor.ran_at = now;
  const bool reading = sync::begin(cursor, now, policy()) == sync::Begun::kReading;
  if (reading) {
    lease_ = {.seq = cell_.host.random().number(), .random = cell_.host.random().number()};
    cursor.lease =
        sync::Lease{.epoch = cell_.store.epoch(), .id = lease_, .until = now + lease_length()};
    cursor.due = cursor.lease->until;
  } else {
    cursor.lease.reset();
    cursor.due = now + step_.every;
  }
  SLUICE_CO_TRY(co_await tables::Cursors::put(transaction, step_.name, std::move(before), cursor));
  SLUICE_CO_TRY(const auto outcome, co_await transaction.commit());
  if (outcome == store::Outcome::kConflict) co_return Went::kStopped;
  report_.next = cursor.due;
  cursor_ = std::move(cursor);
  co_return reading ? Went::kOn : Went::kStopped;
}

// One step's row that cannot be read must not stop the others.
Task<Result<Slice::Went>> Slice::set_aside(store::Transaction& transaction, Error error) {
  if (error.code != Errc::kCorrupt && error.code != Errc::kUnknownFormat) co_return error;
  SLUICE_MARK("sync: a corrupt cursor is set aside");
  const Instant until = started_ + kSetAside;
  SLUICE_CO_TRY(co_await tables::Cursors::set_aside(transaction, step_.name, until));
  SLUICE_CO_TRY(co_await transaction.commit());
  report_.failure = "row_corrupt";
  report_.next = until;
  log_failure({.reason = report_.failure});
  co_return Went::kStopped;
}

Result<std::string> Slice::current_url() const {
  if (!cursor_.place.url.empty()) return cursor_.place.url;
  const bool numbered = step_.paging == manifest::Step::Paging::kNumber;
  const sync::RequestShape shape{
      .url = step_.url, .query = step_.query, .page_parameter = numbered ? step_.page : ""};
  return sync::page_url(shape, *cursor_.window, cursor_.place.page);
}

Task<Result<Slice::Went>> Slice::read_one_page() {
  SLUICE_ASSERT(cursor_.window.has_value());
  auto url = current_url();
  if (!url.has_value()) {
    PageFailure failure{.reason = "url_malformed", .keep = sync::Keep::kNothing, .retry_after = {}};
    co_return co_await give_up(failure);
  }
  ++report_.requests;
  SLUICE_CO_TRY(auto answer, co_await fetch_page(cell_, step_, *url));
  if (answer.failure) co_return co_await give_up(*answer.failure);
  co_return co_await publish_page(std::move(answer.body), *std::move(url));
}

Task<Result<Slice::Went>> Slice::publish_page(Bytes body, std::string url) {
  const bool has_next = step_.paging == manifest::Step::Paging::kNext;
  const sync::PageShape shape{.items = step_.items,
                              .id = step_.id,
                              .time = step_.time,
                              .next = has_next ? step_.page : "",
                              .has_next = has_next};
  const auto read = sync::read_page(body, shape);
  if (const auto* fault = std::get_if<sync::PageFault>(&read)) {
    PageFailure failure{.reason = name(*fault), .keep = sync::Keep::kNothing, .retry_after = {}};
    co_return co_await give_up(failure);
  }
  const auto& page = std::get<sync::Page>(read);
  const std::string digest = sync::digest(body);
  std::string next;
  if (!page.next.empty()) {
    auto followed = sync::follow(url, page.next);
    const bool repeats = followed.has_value() && *followed == url;
    if (!followed.has_value() || repeats) {
      PageFailure failure{.reason = repeats ? "page_repeats" : "next_blocked",
                          .keep = sync::Keep::kNothing,
                          .retry_after = {}};
      co_return co_await give_up(failure);
    }
    next = *std::move(followed);
  }
  const std::uint32_t page_number = cursor_.place.page;
  while (cursor_.window && cursor_.place.page == page_number) {
    SLUICE_CO_TRY(const Went went, co_await publish_chunk(page, digest, next));
    if (went == Went::kStopped) co_return went;
    if (report_.items >= budget_.items_max) break;
  }
  co_return Went::kOn;
}

Task<Result<Slice::Went>> Slice::publish_chunk(const sync::Page& page, std::string digest,
                                               std::string next) {
  const Instant now = cell_.host.clock().now();
  SLUICE_CO_TRY(auto transaction, co_await cell_.store.begin());
  SLUICE_CO_TRY(auto before, co_await mine(transaction));
  if (!before) co_return Went::kStopped;
  sync::Cursor cursor = *before;
  const bool repeats = !page.records.empty() && cursor.place.page_before == digest;
  if (cursor.place.digest != digest) {
    cursor.place.digest = digest;
    cursor.place.offset = 0;
  }
  const SliceReport report_before = report_;
  const std::uint32_t from = cursor.place.offset;
  page_failure_.reset();
  while (!repeats && cursor.place.offset < page.records.size() &&
         report_.items < budget_.items_max) {
    const sync::Record& record = page.records[cursor.place.offset];
    SLUICE_CO_TRY(const bool fitted, co_await publish_record(transaction, cursor, record, now));
    if (!fitted) break;
    ++cursor.place.offset;
  }
  const bool whole = cursor.place.offset >= page.records.size();
  SLUICE_ASSERT(whole || page_failure_ || repeats || cursor.place.offset > from ||
                report_.items >= budget_.items_max);
  if (repeats) page_failure_ = PageFailure{.reason = "page_repeats", .keep = sync::Keep::kNothing};
  if (!page_failure_ && whole) page_failure_ = finish_page(cursor, page, std::move(next), now);
  cursor.lease->until = now + lease_length();
  cursor.due = cursor.lease->until;
  SLUICE_CO_TRY(const Went went, co_await commit(transaction, *std::move(before), cursor));
  if (went == Went::kStopped) {
    report_ = report_before;
    co_return went;
  }
  if (page_failure_) co_return co_await give_up(*page_failure_);
  co_return Went::kOn;
}

// The page's place becomes the next one's, or the window is done. A failure changes nothing.
std::optional<PageFailure> Slice::finish_page(sync::Cursor& cursor, const sync::Page& page,
                                              std::string next, Instant now) const {
  using Paging = manifest::Step::Paging;
  const bool last = step_.paging == Paging::kNone ||
                    (step_.paging == Paging::kNumber && page.records.empty()) ||
                    (step_.paging == Paging::kNext && next.empty());
  if (last) {
    sync::window_done(cursor, now);
    return std::nullopt;
  }
  if (cursor.place.page >= kPagesMax) {
    return PageFailure{.reason = "too_many_pages", .keep = sync::Keep::kNothing, .retry_after = {}};
  }
  sync::page_done(cursor, std::move(next));
  return std::nullopt;
}

// False when the record does not fit into this commit any more, or `page_failure_` says why not.
Task<Result<bool>> Slice::publish_record(store::Transaction& transaction, sync::Cursor& cursor,
                                         const sync::Record& record, Instant now) {
  if (record.rejection != sync::Rejection::kNone) {
    if (cursor.rejects_kept >= sync::kRejectsMax) {
      page_failure_ = PageFailure{.reason = "too_many_rejects", .keep = sync::Keep::kPlace};
      co_return false;
    }
    if (!transaction.fits(kCursorCost)) co_return false;
    SLUICE_CO_TRY(const bool fresh,
                  co_await tables::Cursors::reject(transaction, step_.name, record, now));
    if (fresh) ++cursor.rejects_kept;
    ++cursor.rejected;
    ++report_.rejected;
    SLUICE_MARK("sync: an item is rejected");
    co_return true;
  }
  store::Cost cost = item_cost(step_, record);
  cost.mutations += kCursorCost.mutations;
  cost.checks += kCursorCost.checks;
  cost.bytes += kCursorCost.bytes;
  if (!transaction.fits(cost)) co_return false;
  SLUICE_CO_TRY(const Item item, co_await publish_item(cell_, transaction, step_, record, now));
  ++(item == Item::kPublished ? cursor.published : cursor.known);
  ++(item == Item::kPublished ? report_.items : report_.known);
  co_return true;
}

Task<Result<std::optional<sync::Cursor>>> Slice::mine(store::Transaction& transaction) {
  SLUICE_CO_TRY(auto found, co_await tables::Cursors::get(transaction, step_.name));
  if (found && found->lease && found->lease->id == lease_) co_return found;
  SLUICE_MARK("sync: the lease was lost");
  report_.next.reset();
  co_return std::optional<sync::Cursor>();
}

Task<Result<Slice::Went>> Slice::commit(store::Transaction& transaction, sync::Cursor before,
                                        sync::Cursor after) {
  SLUICE_CO_TRY(co_await tables::Cursors::put(transaction, step_.name, std::move(before), after));
  SLUICE_CO_TRY(const auto outcome, co_await transaction.commit());
  if (outcome == store::Outcome::kConflict) {
    SLUICE_MARK("sync: a commit lost a race");
    report_.next.reset();
    co_return Went::kStopped;
  }
  report_.next = after.due;
  cursor_ = std::move(after);
  co_return Went::kOn;
}

Task<Result<Slice::Went>> Slice::give_up(PageFailure failure) {
  const Instant now = cell_.host.clock().now();
  SLUICE_CO_TRY(auto transaction, co_await cell_.store.begin());
  SLUICE_CO_TRY(auto before, co_await mine(transaction));
  if (!before) co_return Went::kStopped;
  sync::Cursor cursor = *before;
  sync::fail(cursor, failure.reason, failure.keep);
  cursor.lease.reset();
  cursor.due = sync::retry_at(now, cursor.failures, failure.retry_after, cell_.jitter.next());
  SLUICE_CO_TRY(co_await commit(transaction, *std::move(before), std::move(cursor)));
  report_.failure = failure.reason;
  log_failure(failure);
  co_return Went::kStopped;
}

void Slice::log_failure(const PageFailure& failure) const {
  const bool alarming = cursor_.failures >= kAlarmingFailures;
  LogRecord record{
      .level = alarming ? Level::kError : Level::kWarn, .event = "step_failed", .fields = {}};
  record.fields.emplace_back(Field::kCell, cell_.name);
  record.fields.emplace_back(Field::kStep, step_.name);
  record.fields.emplace_back(Field::kReason, std::string(failure.reason));
  record.fields.emplace_back(Field::kCount, std::to_string(cursor_.failures));
  cell_.host.log().write(std::move(record));
}

// Gives the lease back. What is left of a window, or of a backlog, goes on at once.
Task<Result<Slice::Went>> Slice::rest() {
  const Instant now = cell_.host.clock().now();
  SLUICE_CO_TRY(auto transaction, co_await cell_.store.begin());
  SLUICE_CO_TRY(auto before, co_await mine(transaction));
  if (!before) co_return Went::kStopped;
  sync::Cursor cursor = *before;
  cursor.lease.reset();
  const Instant settled = now - step_.settle;
  const bool backlog = cursor.synced_to && settled - *cursor.synced_to > step_.every;
  report_.more = cursor.window.has_value() || backlog;
  cursor.due = report_.more ? now : std::max(now, started_ + step_.every);
  co_return co_await commit(transaction, *std::move(before), std::move(cursor));
}

void count(Log& log, const std::string& step, const SliceReport& report) {
  const auto add = [&](std::string_view result, std::uint32_t n) {
    if (n == 0) return;
    std::string metric = "sluice_step_items_total{step=\"" + step + "\",result=\"";
    metric += result;
    log.metric(MetricKind::kCounter, metric + "\"}", n);
  };
  add("published", report.items);
  add("known", report.known);
  add("rejected", report.rejected);
  if (report.failure.empty()) return;
  log.metric(MetricKind::kCounter, "sluice_step_failures_total{step=\"" + step + "\"}", 1);
}

}  // namespace

Task<Result<SliceReport>> run_sync(Cell& cell, std::string step, Budget budget) {
  const manifest::Step* found = cell.manifest.step(step);
  if (found == nullptr) co_return Error{Errc::kNotFound, "no such step in the manifest"};
  SLUICE_ASSERT(budget.requests_max > 0 && budget.items_max > 0);
  Slice slice(cell, *found, budget);
  SLUICE_CO_TRY(const SliceReport report, co_await slice.run());
  count(cell.host.log(), step, report);
  co_return report;
}

}  // namespace sluice::flow
