#include "flow/apply_retention.h"

#include <string>
#include <utility>
#include <vector>

#include "doctest/doctest.h"
#include "inbox/event.h"
#include "outbox/message.h"
#include "sim/flow_cell.h"
#include "sim/marks.h"
#include "store/blob.h"
#include "store/sweep.h"
#include "tables/dead_letters.h"
#include "tables/deliveries.h"
#include "tables/events.h"
#include "tables/publish.h"

namespace sluice::flow {
namespace {

using outbox::Message;
using outbox::Next;

constexpr std::string_view kManifest = R"json({
  "slug": "kept", "sources": {}, "routes": [],
  "limits": { "body_retention_ms": 3600000, "envelope_retention_ms": 36000000 }
})json";

// A cell in which a while passes between what is asked of it.
struct Kept {
  Kept() {
    auto parsed = manifest::parse(kManifest, {}, manifest::Secrets::kRequired);
    CHECK(parsed.errors.empty());
    manifest = std::move(parsed.manifest);
  }

  template <class T>
  T in(sim::CellWork<T> work, T otherwise) {
    const auto result = sim::work_on<T>(world, manifest, "main", std::move(work));
    CHECK(result.has_value());
    if (!result) return otherwise;
    CHECK(result->has_value());
    return result->has_value() ? **result : otherwise;
  }

  // An event with that many messages, and its entry in the log.
  Seq publish(std::size_t targets, std::size_t size = 10) {
    return in<Seq>(
        [targets, size, now = now](Cell& cell) { return publish(cell, targets, size, now); }, 0);
  }
  static Task<Result<Seq>> publish(Cell& cell, std::size_t targets, std::size_t size, Instant now) {
    SLUICE_CO_TRY(auto transaction, co_await cell.store.begin());
    inbox::Event event;
    event.id = cell.numbering.next(now);
    event.source = "test";
    event.received_at = now;
    event.body_size = static_cast<std::uint32_t>(size);
    if (size > inbox::kInlineMax) {
      event.blob = format(event.id);
      store::put_blob(transaction, event.blob, Bytes(size, 'x'));
    } else {
      event.body = Bytes(size, 'x');
    }
    replication::Entry entry;
    entry.position = event.id.seq;
    entry.id = event.id;
    entry.body = event.body;
    entry.blob = event.blob;
    entry.size = event.body_size;
    tables::Log::append(transaction, tables::kEventStream, entry);
    const Seq seq = event.id.seq;
    std::vector<tables::Target> to(targets, {.endpoint = "crm", .order_key = {}});
    SLUICE_CO_TRY(co_await tables::publish(transaction, cell.numbering, std::move(event),
                                           std::move(to), now));
    SLUICE_CO_TRY(co_await transaction.commit());
    co_return seq;
  }

  // Records an outcome of the oldest queued message.
  void record(Next next) {
    CHECK(in<bool>([next, now = now](Cell& cell) { return record(cell, next, now); }, false));
  }
  static Task<Result<bool>> record(Cell& cell, Next next, Instant now) {
    SLUICE_CO_TRY(auto transaction, co_await cell.store.begin());
    std::string endpoint("crm");
    SLUICE_CO_TRY(const auto heads,
                  co_await tables::Deliveries::heads(transaction, std::move(endpoint), now, 1));
    if (heads.empty()) co_return Error{Errc::kNotFound, "nothing is queued"};
    SLUICE_CO_TRY(const auto message, co_await tables::Queue::message(transaction, heads[0].seq));
    tables::Recorded recorded;
    recorded.claim = {.message = *message, .fence = {.epoch = 1, .n = message->attempts + 1ULL}};
    recorded.attempt.at = now;
    recorded.plan = {.next = next, .due = now, .reason = ""};
    SLUICE_CO_TRY(const bool counted,
                  co_await tables::Deliveries::record(transaction, recorded, now));
    SLUICE_CO_TRY(co_await transaction.commit());
    co_return counted;
  }

  // A pass: what is old goes, and what the sweeper has to do because of it.
  int apply() {
    int slices = 0;
    const sim::CellWork<bool> one = [now = now](Cell& cell) { return apply_retention(cell, now); };
    while (in<bool>(one, false)) ++slices;
    const sim::CellWork<bool> sweep = [now = now](Cell& cell) {
      return store::sweep(cell.store, now);
    };
    while (in<bool>(sweep, false)) ++slices;
    return slices;
  }

  std::size_t count(const std::string& prefix) { return world.store("main.0").count(prefix); }

  double expired(const std::string& kind) {
    const auto& metrics = world.log().metrics();
    const auto found = metrics.find("sluice_expired_total{kind=\"" + kind + "\"}");
    return found == metrics.end() ? 0 : found->second;
  }

  inbox::Event event(Seq seq) {
    const auto row = world.store("main.0").get(tables::Events::key(seq));
    CHECK(row.has_value());
    const auto event = row ? inbox::decode_event(row->value) : Error{Errc::kNotFound, ""};
    return event.has_value() ? *event : inbox::Event{};
  }

  Result<Bytes> body(Seq seq) {
    const auto found = sim::work_on<Bytes>(world, manifest, "main", [seq](Cell& cell) {
      return sim::in_transaction<Bytes>(
          cell, [seq](store::Transaction& transaction) { return body(transaction, seq); });
    });
    return found ? *found : Result<Bytes>(Error{Errc::kIo, "no answer"});
  }

  // Gives the oldest message up for good.
  static Task<Result<tables::Changed>> drop_oldest(store::Transaction& transaction, Instant now) {
    KvRange range{.lo = "ob/m/", .hi = "ob/m0", .limit = 1, .reverse = false};
    SLUICE_CO_TRY(const auto page, co_await transaction.range(std::move(range)));
    SLUICE_CO_TRY(const auto message, outbox::decode_message(page.rows.at(0).entry.value));
    co_return co_await tables::DeadLetters::drop(transaction, message.id.seq, now);
  }

  static Task<Result<Bytes>> body(store::Transaction& transaction, Seq seq) {
    SLUICE_CO_TRY(auto event, co_await tables::Events::get(transaction, seq));
    if (!event) co_return Error{Errc::kCorrupt, "no event"};
    co_return co_await tables::Events::body(transaction, *std::move(event));
  }

  sim::World world{1, {}};
  manifest::Manifest manifest;
  Instant now = sim::kStart;
};

}  // namespace

TEST_SUITE("flow/apply_retention") {
  TEST_CASE("bodies go first, then events and messages, each when its time is over") {
    Kept kept;
    const Seq small = kept.publish(1);
    const Seq large = kept.publish(1, 100'000);
    kept.record(Next::kRetry);
    kept.record(Next::kDone);
    kept.record(Next::kDone);
    kept.now = kept.now + minutes(59);
    const Seq later = kept.publish(0);
    (void)kept.apply();
    CHECK(kept.body(small).has_value());
    CHECK(kept.body(large).has_value());
    CHECK(kept.count("lg/e/events/") == 3);

    kept.now = kept.now + minutes(2);
    (void)kept.apply();
    CHECK(kept.event(small).is_body_expired());
    CHECK(kept.event(small).body_size == 10);
    CHECK(kept.event(large).body_size == 100'000);
    CHECK(kept.body(large).error().code == Errc::kNotFound);
    CHECK(kept.body(later).has_value());
    CHECK(kept.expired("body") == 2);
    CHECK(kept.expired("log_entry") == 2);
    CHECK(kept.count("bl/") == 0);
    CHECK(kept.count("gc/") == 0);
    CHECK(kept.count("lg/e/events/") == 1);
    CHECK(kept.count("ob/m/") == 2);
    CHECK(kept.count("ob/a/") == 3);

    kept.now = kept.now + hours(9);
    (void)kept.apply();
    CHECK(kept.count("in/e/") == 1);
    CHECK(kept.count("ob/m/") == 1);  // The newest: numbers continue after it.
    CHECK(kept.count("ob/a/") == 1);
    CHECK(kept.event(later).is_body_expired());
    CHECK(kept.expired("event") == 2);
    CHECK(kept.expired("message") == 1);
    kept.now = kept.now + hours(9);
    (void)kept.apply();
    CHECK(kept.count("in/e/") == 1);
    CHECK(kept.count("lg/e/events/") == 0);
  }

  TEST_CASE("what is unfinished or dead stays whole, however old") {
    Kept kept;
    const Seq dead = kept.publish(1);
    kept.record(Next::kDead);
    const Seq waiting = kept.publish(1, 20'000);
    (void)kept.publish(1);
    kept.now = kept.now + days(400);
    (void)kept.apply();
    CHECK(kept.body(dead).has_value());
    CHECK(kept.body(waiting).has_value());
    CHECK(kept.count("in/e/") == 3);
    CHECK(kept.count("ob/m/") == 3);
    CHECK(kept.count("ob/a/") == 1);

    // Then it ends, and goes with the others; a message is kept from its end on.
    const auto dropped = kept.in<tables::Changed>(
        [now = kept.now](Cell& cell) {
          return sim::in_transaction<tables::Changed>(cell, [now](store::Transaction& transaction) {
            return Kept::drop_oldest(transaction, now);
          });
        },
        tables::Changed::kNoSuchMessage);
    CHECK(dropped == tables::Changed::kYes);
    kept.record(Next::kDone);
    (void)kept.apply();
    CHECK(kept.count("in/e/") == 1);
    CHECK(kept.count("ob/m/") == 3);
    kept.now = kept.now + hours(11);
    (void)kept.apply();
    CHECK(kept.count("ob/m/") == 1);
    CHECK(kept.count("ob/a/") == 0);
    CHECK(kept.count("bl/") == 0);
  }

  TEST_CASE(
      "a page of what must stay holds up nothing behind it, and rows that cannot be read stay") {
    Kept kept;
    auto& rows = kept.world.store("main.0");
    for (int i = 0; i < 100; ++i) (void)kept.publish(1);
    const Seq damaged = kept.publish(0);
    rows.put(tables::Events::key(damaged), "\x01?");
    for (int i = 0; i < 100; ++i) (void)kept.publish(0);
    kept.now = kept.now + days(1);
    CHECK(kept.apply() > 6);
    CHECK(kept.count("in/e/") == 102);  // The newest as well.
    CHECK(kept.count("lg/e/events/") == 0);
    CHECK(kept.count("m/sweep/") ==
          2);  // When the next pass is, and how far bodies were looked at.
  }

  TEST_CASE("more attempts than a commit deletes go in several") {
    Kept kept;
    (void)kept.publish(1);
    for (int i = 0; i < 120; ++i) kept.record(Next::kRetry);
    kept.record(Next::kDone);
    (void)kept.publish(1);
    kept.now = kept.now + days(1);
    const auto before =
        sim::marked("retention: a message has more attempts than one commit deletes");
    (void)kept.apply();
    CHECK(sim::marked("retention: a message has more attempts than one commit deletes") > before);
    CHECK(kept.count("ob/m/") == 1);
    CHECK(kept.count("ob/a/") == 0);
  }

  TEST_CASE("a clock that goes back deletes nothing") {
    Kept kept;
    (void)kept.publish(0);
    (void)kept.publish(0);
    kept.now = Instant{0};
    CHECK(kept.apply() == 0);
    CHECK(kept.count("in/e/") == 2);
    CHECK(kept.count("lg/e/events/") == 2);
  }

  TEST_CASE("a clock that went too far and came back leaves no body out") {
    Kept kept;
    (void)kept.publish(0);
    kept.now = kept.now + days(300);
    (void)kept.apply();
    kept.now = sim::kStart + seconds(1);
    const Seq later = kept.publish(0);
    CHECK(kept.body(later).has_value());
    kept.now = kept.now + hours(2);
    (void)kept.apply();
    CHECK(kept.event(later).is_body_expired());
  }
}

}  // namespace sluice::flow
