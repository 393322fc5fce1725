// The outbox's tables together: publish, claim, outcome, dead letter.

#include <string>
#include <utility>
#include <vector>

#include "doctest/doctest.h"
#include "sim/marks.h"
#include "sim/table_cell.h"
#include "tables/dead_letters.h"
#include "tables/deliveries.h"
#include "tables/events.h"
#include "tables/publish.h"
#include "tables/seen.h"
#include "tables/timers.h"

namespace sluice::tables {
namespace {

using outbox::Message;
using outbox::MessageState;
using outbox::Next;

constexpr Instant kNow{1'750'000'000'000};

// One cell whose tables are asked one question at a time; after each, the audit must be empty.
struct Outbox {
  Seq publish(std::vector<Target> targets, std::size_t size = 10) {
    const auto published = cell.in<Seq>([&](store::Transaction& transaction) {
      return publish_in(transaction, random, std::move(targets), size, now);
    });
    CHECK(published.has_value());
    check_audit();
    return published.has_value() ? *published : 0;
  }

  std::vector<Message> messages() {
    const auto found = cell.in<std::vector<Message>>(
        [](store::Transaction& transaction) { return all_messages(transaction); });
    CHECK(found.has_value());
    return found.has_value() ? *found : std::vector<Message>();
  }

  std::vector<Head> heads(std::string endpoint) {
    const auto found = cell.in<std::vector<Head>>([&](store::Transaction& transaction) {
      return Deliveries::heads(transaction, endpoint, now, 50);
    });
    return found.has_value() ? *found : std::vector<Head>();
  }

  bool record(const Message& claimed, Next next, bool strict = false) {
    Recorded recorded;
    recorded.claim = {.message = claimed, .fence = {.epoch = 1, .n = ++fences}};
    recorded.attempt.at = now;
    recorded.attempt.status = next == Next::kDone ? 200 : 500;
    recorded.plan = {.next = next, .due = now + seconds(5), .reason = "server_error"};
    recorded.strict = strict;
    const auto counted = cell.in<bool>([&](store::Transaction& transaction) {
      return record_and_settle(transaction, recorded, now);
    });
    CHECK(counted.has_value());
    check_audit();
    return counted.has_value() && *counted;
  }

  Changed redrive(Seq seq) {
    const auto changed = cell.in<Changed>([&](store::Transaction& transaction) {
      return DeadLetters::redrive(transaction, seq, now);
    });
    check_audit();
    return changed.has_value() ? *changed : Changed::kNoSuchMessage;
  }

  Changed drop(Seq seq) {
    const auto changed = cell.in<Changed>(
        [&](store::Transaction& transaction) { return DeadLetters::drop(transaction, seq, now); });
    check_audit();
    return changed.has_value() ? *changed : Changed::kNoSuchMessage;
  }

  inbox::Event event(Seq seq) {
    const auto found = cell.in<std::optional<inbox::Event>>(
        [&](store::Transaction& transaction) { return Events::get(transaction, seq); });
    return found.has_value() && *found ? **found : inbox::Event{};
  }

  void check_audit() {
    const auto audit =
        cell.in<Audit>([](store::Transaction& transaction) { return Queue::audit(transaction); });
    CHECK(audit.has_value());
    if (audit.has_value()) CHECK(*audit == Audit{});
  }

  static Task<Result<Seq>> publish_in(store::Transaction& transaction, Random& random,
                                      std::vector<Target> targets, std::size_t size, Instant now) {
    Numbering numbering(random);
    SLUICE_CO_TRY(co_await numbering.seed(transaction));
    inbox::Event event;
    event.id = numbering.next(now);
    event.source = "test";
    event.received_at = now;
    event.body = Bytes(size, 'x');
    const Seq seq = event.id.seq;
    SLUICE_CO_TRY(co_await tables::publish(transaction, numbering, std::move(event),
                                           std::move(targets), now));
    co_return seq;
  }

  static Task<Result<std::vector<Message>>> all_messages(store::Transaction& transaction) {
    KvRange range{.lo = "ob/m/", .hi = "ob/m0", .limit = 256, .reverse = false};
    SLUICE_CO_TRY(const auto page, co_await transaction.range(std::move(range)));
    std::vector<Message> found;
    for (const auto& row : page.rows) {
      auto message = outbox::decode_message(row.entry.value);
      if (message.has_value()) found.push_back(*std::move(message));
    }
    co_return found;
  }

  void damage(std::string key) {
    auto& store = cell.world.store("main.0");
    CHECK(store.rows().contains(key));
    store.put(key, "\x01?");
  }

  static Task<Result<bool>> record_and_settle(store::Transaction& transaction, Recorded recorded,
                                              Instant now) {
    const std::string endpoint = recorded.claim.message.endpoint;
    SLUICE_CO_TRY(const bool counted, co_await Deliveries::record(transaction, recorded, now));
    SLUICE_CO_TRY(const auto state, co_await Queue::state(transaction, endpoint));
    SLUICE_CO_TRY(co_await Queue::settle(transaction, endpoint, state, now));
    co_return counted;
  }

  sim::TableCell cell;
  sim::SimRandom random{7};
  Instant now = kNow;
  std::uint64_t fences = 0;
};

Task<Result<std::optional<Instant>>> set_aside(store::Transaction& transaction, Instant until) {
  SLUICE_CO_TRY(co_await Queue::set_aside(transaction, "crm", until));
  co_return co_await first_timer(transaction, "ob/r/");
}

Task<Result<bool>> bury(store::Transaction& transaction, Recorded recorded, Instant now) {
  Deliveries::bury(transaction, recorded, now);
  co_return true;
}

}  // namespace

TEST_SUITE("tables/outbox") {
  TEST_CASE("an event is published with one message for each target") {
    Outbox outbox;
    const Seq seq = outbox.publish({{"crm", ""}, {"audit", ""}});
    CHECK(outbox.messages().size() == 2);
    CHECK(outbox.heads("crm").size() == 1);
    CHECK(outbox.heads("audit").size() == 1);
    CHECK(outbox.event(seq).unfinished == 2);
  }

  TEST_CASE("a message that is done leaves the queue, and its event counts it") {
    Outbox outbox;
    const Seq seq = outbox.publish({{"crm", ""}});
    CHECK(outbox.record(outbox.messages()[0], Next::kDone));
    CHECK(outbox.messages()[0].state == MessageState::kDone);
    CHECK(outbox.messages()[0].attempts == 1);
    CHECK(outbox.heads("crm").empty());
    CHECK(outbox.event(seq).unfinished == 0);
  }

  TEST_CASE("a late outcome changes nothing") {
    Outbox outbox;
    outbox.publish({{"crm", ""}});
    const Message claimed = outbox.messages()[0];
    CHECK(outbox.record(claimed, Next::kRetry));
    const Message retried = outbox.messages()[0];
    CHECK(!outbox.record(claimed, Next::kDone));
    CHECK(!outbox.record(claimed, Next::kDead));
    CHECK(outbox.messages()[0] == retried);
    CHECK(sim::marked("outbox: a late outcome changes nothing") > 0);
  }

  TEST_CASE("messages of one key wait for their head, in their order") {
    Outbox outbox;
    for (int i = 0; i < 3; ++i) outbox.publish({{"crm", "k"}});
    outbox.publish({{"crm", "other"}});
    CHECK(outbox.heads("crm").size() == 2);
    auto all = outbox.messages();
    CHECK(all[1].state == MessageState::kFollower);
    CHECK(outbox.record(all[0], Next::kRetry));
    CHECK(outbox.messages()[1].state == MessageState::kFollower);
    CHECK(outbox.record(outbox.messages()[0], Next::kDone));
    all = outbox.messages();
    CHECK(all[1].state == MessageState::kQueued);
    CHECK(all[2].state == MessageState::kFollower);
    CHECK(outbox.record(all[1], Next::kDead));
    CHECK(outbox.messages()[2].state == MessageState::kQueued);
  }

  TEST_CASE("a strict key is blocked by its dead head until that is redriven or dropped") {
    for (const bool redriven : {true, false}) {
      Outbox outbox;
      outbox.publish({{"crm", "k"}});
      outbox.publish({{"crm", "k"}});
      const Message head = outbox.messages()[0];
      CHECK(outbox.record(head, Next::kDead, true));
      CHECK(outbox.heads("crm").empty());
      if (redriven) {
        CHECK(outbox.redrive(head.id.seq) == Changed::kYes);
        CHECK(outbox.heads("crm").size() == 1);
        CHECK(outbox.heads("crm")[0].seq == head.id.seq);
      } else {
        CHECK(outbox.drop(head.id.seq) == Changed::kYes);
        CHECK(outbox.heads("crm").size() == 1);
        CHECK(outbox.heads("crm")[0].seq == outbox.messages()[1].id.seq);
      }
    }
  }

  TEST_CASE("a redriven message goes behind the head that came after it") {
    Outbox outbox;
    outbox.publish({{"crm", "k"}});
    outbox.publish({{"crm", "k"}});
    outbox.publish({{"crm", "k"}});
    const Message first = outbox.messages()[0];
    CHECK(outbox.record(first, Next::kDead));
    CHECK(outbox.redrive(first.id.seq) == Changed::kYes);
    auto all = outbox.messages();
    CHECK(all[0].state == MessageState::kFollower);
    CHECK(all[1].state == MessageState::kQueued);
    CHECK(outbox.record(all[1], Next::kDone));
    all = outbox.messages();
    CHECK(all[0].state == MessageState::kQueued);  // Its old number is the lowest.
    CHECK(all[2].state == MessageState::kFollower);
  }

  TEST_CASE("only what is dead is redriven or dropped, and its event counts it") {
    Outbox outbox;
    const Seq seq = outbox.publish({{"crm", ""}});
    const Message message = outbox.messages()[0];
    CHECK(outbox.redrive(message.id.seq) == Changed::kNotInThatState);
    CHECK(outbox.drop(message.id.seq) == Changed::kNotInThatState);
    CHECK(outbox.redrive(1) == Changed::kNoSuchMessage);
    CHECK(outbox.record(message, Next::kDead));
    CHECK(outbox.event(seq).dead == 1);
    CHECK(outbox.redrive(message.id.seq) == Changed::kYes);
    CHECK(outbox.event(seq).unfinished == 1);
    CHECK(outbox.event(seq).dead == 0);
    CHECK(outbox.messages()[0].failures == 0);
    CHECK(outbox.messages()[0].attempts == 1);
  }

  TEST_CASE("an event that cannot be read keeps no message from being done") {
    Outbox outbox;
    const Seq seq = outbox.publish({{"crm", ""}});
    outbox.damage(Events::key(seq));
    CHECK(outbox.record(outbox.messages()[0], Next::kDone));
    CHECK(outbox.messages()[0].state == MessageState::kDone);
    CHECK(outbox.heads("crm").empty());
  }

  TEST_CASE("an endpoint that cannot be read keeps what is published to it, and is set aside") {
    Outbox outbox;
    outbox.publish({{"crm", ""}});
    outbox.damage(Queue::state_key("crm"));
    const auto second = outbox.cell.in<Seq>([&](store::Transaction& transaction) {
      return Outbox::publish_in(transaction, outbox.random, {{"crm", ""}}, 10, kNow);
    });
    CHECK(second.has_value());
    CHECK(outbox.heads("crm").size() == 2);
    const auto until = outbox.cell.in<std::optional<Instant>>(
        [&](store::Transaction& transaction) { return set_aside(transaction, kNow + hours(1)); });
    CHECK(until.has_value());
    if (until.has_value()) CHECK(*until == kNow + hours(1));
  }

  TEST_CASE("a follower that cannot be read makes its head unrecordable, until that is buried") {
    Outbox outbox;
    outbox.publish({{"crm", "k"}});
    const Message head = outbox.messages()[0];
    const Seq behind = outbox.publish({{"crm", "k"}}) + 1;
    outbox.damage(Queue::message_key(behind));
    Recorded recorded;
    recorded.claim.message = head;
    recorded.plan = {.next = Next::kDone, .due = kNow, .reason = {}};
    const auto counted = outbox.cell.in<bool>([&](store::Transaction& transaction) {
      return Deliveries::record(transaction, recorded, kNow);
    });
    CHECK(!counted.has_value());
    const auto buried = outbox.cell.in<bool>(
        [&](store::Transaction& transaction) { return bury(transaction, recorded, kNow); });
    CHECK(buried.has_value());
    CHECK(outbox.messages()[0].state == MessageState::kDead);
    CHECK(outbox.messages()[0].reason == "corrupt");
    CHECK(outbox.heads("crm").empty());
  }

  TEST_CASE("a fan-out larger than a commit is accepted whole and goes on later") {
    Outbox outbox;
    std::vector<Target> targets;
    for (int i = 0; i < 100; ++i) targets.push_back({"e" + std::to_string(i), ""});
    const Seq seq = outbox.publish(targets);
    CHECK(outbox.event(seq).unfinished == 100);
    CHECK(outbox.messages().size() == 8);
    for (int i = 0; i < 20; ++i) {
      const auto more = outbox.cell.in<bool>([&](store::Transaction& transaction) {
        return [](store::Transaction& inner, Random& random, Instant now) -> Task<Result<bool>> {
          Numbering numbering(random);
          SLUICE_CO_TRY(co_await numbering.seed(inner));
          co_return co_await expand(inner, numbering, now);
        }(transaction, outbox.random, outbox.now);
      });
      CHECK(more.has_value());
      outbox.check_audit();
    }
    CHECK(outbox.messages().size() == 100);
    CHECK(outbox.event(seq).routing == inbox::Routing::kRouted);
    CHECK(sim::marked("outbox: a fan-out goes on in a later slice") > 0);
  }

  TEST_CASE("a body beyond the row is kept as a blob, byte for byte") {
    Outbox outbox;
    for (const std::size_t size :
         {inbox::kInlineMax, inbox::kInlineMax + 1, std::size_t{200'000}}) {
      const Seq seq = outbox.publish({{"crm", ""}}, size);
      const auto event = outbox.event(seq);
      CHECK(event.blob.empty() == (size <= inbox::kInlineMax));
      CHECK(event.body_size == size);
      const auto body = outbox.cell.in<Bytes>(
          [&](store::Transaction& transaction) { return Events::body(transaction, event); });
      CHECK(body.has_value());
      if (body.has_value()) CHECK(*body == Bytes(size, 'x'));
    }
  }
}

TEST_SUITE("tables/seen") {
  TEST_CASE("a delivery is new once, then a duplicate within the horizon, then new again") {
    sim::TableCell cell;
    const Fingerprint print{
        .scope = "github", .identity = "a", .digest = "bytes", .signed_identity = false};
    const auto see = [&](Fingerprint seen, Instant now) {
      const auto judged = cell.in<Seen::Judgement>([&](store::Transaction& transaction) {
        return [](store::Transaction& inner, Fingerprint one,
                  Instant at) -> Task<Result<Seen::Judgement>> {
          const Seen seen_before(one, at);
          SLUICE_CO_TRY(const auto judgement, co_await seen_before.judge(inner, days(5)));
          const Id id{.seq = static_cast<Seq>(at.ms), .random = 1};
          if (judgement.delivery != inbox::Delivery::kDuplicate) {
            seen_before.claim(inner, judgement, id);
          }
          co_return judgement;
        }(transaction, std::move(seen), now);
      });
      return judged.has_value() ? judged->delivery : inbox::Delivery::kNew;
    };
    CHECK(see(print, kNow) == inbox::Delivery::kNew);
    CHECK(see(print, kNow) == inbox::Delivery::kDuplicate);
    CHECK(see(print, kNow + days(5)) == inbox::Delivery::kDuplicate);
    Fingerprint other_id = print;
    other_id.identity = "b";
    CHECK(see(other_id, kNow) == inbox::Delivery::kSuspectedReplay);
    CHECK(see(other_id, kNow) == inbox::Delivery::kDuplicate);
    Fingerprint other_bytes = print;
    other_bytes.digest = "other";
    CHECK(see(other_bytes, kNow) == inbox::Delivery::kNew);
    Fingerprint other_source = print;
    other_source.scope = "other";
    CHECK(see(other_source, kNow) == inbox::Delivery::kNew);
    CHECK(see(print, kNow + days(5) + milliseconds(1)) == inbox::Delivery::kNew);
  }
}

}  // namespace sluice::tables
