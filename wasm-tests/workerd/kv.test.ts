import { env } from "cloudflare:workers";
import { runInDurableObject } from "cloudflare:test";
import { describe, test } from "vitest";

import { sqlOf } from "../../host-shims/cloudflare/sql.ts";
import { SqlStore } from "../../host-shims/shared/sql_store.ts";
import { KV_CASES } from "../shared/kv_cases.ts";

describe("kv/durable_object", () => {
  for (const [index, { name, run }] of KV_CASES.entries()) {
    test(name, async () => {
      const stub = env.CELL.getByName(`kv-${index}`);
      await runInDurableObject(stub, async (_cell, { storage }) => {
        const open = () =>
          new SqlStore({
            sql: sqlOf(storage),
            arm: (wakeMs) => {
              void (wakeMs === undefined ? storage.deleteAlarm() : storage.setAlarm(wakeMs));
            },
            failed: (error) => {
              throw error;
            },
          });
        await run({
          store: open(),
          reopen: open,
          alarmMs: async () => (await storage.getAlarm()) ?? undefined,
        });
      });
    });
  }
});
