// Bodies that are too large for a row, in chunks: `bl/<blob>/<~n>`.
//
// A blob of one commit is put by the transaction that names it. A larger one is written ahead,
// under an intent in its first chunk's commit; the transaction that names it takes the intent
// away, and a writer that dies leaves the intent, whose due time lets the sweeper delete the
// chunks. So no chunk is leaked, and no row names a blob that is not whole.
//
//   write_blob:  { bl/B/0  gc/<due>/B }  { bl/B/1 ... }  { bl/B/13 ... }
//   adopt_blob:  { the row that names B, and the intent deleted, if it was still there }
//   release_blob: { the row names B no more, and gc/<now>/B }
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "store/store.h"

namespace sluice::store {

inline constexpr std::size_t kChunkMax = 48 * 1024;
inline constexpr std::size_t kBlobMax = 64 * 1024 * 1024;

// What `put_blob` takes of a commit's budget.
[[nodiscard]] Cost blob_cost(std::size_t size);

// Writes the whole blob in this transaction, which must have room for it.
void put_blob(Transaction& transaction, std::string blob, ByteView body);

// Writes a blob ahead, in as many commits as it takes. `due` is when it may be deleted unless it
// was adopted. `blob` is a fresh name: letters of an id. Errors: kTooBig, those of a commit.
Task<Result<void>> write_blob(Store& store, std::string blob, Bytes body, Instant due);

// Takes a blob that was written ahead: deletes its intent in this transaction.
// Errors: kNotFound (its time is over: the sweeper has begun to delete it).
Task<Result<void>> adopt_blob(Transaction& transaction, std::string blob);

// The bytes of a blob. kCorrupt where it is not whole.
Task<Result<Bytes>> read_blob(Transaction& transaction, std::string blob, std::uint32_t size);

// Gives a blob up in the transaction that takes its name out of a row: writes an intent that is due
// `now`, one row, and the sweeper deletes the chunks.
void release_blob(Transaction& transaction, const std::string& blob, Instant now);

// Keys, for the sweeper.
[[nodiscard]] std::string chunk_key(const std::string& blob, std::uint64_t n);
[[nodiscard]] std::string intent_key(Instant due, const std::string& blob);

}  // namespace sluice::store
