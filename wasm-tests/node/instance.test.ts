// The boundary from the host's side, around an engine without business and a platform by hand.

import { readFileSync } from "node:fs";

import { describe, expect, test } from "vitest";

import * as abi from "../../host-shims/shared/abi.ts";
import { FrameReader, NO_BYTES, utf8Bytes } from "../../host-shims/shared/frames.ts";
import type { Bytes } from "../../host-shims/shared/frames.ts";
import { Instance, RefusedError, TrapError } from "../../host-shims/shared/instance.ts";
import { readHttpResponse, writeBoot, writeCron } from "../../host-shims/shared/messages.ts";
import { writeHttpRequest, writeKvGetResult } from "../../host-shims/shared/messages.ts";
import type { Boot, HttpOutcome, KvCommit, LogRecord } from "../../host-shims/shared/messages.ts";
import { DONE, NO_KV, outcome } from "../../host-shims/shared/platform.ts";
import type { Outcome, Platform } from "../../host-shims/shared/platform.ts";
import { Supervisor } from "../../host-shims/shared/supervisor.ts";
import { PROBE } from "../shared/paths.ts";

const module = new WebAssembly.Module(readFileSync(PROBE));

const BOOT: Boot = {
  role: "cell",
  cell: "main.0",
  capabilities: abi.CAP_MULTI_COMMIT,
  httpInFlightMax: 6,
  storeBytesMax: 2 ** 33,
  bodyMax: 1 << 20,
  manifest: utf8Bytes("{}"),
  environment: [],
};

const PLATFORM: Platform = {
  kv: NO_KV,
  ioOwner: "instance",
  fetch: async () => ({ fault: 5, maybeSeen: true }),
  call: async () => outcome(abi.ERROR_OVERLOADED),
  now: () => 1_750_000_000_000,
  random: (into) => into.fill(7),
  log: () => undefined,
  metric: () => undefined,
};

function instance(platform: Partial<Platform> = {}, boot: Partial<Boot> = {}): Instance {
  return new Instance(module, { ...PLATFORM, ...platform }, writeBoot({ ...BOOT, ...boot }));
}

function request(target: string, body: Bytes | string = ""): Bytes {
  return writeHttpRequest({
    method: "POST",
    target,
    origin: "https://hooks.example",
    headers: [["x-probe", "1"], ["x-probe", "2"]],
    body: typeof body === "string" ? utf8Bytes(body) : body,
  });
}

interface Core {
  event(kind: number, payload: Bytes, signal?: AbortSignal): Promise<Bytes>;
}

async function post(core: Core, target: string, body: Bytes | string = "", signal?: AbortSignal) {
  const reply = readHttpResponse(await core.event(abi.EVENT_HTTP, request(target, body), signal));
  return { ...reply, text: Buffer.from(reply.body).toString("latin1") };
}

function deferred<T>() {
  return Promise.withResolvers<T>();
}

const settled = () => new Promise((done) => setImmediate(done));

describe("shared/instance", () => {
  test("the module imports from sluice_* alone, and exports what the ABI names", () => {
    const imports = WebAssembly.Module.imports(module).map((i) => `${i.module}.${i.name}`);
    expect(imports.sort()).toEqual([
      "sluice_cell.call", "sluice_http.start", "sluice_kv.commit", "sluice_kv.get",
      "sluice_kv.range", "sluice_op.cancel", "sluice_op.take", "sluice_sys.log",
      "sluice_sys.metric", "sluice_sys.random", "sluice_sys.reply", "sluice_time.now",
    ]);
    const exports = WebAssembly.Module.exports(module).map((e) => e.name);
    const named = [
      "_initialize", "memory", "sluice_abi", "sluice_alloc", "sluice_boot", "sluice_cancel",
      "sluice_event", "sluice_free", "sluice_on_op",
    ];
    expect(named.filter((name) => !exports.includes(name))).toEqual([]);
  });

  test("a body of every byte and repeated headers come back as they went", async () => {
    const body = new Uint8Array(100_000).map((_, i) => (i * 31) % 256);
    const reply = await post(instance(), "/echo", body);
    expect(reply.headers).toEqual([["x-probe", "1"], ["x-probe", "2"]]);
    expect(Buffer.from(reply.body).equals(body)).toBe(true);
  });

  test("a store may answer at once or later; the core does not see the difference", async () => {
    const stored = new Map<string, Bytes>();
    const kv = {
      ...NO_KV,
      get: (keys: readonly string[]) => {
        const entries = keys.map((key) => {
          const value = stored.get(key);
          return value && { value, version: utf8Bytes("1") };
        });
        return outcome(abi.OK, writeKvGetResult(entries));
      },
      commit: ({ mutations }: KvCommit) => {
        for (const { key, value } of mutations) stored.set(key, value ?? NO_BYTES);
        return DONE;
      },
    };
    const later = <A extends unknown[]>(now: (...args: A) => Outcome) =>
      async (...args: A): Promise<Outcome> => {
        await settled();
        return now(...args);
      };
    for (const store of [kv, { ...kv, get: later(kv.get), commit: later(kv.commit) }]) {
      stored.clear();
      const core = instance({ kv: store });
      expect((await post(core, "/get/k")).status).toBe(404);
      expect((await post(core, "/put/k", "value")).text).toBe("committed");
      expect((await post(core, "/get/k")).text).toBe("value");
    }
  });

  test("many tasks wait in one instance, and each gets its own result in any order", async () => {
    const calls: ((frame: Outcome) => void)[] = [];
    const core = instance({
      call: () => new Promise((resolve) => calls.push(resolve)),
    });
    const replies = [...Array(50).keys()].map(() => post(core, "/call/other.0", "x"));
    for (const [index, resolve] of [...calls.entries()].reverse()) {
      resolve(outcome(abi.OK, utf8Bytes(`answer ${index}`)));
    }
    const texts = (await Promise.all(replies)).map(({ text }) => text);
    expect(texts).toEqual(texts.map((_, index) => `answer ${index}`));
  });

  test("errors of the platform arrive as what they are", async () => {
    const failing = (status: number) =>
      post(instance({ call: async () => outcome(status) }), "/call/c.0", "x");
    expect((await failing(abi.ERROR_OVERLOADED)).text).toBe("overloaded");
    expect((await failing(abi.ERROR_UNKNOWN_OUTCOME)).text).toBe("unknown_outcome");
    expect((await failing(-77)).text).toBe("io");
    const rejects = instance({ call: () => Promise.reject(new Error("secret")) });
    expect((await post(rejects, "/call/c.0")).text).toBe("unknown_outcome");
    const throws = instance({
      kv: { ...NO_KV, get: () => { throw new Error("secret"); } },
    });
    expect((await post(throws, "/get/k")).text).toBe("io");
  });

  test("what a task lets go is aborted, and its completion is ignored", async () => {
    const answer = deferred<HttpOutcome>();
    let aborted = false;
    const core = instance({
      fetch: (_request, signal) => {
        signal.addEventListener("abort", () => (aborted = true));
        return answer.promise;
      },
    });
    expect((await post(core, "/drop", "https://a.example/")).text).toBe("dropped");
    expect(aborted).toBe(true);
    answer.resolve({ status: 200, headers: [], body: utf8Bytes("late"), truncated: false });
    await settled();
    expect(core.isPoisoned).toBe(false);
    expect((await post(core, "/echo", "on")).text).toBe("on");
  });

  test("cancelling ends a request that is under way", async () => {
    const core = instance({ fetch: () => new Promise(() => undefined) });
    const abort = new AbortController();
    const reply = post(core, "/fetch", "https://a.example/", abort.signal);
    abort.abort();
    expect((await reply).text).toBe("cancelled");
    expect(core.isIdle).toBe(true);
  });

  test("cancelling never ends a call to a cell that is under way", async () => {
    const answer = deferred<Outcome>();
    const core = instance({ call: () => answer.promise });
    const abort = new AbortController();
    const reply = post(core, "/call/c.0", "x", abort.signal);
    abort.abort();
    await settled();
    expect(core.isIdle).toBe(false);
    answer.resolve(outcome(abi.OK, utf8Bytes("done")));
    expect((await reply).text).toBe("done");
  });

  test("a signal that was aborted before the event cancels it at once", async () => {
    const core = instance({ fetch: () => new Promise(() => undefined) });
    const reply = await post(core, "/fetch", "https://a.example/", AbortSignal.abort());
    expect(reply.text).toBe("cancelled");
  });

  test("logs, metrics, randomness and time reach the platform", async () => {
    const records: [number, LogRecord][] = [];
    const samples: unknown[] = [];
    const core = instance({
      log: (level, record) => records.push([level, record]),
      metric: (...sample) => samples.push(sample),
    });
    expect((await post(core, "/log")).text).toBe("\x07".repeat(16));
    expect(records).toEqual([[2, { event: "probe", fields: [["count", "1"]] }]]);
    expect(samples).toEqual([[0, "sluice_probe_total", 2]]);
  });

  test("a manifest that the engine refuses refuses the boot", () => {
    expect(() => instance({}, { manifest: utf8Bytes("refused") })).toThrow(RefusedError);
    expect(() => new Instance(module, PLATFORM, utf8Bytes("no frame"))).toThrow(RefusedError);
  });

  test("a malformed event is refused, and the instance goes on", async () => {
    const core = instance();
    await expect(core.event(abi.EVENT_HTTP, utf8Bytes("no frame"))).rejects.toThrow(RefusedError);
    await expect(core.event(99, NO_BYTES)).rejects.toThrow(RefusedError);
    await expect(core.event(abi.EVENT_CRON, NO_BYTES)).rejects.toThrow(RefusedError);
    expect(core.isIdle).toBe(true);
    expect((await post(core, "/echo", "on")).text).toBe("on");
  });

  test("cron, alarm, RPC and shutdown are replied to", async () => {
    const kv = { ...NO_KV, get: () => outcome(abi.OK, writeKvGetResult([undefined, undefined])) };
    const core = instance({ kv });
    expect((await core.event(abi.EVENT_CRON, writeCron(1))).length).toBe(0);
    expect((await core.event(abi.EVENT_ALARM, NO_BYTES)).length).toBe(0);
    expect(Buffer.from(await core.event(abi.EVENT_RPC, utf8Bytes("abc"))).toString()).toBe("cba");
    expect((await core.event(abi.EVENT_SHUTDOWN, NO_BYTES)).length).toBe(0);
  });
});

describe("shared/supervisor", () => {
  function supervisor(platform: Partial<Platform> = {}, boot: Partial<Boot> = {}): Supervisor {
    const frame = writeBoot({ ...BOOT, ...boot });
    return new Supervisor(module, { ...PLATFORM, ...platform }, () => frame);
  }

  test("a trap fails what waits, aborts its requests, and the next event boots", async () => {
    const late: ((outcome: HttpOutcome) => void)[] = [];
    let aborts = 0;
    const core = supervisor({
      fetch: (_request, signal) => {
        signal.addEventListener("abort", () => (aborts += 1));
        return new Promise((resolve) => late.push(resolve));
      },
    });
    const waiting = [...Array(3).keys()].map(() => post(core, "/fetch", "https://a.example/"));
    const outcomes = Promise.allSettled([...waiting, post(core, "/trap")]);
    for (const result of await outcomes) {
      expect(result.status).toBe("rejected");
      if (result.status === "rejected") expect(result.reason).toBeInstanceOf(TrapError);
    }
    expect(aborts).toBe(3);
    const answer: HttpOutcome = { status: 200, headers: [], body: NO_BYTES, truncated: false };
    const again = post(core, "/fetch", "https://a.example/");
    for (const resolve of late.slice(0, 3)) resolve(answer);
    await settled();
    expect(core.generation).toBe(2);
    late[3]?.(answer);
    expect((await again).text).toBe("200 ");
  });

  test("where I/O belongs to requests, what waits fails when its own operation ends", async () => {
    const answer = deferred<Outcome>();
    const core = supervisor({ ioOwner: "request", call: () => answer.promise });
    let failed = false;
    const waiting = post(core, "/call/c.0").catch(() => (failed = true));
    await expect(post(core, "/trap")).rejects.toThrow(TrapError);
    await settled();
    expect(failed).toBe(false);
    answer.resolve(outcome(abi.OK));
    await waiting;
    expect(failed).toBe(true);
    expect((await post(core, "/echo", "on")).text).toBe("on");
  });

  test("a completion that traps poisons as well", async () => {
    const broken = { status: 0, bytes: undefined as unknown as Bytes };
    const core = supervisor({ call: async () => broken });
    await expect(post(core, "/call/c.0")).rejects.toThrow();
    expect((await post(core, "/echo", "on")).text).toBe("on");
  });

  test("a trap can be asked for, by kind and content", async () => {
    const core = supervisor({}, { trapOn: { kind: abi.EVENT_HTTP, needle: "please" } });
    await expect(post(core, "/echo", "please trap")).rejects.toThrow(TrapError);
    expect((await post(core, "/echo", "thank you")).text).toBe("thank you");
    const rpc = await core.event(abi.EVENT_RPC, utf8Bytes("please"));
    expect(new FrameReader(rpc)).toBeDefined();
    expect(core.generation).toBe(2);
  });

  test("a boot that is refused is tried again by the next event", async () => {
    const core = supervisor({}, { manifest: utf8Bytes("refused") });
    await expect(post(core, "/echo")).rejects.toThrow(RefusedError);
    await expect(post(core, "/echo")).rejects.toThrow(RefusedError);
    expect(core.generation).toBe(2);
  });

  test("an idle instance that has grown large is replaced", async () => {
    const core = supervisor();
    await post(core, "/echo", new Uint8Array(6_000_000));
    await post(core, "/echo", "small");
    expect(core.generation).toBe(2);
  });
});
