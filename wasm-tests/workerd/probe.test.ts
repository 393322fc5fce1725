// The front and the cell in the real runtime, around an engine without business.

import { env, exports } from "cloudflare:workers";
import {
  createExecutionContext,
  createScheduledController,
  evictDurableObject,
  runDurableObjectAlarm,
  runInDurableObject,
} from "cloudflare:test";
import { describe, expect, test } from "vitest";

import { readAnswers, writeCalls } from "../../host-shims/cloudflare/batch.ts";
import type { CellObject } from "../../host-shims/cloudflare/cell.ts";
import { utf8Bytes } from "../../host-shims/shared/frames.ts";
import type { Outcome } from "../../host-shims/shared/platform.ts";
import worker from "./worker.ts";

const text = new TextDecoder();

function post(path: string, body: BodyInit = "", headers: HeadersInit = {}): Promise<Response> {
  const url = `https://hooks.example${path}`;
  return exports.default.fetch(new Request(url, { method: "POST", body, headers }));
}

/** Runs an HTTP event in a cell's own instance, where the store is. */
async function rpc(name: string, frame: string): Promise<Outcome> {
  const calls = writeCalls([utf8Bytes(frame)]);
  const [answer] = readAnswers(await env.CELL.getByName(name).calls(name, calls));
  if (answer === undefined) throw new Error("one call has one answer");
  return answer;
}

describe("front/workerd", () => {
  test("a body comes back byte for byte, NUL and invalid UTF-8 included", async () => {
    const body = new Uint8Array(70_000).map((_, i) => (i * 7) % 256);
    const response = await post("/echo", body, { "x-probe": "a, b" });
    expect(response.status).toBe(200);
    expect(response.headers.get("x-probe")).toBe("a, b");
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(body);
  });

  test("a body over the limit is 413, also when its length is not declared", async () => {
    const chunk = new Uint8Array(64 * 1024);
    let pulled = 0;
    const stream = new ReadableStream({
      pull: (controller) => {
        pulled += 1;
        controller.enqueue(chunk);
      },
    });
    const response = await post("/echo", stream);
    expect(response.status).toBe(413);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(await response.json()).toMatchObject({ code: "body_too_large", status: 413 });
    expect(pulled).toBeLessThan(40);
  });

  test("a front has no store", async () => {
    expect(await (await post("/put/key", "value")).text()).toBe("no_capability");
  });

  test("a trap is a 503, and the next request is served by a fresh instance", async () => {
    const trapped = await post("/trap");
    expect(trapped.status).toBe(503);
    expect(await trapped.json()).toMatchObject({ code: "unavailable" });
    expect((await post("/echo", "again")).status).toBe(200);
  });

  test("a trap fails what waits in the same instance, each inside its own request", async () => {
    const waiting = post("/call/slow.0", "abc");
    const trapped = post("/trap");
    const statuses = [(await trapped).status, (await waiting).status];
    expect(statuses[0]).toBe(503);
    expect([200, 503]).toContain(statuses[1]);
    expect(await (await post("/call/slow.0", "abc")).text()).toBe("cba");
  });

  test("concurrent requests each get their own answer", async () => {
    const bodies = [...Array(40).keys()].map((i) => `body ${i}`);
    const answers = await Promise.all(
      bodies.map(async (body) => (await post("/call/echo.0", body)).text()),
    );
    expect(answers).toEqual(bodies.map((body) => [...body].reverse().join("")));
  });

  test("a URL that this parser reads differently is blocked", async () => {
    for (const url of ["http://127.1/", "HTTP://a.example/", "http://a.example", "nonsense"]) {
      expect(await (await post("/fetch", url)).text()).toBe("blocked");
    }
  });

  test("logs and randomness come from the platform", async () => {
    const draws = await Promise.all([post("/log"), post("/log")]);
    const [a, b] = await Promise.all(draws.map((response) => response.arrayBuffer()));
    expect(a?.byteLength).toBe(16);
    expect(new Uint8Array(a ?? new ArrayBuffer(0))).not.toEqual(new Uint8Array(b ?? a!));
  });

  test("a cron tick whose core cannot store is survived", async () => {
    const controller = createScheduledController({ scheduledTime: 1750000000000 });
    await worker.scheduled(controller, env, createExecutionContext());
  });
});

describe("cell/workerd", () => {
  test("a call answers with the reply's frame", async () => {
    const reply = await rpc("calls.0", "abc");
    expect([reply.status, text.decode(reply.bytes)]).toEqual([0, "cba"]);
  });

  test("a trap in a cell is an unknown outcome, and the next call is served", async () => {
    expect((await rpc("traps.0", "trap")).status).toBe(-6);
    expect((await rpc("traps.0", "abc")).status).toBe(0);
    expect((await post("/call/traps.0", "trap")).status).toBe(503);
    expect(await (await post("/call/traps.0", "abc")).text()).toBe("cba");
  });

  async function put(name: string, key: string, value: string | undefined): Promise<void> {
    await rpc(name, "boot");
    const stub = env.CELL.getByName(name);
    await runInDurableObject<CellObject, void>(stub, (_cell, { storage }) => {
      if (value === undefined) storage.sql.exec("DELETE FROM kv WHERE k = ?", key);
      else {
        const bytes = utf8Bytes(value);
        storage.sql.exec("INSERT INTO kv(k, v, ver) VALUES (?, ?, 1)", key, bytes);
      }
    });
  }

  /** The count of alarms in the store, and when the platform's alarm is set. */
  function alarms(name: string): Promise<[count: number, at: number | null]> {
    return runInDurableObject<CellObject, [number, number | null]>(
      env.CELL.getByName(name),
      async (_cell, { storage }) => {
        const rows = storage.sql.exec("SELECT v FROM kv WHERE k = 'alarms'").toArray();
        const value = rows[0]?.["v"];
        const count = value instanceof ArrayBuffer ? value.byteLength : 0;
        return [count, await storage.getAlarm()];
      },
    );
  }

  async function arm(name: string, wakeMs: number): Promise<void> {
    await rpc(name, "boot");
    const stub = env.CELL.getByName(name);
    await runInDurableObject<CellObject, void>(stub, async (_cell, { storage }) => {
      storage.sql.exec("INSERT OR REPLACE INTO meta(k, v) VALUES ('wake', ?)", wakeMs);
      await storage.setAlarm(Date.now() + 3600_000);
    });
    // The wake is the store's; a new object reads it.
    await evictDurableObject(stub);
  }

  test("an alarm runs the engine, which moves its wake", async () => {
    await arm("alarm.0", 1);
    expect(await runDurableObjectAlarm(env.CELL.getByName("alarm.0"))).toBe(true);
    expect(await alarms("alarm.0")).toEqual([1, null]);
  });

  test("an alarm that traps is set again, later each time, and never lost", async () => {
    const name = "alarm-traps.0";
    await put(name, "alarm-traps", "yes");
    await arm(name, 1);
    const stub = env.CELL.getByName(name);
    const delays: number[] = [];
    for (let round = 0; round < 8; ++round) {
      expect(await runDurableObjectAlarm(stub)).toBe(true);
      const [count, at] = await alarms(name);
      expect(count).toBe(0);
      delays.push(Math.round(((at ?? 0) - Date.now()) / 1000));
    }
    expect(delays.map((delay, i) => Math.abs(delay - Math.min(2 ** (i + 1), 256)) <= 1)).toEqual(
      delays.map(() => true),
    );
    await put(name, "alarm-traps", undefined);
    expect(await runDurableObjectAlarm(stub)).toBe(true);
    expect(await alarms(name)).toEqual([1, null]);
  });

  test("an object that has never been called has nothing to wake", async () => {
    const stub = env.CELL.getByName("stranger.0");
    await runInDurableObject<CellObject, void>(stub, (_cell, { storage }) =>
      storage.setAlarm(Date.now() + 3600_000),
    );
    expect(await runDurableObjectAlarm(stub)).toBe(true);
  });
});
