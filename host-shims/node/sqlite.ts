// The store's file: one SQLite database for all cells of this process, which owns it alone.
//
// Every commit is on disk before it returns (WAL, synchronous=FULL).

import { DatabaseSync } from "node:sqlite";
import type { SQLInputValue, StatementSync } from "node:sqlite";

import type { Sql, SqlRow, SqlValue } from "../shared/sql_store.ts";

export interface Database extends Sql {
  close(): void;
}

export function openDatabase(path: string): Database {
  const database = new DatabaseSync(path);
  database.exec("PRAGMA locking_mode = EXCLUSIVE");
  database.exec("PRAGMA journal_mode = WAL");
  database.exec("PRAGMA synchronous = FULL");
  const statements = new Map<string, StatementSync>();
  const prepared = (text: string): StatementSync => {
    let statement = statements.get(text);
    if (statement === undefined) {
      statement = database.prepare(text);
      statements.set(text, statement);
    }
    return statement;
  };
  const inputs = (values: readonly SqlValue[]): SQLInputValue[] =>
    values.map((value) => (value instanceof ArrayBuffer ? new Uint8Array(value) : value));

  return {
    all: (text: string, ...values: SqlValue[]): readonly SqlRow[] =>
      prepared(text).all(...inputs(values)) as SqlRow[],
    rows: (text: string, ...values: SqlValue[]): Iterable<SqlRow> =>
      prepared(text).iterate(...inputs(values)) as Iterable<SqlRow>,
    run: (text: string, ...values: SqlValue[]): void => {
      prepared(text).run(...inputs(values));
    },
    transaction: <T>(body: () => T): T => {
      database.exec("BEGIN IMMEDIATE");
      try {
        const value = body();
        database.exec("COMMIT");
        return value;
      } catch (error) {
        // SQLite has rolled back by itself after some errors, such as a full disk.
        if (database.isTransaction) database.exec("ROLLBACK");
        throw error;
      }
    },
    close: (): void => database.close(),
  };
}
