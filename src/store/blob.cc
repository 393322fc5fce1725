#include "store/blob.h"

#include <algorithm>
#include <utility>

#include "base/mark.h"
#include "codec/row.h"
#include "store/keys.h"

namespace sluice::store {
namespace {

constexpr std::size_t kChunksPerCommit = 12;  // 576 KiB.
constexpr std::size_t kChunkOverhead = 128;   // Key, format, due time and length.

std::uint64_t chunks_of(std::size_t size) { return (size + kChunkMax - 1) / kChunkMax; }

ByteView chunk_of(ByteView body, std::uint64_t n) {
  return body.substr(static_cast<std::size_t>(n) * kChunkMax, kChunkMax);
}

// A chunk's row. The first one of a blob that is written ahead knows its intent's due time.
Bytes encode_chunk(std::optional<Instant> due, ByteView bytes) {
  return codec::RowWriter(1).optional_instant(due).text(bytes).take();
}

struct Chunk {
  std::optional<Instant> due;
  Bytes bytes;
};

Result<Chunk> decode_chunk(ByteView bytes) {
  codec::RowReader row(bytes);
  Chunk chunk;
  chunk.due = row.optional_instant();
  chunk.bytes = row.text();
  SLUICE_TRY(row.end());
  return chunk;
}

Bytes encode_intent() { return codec::RowWriter(1).take(); }

}  // namespace

std::string chunk_key(const std::string& blob, std::uint64_t n) {
  return key({"bl/", blob, "/", fixed(n)});
}

std::string intent_key(Instant due, const std::string& blob) {
  return key({"gc/", fixed(due), "/", blob});
}

Cost blob_cost(std::size_t size) {
  const auto chunks = static_cast<std::size_t>(chunks_of(size));
  return {.mutations = chunks, .checks = 0, .bytes = size + chunks * kChunkOverhead};
}

void put_blob(Transaction& transaction, std::string blob, ByteView body) {
  for (std::uint64_t n = 0; n < chunks_of(body.size()); ++n) {
    transaction.put(chunk_key(blob, n), encode_chunk(std::nullopt, chunk_of(body, n)));
  }
}

Task<Result<void>> write_blob(Store& store, std::string blob, Bytes body, Instant due) {
  if (body.empty() || body.size() > kBlobMax) co_return Error{Errc::kTooBig, "a blob's size"};
  const std::uint64_t chunks = chunks_of(body.size());
  const std::string intent = intent_key(due, blob);
  for (std::uint64_t n = 0; n < chunks;) {
    SLUICE_CO_TRY(auto transaction, co_await store.begin());
    // The first commit makes the intent, the others hold on to it: where the sweeper has taken it,
    // nobody would delete what is written now.
    if (n == 0) {
      transaction.check_absent(intent);
      transaction.put(intent, encode_intent());
      transaction.wake_by(due);
    } else {
      SLUICE_CO_TRY(const auto row, co_await transaction.get(intent));
      if (!row) {
        SLUICE_MARK("blob: the sweeper overtook a slow writer");
        co_return Error{Errc::kTimeout, "a blob's time is over"};
      }
      transaction.check(intent, row->version);
    }
    const std::uint64_t end = std::min<std::uint64_t>(chunks, n + kChunksPerCommit);
    for (; n < end; ++n) {
      const auto known = n == 0 ? std::optional<Instant>(due) : std::nullopt;
      transaction.put(chunk_key(blob, n), encode_chunk(known, chunk_of(body, n)));
    }
    SLUICE_CO_TRY(const auto outcome, co_await transaction.commit());
    if (outcome == Outcome::kConflict) {
      co_return Error{Errc::kConflict, "somebody else writes this blob"};
    }
  }
  co_return Result<void>();
}

Task<Result<void>> adopt_blob(Transaction& transaction, std::string blob) {
  std::string first_key = chunk_key(blob, 0);
  SLUICE_CO_TRY(const auto first, co_await transaction.get(std::move(first_key)));
  if (!first) co_return Error{Errc::kNotFound, "a blob's time is over"};
  SLUICE_CO_TRY(const auto chunk, decode_chunk(first->value));
  if (!chunk.due) co_return Error{Errc::kBadArgument, "this blob was not written ahead"};
  const std::string intent = intent_key(*chunk.due, blob);
  SLUICE_CO_TRY(const auto row, co_await transaction.get(intent));
  if (!row) co_return Error{Errc::kNotFound, "a blob's time is over"};
  transaction.check(intent, row->version);
  transaction.erase(intent);
  co_return Result<void>();
}

Task<Result<Bytes>> read_blob(Transaction& transaction, std::string blob, std::uint32_t size) {
  if (size > kBlobMax) co_return Error{Errc::kCorrupt, "a blob's size is not possible"};
  Bytes body;
  body.reserve(size);
  const std::uint64_t chunks = chunks_of(size);
  for (std::uint64_t n = 0; n < chunks;) {
    std::vector<std::string> keys;
    for (; n < chunks && keys.size() < kGetKeysMax; ++n) keys.push_back(chunk_key(blob, n));
    SLUICE_CO_TRY(const auto rows, co_await transaction.get_all(std::move(keys)));
    for (const auto& row : rows) {
      if (!row) co_return Error{Errc::kCorrupt, "a chunk of a blob is missing"};
      SLUICE_CO_TRY(const auto chunk, decode_chunk(row->value));
      body += chunk.bytes;
    }
  }
  if (body.size() != size) co_return Error{Errc::kCorrupt, "a blob is not of its size"};
  co_return std::move(body);
}

void release_blob(Transaction& transaction, const std::string& blob, Instant now) {
  transaction.put(intent_key(now, blob), encode_intent());
  transaction.wake_by(now);
}

}  // namespace sluice::store
