#include "store/migrate.h"

#include <string>
#include <utility>

#include "store/store.h"

namespace sluice::store {

Bytes encode(const Schema& schema) {
  return codec::RowWriter(1).u8(schema.newest).u8(schema.floor).take();
}

Result<Schema> decode_schema(ByteView bytes) {
  codec::RowReader row(bytes);
  Schema schema;
  schema.newest = row.u8();
  schema.floor = row.u8();
  SLUICE_TRY(row.end());
  if (schema.floor == 0 || schema.floor > schema.newest) {
    return Error{Errc::kCorrupt, "m/schema: the floor is not a format that was written"};
  }
  return schema;
}

Result<void> admit(const Schema& schema, const Formats& formats) {
  if (schema.newest > formats.newest) {
    return Error{Errc::kUnknownFormat, "a newer version wrote this store"};
  }
  if (schema.floor < formats.oldest) {
    return Error{Errc::kUnknownFormat, "this store is older than what this version reads"};
  }
  return {};
}

Task<Result<void>> raise_floor(Store& store, std::uint8_t floor) {
  SLUICE_CO_TRY(auto transaction, co_await store.begin());
  std::string key(kSchemaKey);
  SLUICE_CO_TRY(const auto row, co_await transaction.get(key));
  if (!row) co_return Error{Errc::kCorrupt, "m/schema is missing"};
  SLUICE_CO_TRY(auto schema, decode_schema(row->value));
  if (floor < schema.floor || floor > store.formats().newest) {
    co_return Error{Errc::kBadArgument, "the floor goes up, to a format that this version reads"};
  }
  schema.floor = floor;
  if (schema.newest < floor) schema.newest = floor;
  transaction.check(key, row->version);
  transaction.put(key, encode(schema));
  SLUICE_CO_TRY(const auto outcome, co_await transaction.commit());
  if (outcome == Outcome::kConflict) co_return Error{Errc::kConflict, "m/schema has changed"};
  store.schema_ = schema;
  co_return Result<void>();
}

}  // namespace sluice::store
