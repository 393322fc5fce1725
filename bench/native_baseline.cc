// What `sluice serve` is measured against: the same job for one source, written by hand.
//
//   native_baseline PORT DATABASE SECRET
//
// evhttp, libsodium and SQLite on one thread. A webhook is verified, looked up, and written as five
// rows: dedupe, event, log, message, queue. Those that arrive in one turn of the loop share a
// transaction (WAL, synchronous=FULL) and are answered when it is durable. It delivers nothing.
#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <sodium.h>
#include <sqlite3.h>
#include <strings.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using Digest = std::array<unsigned char, 32>;

constexpr int kFlushPriority = 2;  // Behind every socket that is ready.
constexpr std::string_view kPrefix = "sha256=";

constexpr char kSchema[] =
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-8192;"
    "PRAGMA wal_autocheckpoint=4000;"
    "CREATE TABLE seen(digest BLOB PRIMARY KEY, at INTEGER, event INTEGER, delivery TEXT)"
    " WITHOUT ROWID;"
    "CREATE TABLE events(seq INTEGER PRIMARY KEY, at INTEGER, source TEXT, headers TEXT,"
    " body BLOB, delivery TEXT, unfinished INTEGER);"
    "CREATE TABLE log(position INTEGER PRIMARY KEY, at INTEGER, source TEXT, type TEXT, body BLOB);"
    "CREATE TABLE messages(seq INTEGER PRIMARY KEY, event INTEGER, endpoint TEXT, state INTEGER,"
    " attempts INTEGER, at INTEGER, due INTEGER);"
    "CREATE TABLE queue(endpoint TEXT, due INTEGER, message INTEGER,"
    " PRIMARY KEY(endpoint, due, message)) WITHOUT ROWID;";

std::int64_t now_ms() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

// A prepared statement, bound in order and run.
class Statement {
 public:
  Statement(sqlite3* database, const char* text) {
    if (sqlite3_prepare_v3(database, text, -1, SQLITE_PREPARE_PERSISTENT, &handle_, nullptr) != 0) {
      std::fprintf(stderr, "native_baseline: %s\n", sqlite3_errmsg(database));
      std::exit(1);
    }
  }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement() { sqlite3_finalize(handle_); }

  Statement& number(std::int64_t value) {
    sqlite3_bind_int64(handle_, ++at_, value);
    return *this;
  }
  Statement& text(std::string_view value) {
    sqlite3_bind_text(handle_, ++at_, value.data(), static_cast<int>(value.size()), SQLITE_STATIC);
    return *this;
  }
  Statement& blob(const void* data, std::size_t size) {
    sqlite3_bind_blob(handle_, ++at_, data, static_cast<int>(size), SQLITE_STATIC);
    return *this;
  }
  // SQLITE_ROW, SQLITE_DONE, or what went wrong.
  int run() {
    const int result = sqlite3_step(handle_);
    sqlite3_reset(handle_);
    at_ = 0;
    return result;
  }

 private:
  sqlite3_stmt* handle_ = nullptr;
  int at_ = 0;
};

struct Webhook {
  std::string headers;  // Those that are kept, a line each.
  std::string type;
  std::string signature;
  std::string delivery;
  std::string body;
};

Webhook read(evhttp_request* request) {
  Webhook webhook;
  const evkeyvalq* fields = evhttp_request_get_input_headers(request);
  for (const evkeyval* field = fields->tqh_first; field != nullptr; field = field->next.tqe_next) {
    if (strcasecmp(field->key, "x-hub-signature-256") == 0) {
      webhook.signature = field->value;
      continue;
    }
    const bool is_type = strcasecmp(field->key, "content-type") == 0;
    if (is_type) webhook.type = field->value;
    if (strcasecmp(field->key, "x-github-delivery") == 0) webhook.delivery = field->value;
    if (!is_type && strncasecmp(field->key, "x-", 2) != 0) continue;
    webhook.headers.append(field->key).append(": ").append(field->value).append("\n");
  }
  evbuffer* body = evhttp_request_get_input_buffer(request);
  webhook.body.resize(evbuffer_get_length(body));
  evbuffer_remove(body, webhook.body.data(), webhook.body.size());
  return webhook;
}

const unsigned char* bytes(const std::string& text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

class Baseline {
 public:
  Baseline(event_base* base, sqlite3* database, std::string secret)
      : database_(database), secret_(std::move(secret)) {
    flush_ = event_new(
        base, -1, 0,
        [](evutil_socket_t, short, void* self) { static_cast<Baseline*>(self)->flush(); }, this);
    event_priority_set(flush_, kFlushPriority);
  }
  Baseline(const Baseline&) = delete;
  Baseline& operator=(const Baseline&) = delete;
  ~Baseline() { event_free(flush_); }

  void take(evhttp_request* request) {
    const Webhook webhook = read(request);
    if (!is_authentic(webhook)) {
      evhttp_send_reply(request, 401, nullptr, nullptr);
      return;
    }
    if (waiting_.empty()) {
      sqlite3_exec(database_, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr);
      event_active(flush_, EV_TIMEOUT, 0);
    }
    waiting_.push_back({.request = request, .event = store(webhook)});
  }

 private:
  struct Waiting {
    evhttp_request* request = nullptr;
    std::int64_t event = 0;
  };

  bool is_authentic(const Webhook& webhook) const {
    if (webhook.signature.rfind(kPrefix, 0) != 0) return false;
    Digest given{};
    std::size_t size = 0;
    const std::string_view hex = std::string_view(webhook.signature).substr(kPrefix.size());
    if (sodium_hex2bin(given.data(), given.size(), hex.data(), hex.size(), nullptr, &size,
                       nullptr) != 0 ||
        size != given.size()) {
      return false;
    }
    Digest expected{};
    crypto_auth_hmacsha256_state mac;
    crypto_auth_hmacsha256_init(&mac, bytes(secret_), secret_.size());
    crypto_auth_hmacsha256_update(&mac, bytes(webhook.body), webhook.body.size());
    crypto_auth_hmacsha256_final(&mac, expected.data());
    return sodium_memcmp(given.data(), expected.data(), expected.size()) == 0;
  }

  // The event's number; 0 for a duplicate.
  std::int64_t store(const Webhook& webhook) {
    Digest digest{};
    crypto_hash_sha256(digest.data(), bytes(webhook.body), webhook.body.size());
    if (find_.blob(digest.data(), digest.size()).run() == SQLITE_ROW) return 0;
    const std::int64_t at = now_ms();
    const std::int64_t event = ++last_;
    failed_ |= seen_.blob(digest.data(), digest.size())
                   .number(at)
                   .number(event)
                   .text(webhook.delivery)
                   .run() != SQLITE_DONE;
    failed_ |= event_.number(event)
                   .number(at)
                   .text("github")
                   .text(webhook.headers)
                   .blob(webhook.body.data(), webhook.body.size())
                   .text(webhook.delivery)
                   .number(1)
                   .run() != SQLITE_DONE;
    failed_ |= log_.number(event)
                   .number(at)
                   .text("github")
                   .text(webhook.type)
                   .blob(webhook.body.data(), webhook.body.size())
                   .run() != SQLITE_DONE;
    failed_ |=
        message_.number(event).number(event).text("crm").number(at).number(at).run() != SQLITE_DONE;
    failed_ |= queue_.text("crm").number(at).number(event).run() != SQLITE_DONE;
    return event;
  }

  void flush() {
    const bool durable =
        !failed_ && sqlite3_exec(database_, "COMMIT", nullptr, nullptr, nullptr) == SQLITE_OK;
    if (!durable) sqlite3_exec(database_, "ROLLBACK", nullptr, nullptr, nullptr);
    failed_ = false;
    for (const Waiting& one : waiting_) {
      const std::string body = "{\"id\":\"evt_" + std::to_string(one.event) + "\"}";
      evhttp_add_header(evhttp_request_get_output_headers(one.request), "content-type",
                        "application/json");
      evbuffer_add(evhttp_request_get_output_buffer(one.request), body.data(), body.size());
      evhttp_send_reply(one.request, durable ? HTTP_OK : HTTP_SERVUNAVAIL, nullptr, nullptr);
    }
    waiting_.clear();
  }

  sqlite3* database_;
  std::string secret_;
  event* flush_ = nullptr;
  std::vector<Waiting> waiting_;
  std::int64_t last_ = 0;
  bool failed_ = false;
  Statement find_{database_, "SELECT event FROM seen WHERE digest=?"};
  Statement seen_{database_, "INSERT INTO seen VALUES(?, ?, ?, ?)"};
  Statement event_{database_, "INSERT INTO events VALUES(?, ?, ?, ?, ?, ?, ?)"};
  Statement log_{database_, "INSERT INTO log VALUES(?, ?, ?, ?, ?)"};
  Statement message_{database_, "INSERT INTO messages VALUES(?, ?, ?, 1, 0, ?, ?)"};
  Statement queue_{database_, "INSERT INTO queue VALUES(?, ?, ?)"};
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4 || sodium_init() < 0) {
    std::fprintf(stderr, "usage: native_baseline PORT DATABASE SECRET\n");
    return 2;
  }
  sqlite3* database = nullptr;
  if (sqlite3_open(argv[2], &database) != SQLITE_OK ||
      sqlite3_exec(database, kSchema, nullptr, nullptr, nullptr) != SQLITE_OK) {
    std::fprintf(stderr, "native_baseline: %s\n", sqlite3_errmsg(database));
    return 1;
  }
  event_base* base = event_base_new();
  event_base_priority_init(base, kFlushPriority + 1);
  Baseline baseline(base, database, argv[3]);
  evhttp* http = evhttp_new(base);
  evhttp_set_gencb(
      http,
      [](evhttp_request* request, void* self) { static_cast<Baseline*>(self)->take(request); },
      &baseline);
  const auto port = static_cast<std::uint16_t>(std::strtoul(argv[1], nullptr, 10));
  if (evhttp_bind_socket(http, "127.0.0.1", port) != 0) return 1;
  event_base_dispatch(base);
  return 0;
}
