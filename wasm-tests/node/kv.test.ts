import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, describe, expect, test } from "vitest";

import { openDatabase } from "../../host-shims/node/sqlite.ts";
import { ERROR_FULL, ERROR_IO } from "../../host-shims/shared/abi.ts";
import { WAKE_AT } from "../../host-shims/shared/messages.ts";
import { SqlStore, storedCells } from "../../host-shims/shared/sql_store.ts";
import type { Sql } from "../../host-shims/shared/sql_store.ts";
import { KV_CASES } from "../shared/kv_cases.ts";

const folder = mkdtempSync(join(tmpdir(), "sluice-kv-"));
afterAll(() => rmSync(folder, { recursive: true }));

const empty = { checks: [], wake: 0, wakeMs: 0, commitId: new Uint8Array(16) };
const putOf = (key: string, size: number) => ({
  ...empty,
  mutations: [{ key, value: new Uint8Array(size), expiryMs: undefined }],
});

function storeOn(sql: Sql, prefix: string, failures: unknown[] = []): SqlStore {
  return new SqlStore({
    sql,
    prefix,
    arm: () => undefined,
    failed: (error) => failures.push(error),
  });
}

describe("kv/node_sqlite", () => {
  for (const [index, { name, run }] of KV_CASES.entries()) {
    test(name, async () => {
      const database = openDatabase(join(folder, `${index}.db`));
      let alarmMs: number | undefined;
      const open = () =>
        new SqlStore({
          sql: database,
          prefix: "main.0 ",
          arm: (wakeMs) => (alarmMs = wakeMs),
          failed: (error) => {
            throw error;
          },
        });
      await run({ store: open(), reopen: open, alarmMs: async () => alarmMs });
      database.close();
    });
  }

  test("cells of one file do not see each other, and each has its wake", () => {
    const database = openDatabase(join(folder, "cells.db"));
    const [a, b] = [storeOn(database, "a.0 "), storeOn(database, "a.00 ")];
    a.commit({ ...putOf("k", 1), wake: WAKE_AT, wakeMs: 5 });
    b.commit(putOf("k", 2));
    const sizeOf = (store: SqlStore) =>
      store.range({ lo: "!", hi: "~~", limit: 10, reverse: false }).bytes.length;
    expect(sizeOf(b)).toBe(sizeOf(a) + 1);
    expect([a.wakeMs, b.wakeMs]).toEqual([5, undefined]);
    expect(storedCells(database)).toEqual(["a.0 "]);
    database.close();
  });

  test("a large value that is replaced or deleted leaves nothing behind", () => {
    const database = openDatabase(join(folder, "big.db"));
    const store = storeOn(database, "a ");
    const large = () => [...database.rows("SELECT id FROM big")].length;
    const counts = [257, 300, 256, 5000, 0, 60_000].map((size) => {
      store.commit(putOf("k", size));
      const [row] = [...database.rows("SELECT length(v) AS n FROM kv")];
      return [large(), row?.["n"]];
    });
    expect(counts).toEqual([[1, null], [1, null], [0, 256], [1, null], [0, 0], [1, null]]);
    const gone = [{ key: "k", value: undefined, expiryMs: undefined }];
    store.commit({ ...empty, mutations: gone });
    expect(large()).toBe(0);
    database.close();
  });

  test("a full disk is FULL, writes nothing, and later commits go on", () => {
    const database = openDatabase(join(folder, "full.db"));
    const failures: unknown[] = [];
    const store = storeOn(database, "a ", failures);
    store.commit(putOf("kept", 10));
    database.run("PRAGMA max_page_count = 12");
    const refused = store.commit({ ...putOf("big", 60_000), wake: WAKE_AT, wakeMs: 5 });
    expect(refused.status).toBe(ERROR_FULL);
    expect(failures).toHaveLength(1);
    expect(store.wakeMs).toBeUndefined();
    expect(store.commit(putOf("small", 10)).status).toBe(0);
    database.close();
  });

  test("a store that cannot be read or written says IO", () => {
    const database = openDatabase(join(folder, "io.db"));
    const failures: unknown[] = [];
    const store = storeOn(database, "a ", failures);
    database.run("PRAGMA query_only = 1");
    expect(store.commit(putOf("k", 1)).status).toBe(ERROR_IO);
    database.close();
    expect(store.get(["k"]).status).toBe(ERROR_IO);
    expect(failures).toHaveLength(2);
  });
});
