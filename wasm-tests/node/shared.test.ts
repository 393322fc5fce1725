import { describe, expect, test } from "vitest";

import { readBody, readResponse } from "../../host-shims/shared/body.ts";
import { failureOf, isCanonical } from "../../host-shims/shared/fetch.ts";
import { Limiter } from "../../host-shims/shared/limiter.ts";
import { errorName, hostLine, logLine } from "../../host-shims/shared/log.ts";
import * as messages from "../../host-shims/shared/messages.ts";
import { RandomPool } from "../../host-shims/shared/random_pool.ts";
import { Rearm } from "../../host-shims/shared/rearm.ts";
import { environmentOf, trapOnOf } from "../../host-shims/shared/settings.ts";

function streamOf(sizes: readonly number[], ended = true) {
  const state = { cancelled: false, pulled: 0 };
  const stream = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      const size = sizes[state.pulled++];
      if (size !== undefined) controller.enqueue(new Uint8Array(size).fill(state.pulled));
      else if (ended) controller.close();
      else return new Promise<void>(() => undefined);
      return undefined;
    },
    cancel: () => void (state.cancelled = true),
  });
  return { stream, state };
}

const never = new AbortController().signal;

describe("shared/body", () => {
  test("a body at the limit is whole, one byte more is cut and read no further", async () => {
    const exact = await readBody(streamOf([60, 40]).stream, 100, never);
    expect([exact.bytes.length, exact.truncated]).toEqual([100, false]);
    const { stream, state } = streamOf([60, 41, 1000, 1000, 1000, 1000]);
    const cut = await readBody(stream, 100, never);
    expect([cut.bytes.length, cut.truncated, state.cancelled]).toEqual([100, true, true]);
    expect(state.pulled).toBeLessThan(5);
    expect([cut.bytes[59], cut.bytes[60]]).toEqual([1, 2]);
  });

  test("no body is no bytes", async () => {
    expect((await readBody(null, 100, never)).bytes.length).toBe(0);
    expect((await readBody(streamOf([]).stream, 0, never)).truncated).toBe(false);
  });

  test("a body that does not end is given up when the signal says so", async () => {
    const abort = new AbortController();
    const { stream, state } = streamOf([10], false);
    const reading = readBody(stream, 100, abort.signal);
    abort.abort(new Error("too slow"));
    await expect(reading).rejects.toThrow("too slow");
    expect(state.cancelled).toBe(true);
    await expect(readBody(streamOf([10], false).stream, 100, abort.signal)).rejects.toThrow();
  });
});

describe("shared/fetch bodies", () => {
  const response = (body: BodyInit, headers: Record<string, string>) =>
    new Response(body, { headers });

  test("a declared length within the limit is one read, and an empty one is none", async () => {
    const whole = await readResponse(response("abc", { "content-length": "3" }), 3, never);
    expect([Buffer.from(whole.bytes).toString(), whole.truncated]).toEqual(["abc", false]);
    const none = await readResponse(response("", { "content-length": "0" }), 3, never);
    expect([none.bytes.length, none.truncated]).toEqual([0, false]);
  });

  test("a length that lies, or that is of something encoded, lets no more through", async () => {
    const lie = await readResponse(response("abcdef", { "content-length": "2" }), 3, never);
    expect([lie.bytes.length, lie.truncated]).toEqual([3, true]);
    const { stream, state } = streamOf([2, 2, 2, 2, 2, 2, 2, 2]);
    const headers = { "content-length": "2", "content-encoding": "gzip" };
    const encoded = await readResponse(response(stream, headers), 3, never);
    expect([encoded.bytes.length, encoded.truncated]).toEqual([3, true]);
    expect(state.pulled).toBeLessThan(6);
    for (const length of ["4", "-1", "1e9", "x", ""]) {
      const cut = await readResponse(response("abcd", { "content-length": length }), 3, never);
      expect([cut.bytes.length, cut.truncated]).toEqual([3, true]);
    }
  });

  test("a body that is late is given up", async () => {
    const abort = new AbortController();
    const { stream } = streamOf([1], false);
    const late = readResponse(response(stream, { "content-length": "2" }), 3, abort.signal);
    abort.abort(new Error("late"));
    await expect(late).rejects.toThrow("late");
  });
});

describe("shared/limiter", () => {
  test("at most so many run, the rest in order, and a failure makes room", async () => {
    const limiter = new Limiter(2);
    const order: number[] = [];
    let running = 0;
    let runningMax = 0;
    const work = (index: number) =>
      limiter.run(async () => {
        runningMax = Math.max(runningMax, ++running);
        await new Promise((done) => setImmediate(done));
        running -= 1;
        order.push(index);
        if (index === 1) throw new Error("one fails");
      });
    const results = await Promise.allSettled([0, 1, 2, 3, 4].map(work));
    const failed = results.map(({ status }) => status === "rejected");
    expect(failed).toEqual([false, true, false, false, false]);
    expect([runningMax, order]).toEqual([2, [0, 1, 2, 3, 4]]);
  });
});

describe("shared/random_pool", () => {
  test("no byte is handed out twice, whatever the sizes of the draws", () => {
    let drawn = 0;
    const pool = new RandomPool((into) => {
      expect(into.length).toBeLessThanOrEqual(65_536);
      for (let i = 0; i + 4 <= into.length; i += 4) {
        new DataView(into.buffer, into.byteOffset).setUint32(i, ++drawn);
      }
    });
    const seen = new Set<number>();
    let count = 0;
    for (const size of [16, 8, 64, 16, 68, 200_000, 4, 0].concat(Array(300).fill(16))) {
      const into = new Uint8Array(size);
      pool.draw(into);
      for (let i = 0; i < size; i += 4) seen.add(new DataView(into.buffer).getUint32(i));
      count += size / 4;
    }
    expect(seen.size).toBe(count);
    expect(seen.has(0)).toBe(false);
  });
});

describe("shared/rearm", () => {
  test("an alarm that changed its wake follows it; one that did not runs later and later", () => {
    const rearm = new Rearm();
    expect(rearm.next(100, 500, 200)).toBe(500);
    expect(rearm.next(100, undefined, 200)).toBeUndefined();
    const delays = [...Array(10).keys()].map(() => (rearm.next(100, 100, 0) ?? 0) / 1000);
    expect(delays).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
    expect(rearm.next(100, 101, 0)).toBe(101);
    expect(rearm.next(100, 100, 0)).toBe(2000);
    expect(rearm.next(9e12, 9e12, 0)).toBe(9e12);
  });
});

describe("shared/settings", () => {
  test("the core gets the variables that the manifest names, and no others", () => {
    const manifest = '{"a": "env:TOKEN_1", "b": ["env:TOKEN_1", "env:absent", "env:NUMBER"]}';
    const variables = { TOKEN_1: "s", OTHER: "t", NUMBER: 7 };
    expect(environmentOf(manifest, variables)).toEqual([["TOKEN_1", "s"]]);
  });

  test("a trap is asked for by kind and needle, and by nothing else", () => {
    expect(trapOnOf("1:/trap:x")).toEqual({ trapOn: { kind: 1, needle: "/trap:x" } });
    for (const text of [undefined, "", "yes", ":x", 7]) expect(trapOnOf(text)).toEqual({});
  });
});

describe("shared/fetch", () => {
  test("a canonical URL is one that this parser leaves as it is", () => {
    expect(isCanonical("https://a.example/x?y=1")).toBe(true);
    for (const url of ["https://A.example/", "https://a.example", "https://0x7f.1/", "x", ""]) {
      expect(isCanonical(url)).toBe(false);
    }
  });

  test("a failure is named by the platform's words, in doubt as maybe seen", () => {
    const fault = (message: string) => failureOf(new Error(message));
    expect(fault("DNS lookup failed.")).toEqual({ fault: messages.FAULT_DNS, maybeSeen: false });
    expect(fault("TLS peer's certificate is not trusted")).toMatchObject({ maybeSeen: false });
    expect(fault("connect(): Connection refused")).toMatchObject({ fault: messages.FAULT_CONNECT });
    const lost = { fault: messages.FAULT_ABORTED, maybeSeen: true };
    expect(fault("Network connection lost.")).toEqual(lost);
    expect(failureOf("odd")).toEqual(lost);
  });
});

describe("shared/log", () => {
  test("a record is one flat line, and an error is its name without its text", () => {
    const record = { event: "delivery", fields: [["status", "200"]] } as const;
    expect(logLine(1, record, "main.0")).toEqual({
      level: "info",
      event: "delivery",
      cell: "main.0",
      status: "200",
    });
    expect(logLine(9, record, "")["level"]).toBe("error");
    const reason = errorName(new TypeError("secret"));
    expect(hostLine("x", { reason })).toEqual({ level: "error", event: "x", reason: "TypeError" });
    expect(errorName("secret")).toBe("string");
  });
});
