// A Durable Object's SQLite, as the store needs it.
//
// `transactionSync` takes a function that does not wait: one that returned a promise would be
// accepted, and would commit before its work is done.

import type { Sql, SqlRow, SqlValue } from "../shared/sql_store.ts";

export function sqlOf(storage: DurableObjectStorage): Sql {
  return {
    all: (statement: string, ...values: SqlValue[]): readonly SqlRow[] =>
      storage.sql.exec<Record<string, SqlStorageValue>>(statement, ...values).toArray(),
    rows: (statement: string, ...values: SqlValue[]): Iterable<SqlRow> =>
      storage.sql.exec<Record<string, SqlStorageValue>>(statement, ...values),
    run: (statement: string, ...values: SqlValue[]): void => {
      storage.sql.exec(statement, ...values);
    },
    transaction: <T>(body: () => T): T => storage.transactionSync(body),
  };
}
