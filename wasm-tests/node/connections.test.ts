import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { CONNECTIONS_MAX, Connections } from "../../host-shims/cloudflare/connections.ts";
import type { Carrier } from "../../host-shims/cloudflare/connections.ts";
import { failureOf, NOT_MADE } from "../../host-shims/shared/fetch.ts";
import { FAULT_ABORTED } from "../../host-shims/shared/messages.ts";
import type { HttpOutcome, HttpStart } from "../../host-shims/shared/messages.ts";

const NEVER = new AbortController().signal;

function start(url: string): HttpStart {
  return {
    method: "POST",
    url,
    headers: [],
    body: new Uint8Array(),
    timeoutMs: 1000,
    responseMax: 1000,
    privateAllowed: false,
  };
}

function answered(by: string): HttpOutcome {
  return { status: 200, headers: [["by", by]], body: new Uint8Array(), truncated: false };
}

interface Request {
  readonly by: string;
  readonly url: string;
  answer(outcome: HttpOutcome | null): void;
  fail(): void;
}

/** A cell whose requests wait for the test, and whose couriers open as it says. */
class Cell {
  readonly requests: Request[] = [];
  readonly closed: string[] = [];
  readonly failures: unknown[] = [];
  readonly connections: Connections;
  opens: boolean | "never" = true;
  opened = 0;

  constructor(hasCouriers = true) {
    this.connections = new Connections({
      open: hasCouriers ? () => this.#open() : undefined,
      fetch: async ({ url }) => (await this.#made("object", url)) ?? NOT_MADE,
      failed: (error) => this.failures.push(error),
    });
  }

  async #open(): Promise<Carrier> {
    this.opened += 1;
    const name = `courier ${this.opened}`;
    await (this.opens === "never" ? new Promise(() => undefined) : Promise.resolve());
    if (!this.opens) throw new Error("too many invocations");
    return { fetch: ({ url }) => this.#made(name, url), close: () => this.closed.push(name) };
  }

  #made(by: string, url: string): Promise<HttpOutcome | null> {
    return new Promise((resolve, reject) => {
      const fail = () => reject(new Error("the invocation is gone"));
      this.requests.push({ by, url, answer: resolve, fail });
    });
  }

  /** What a request came to so far. */
  send(url: string): { outcome: HttpOutcome | "waits" } {
    const sent: { outcome: HttpOutcome | "waits" } = { outcome: "waits" };
    void this.connections.fetch(start(url), NEVER).then((outcome) => (sent.outcome = outcome));
    return sent;
  }

  sendMany(count: number): { outcome: HttpOutcome | "waits" }[] {
    return Array.from({ length: count }, (_, n) => this.send(`https://r.example/${n}`));
  }

  of(by: string): Request[] {
    return this.requests.filter((request) => request.by === by);
  }

  /** Answers every request that waits now. */
  async answerAll(): Promise<void> {
    for (const request of this.requests.splice(0)) request.answer(answered(request.by));
    await settled();
  }
}

const settled = () => vi.advanceTimersByTimeAsync(0);
/** So long that whoever waits for the object goes to a courier. */
const waited = () => vi.advanceTimersByTimeAsync(100);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("cloudflare/connections", () => {
  test("the object makes six requests itself, each courier six, and the rest waits", async () => {
    const cell = new Cell();
    const sent = cell.sendMany(20);
    await waited();
    const [own, first, second] = ["object", "courier 1", "courier 2"].map((by) => cell.of(by));
    expect([own?.length, first?.length, second?.length]).toEqual([6, 6, 6]);
    expect(cell.connections.max).toBe(3 * CONNECTIONS_MAX);
    own?.[0]?.answer(answered("object"));
    await settled();
    expect(cell.requests.length).toBe(19);
    await cell.answerAll();
    await cell.answerAll();
    expect(sent.every(({ outcome }) => outcome !== "waits")).toBe(true);
  });

  test("no courier is opened while the object has room", async () => {
    const cell = new Cell();
    cell.sendMany(6);
    await cell.answerAll();
    cell.sendMany(6);
    await settled();
    expect(cell.opened).toBe(0);
  });

  test("what need not wait long for the object needs no courier", async () => {
    const cell = new Cell();
    const sent = cell.sendMany(7);
    await vi.advanceTimersByTimeAsync(99);
    cell.requests[0]?.answer(answered("object"));
    await vi.advanceTimersByTimeAsync(200);
    expect(cell.of("object").length).toBe(7);
    await cell.answerAll();
    expect(sent[6]?.outcome).toEqual(answered("object"));
    expect(cell.opened).toBe(0);
  });

  test("where receivers take long, nothing waits for the object", async () => {
    const cell = new Cell();
    cell.sendMany(6);
    await vi.advanceTimersByTimeAsync(200);
    await cell.answerAll();
    cell.sendMany(7);
    await settled();
    expect(cell.of("courier 1").length).toBe(1);
  });

  test("a courier is closed after its last request; another opens when one is needed", async () => {
    const cell = new Cell();
    cell.sendMany(8);
    await waited();
    cell.of("courier 1")[0]?.answer(answered("courier 1"));
    await settled();
    expect(cell.closed).toEqual([]);
    await cell.answerAll();
    expect(cell.closed).toEqual(["courier 1"]);
    cell.sendMany(7);
    await waited();
    expect(cell.of("courier 2").length).toBe(1);
  });

  test("where a Worker exports no courier, six is all", async () => {
    const cell = new Cell(false);
    expect(cell.connections.max).toBe(6);
    const sent = cell.sendMany(7);
    await waited();
    expect(cell.requests.length).toBe(6);
    await cell.answerAll();
    await cell.answerAll();
    expect(sent[6]?.outcome).toEqual(answered("object"));
  });

  test("what a courier that did not open was to make, the object makes", async () => {
    const cell = new Cell();
    cell.opens = false;
    const sent = cell.sendMany(8);
    await waited();
    expect(cell.failures.length).toBe(1);
    expect(cell.requests.length).toBe(6);
    await cell.answerAll();
    await cell.answerAll();
    expect(sent[7]?.outcome).toEqual(answered("object"));

    cell.opens = true;
    cell.sendMany(7);
    await waited();
    expect(cell.opened).toBe(1);  // Not again at once.
    await cell.answerAll();
    await cell.answerAll();
    await vi.advanceTimersByTimeAsync(10_000);
    cell.sendMany(7);
    await waited();
    expect(cell.opened).toBe(2);
  });

  test("what a courier may not make any more the object makes; it takes nothing else", async () => {
    const cell = new Cell();
    const sent = cell.sendMany(8);
    await waited();
    const [spent, other] = cell.of("courier 1");
    spent?.answer(null);
    await settled();
    expect(sent[6]?.outcome).toBe("waits");
    const late = cell.send("https://r.example/late");
    await waited();
    expect(cell.of("courier 1").length).toBe(2);
    other?.answer(answered("courier 1"));
    await settled();
    expect(sent[7]?.outcome).toEqual(answered("courier 1"));
    expect(cell.closed).toEqual(["courier 1"]);
    for (let turn = 0; turn < 2; ++turn) await cell.answerAll();
    expect(sent[6]?.outcome).toEqual(answered("object"));
    expect(late.outcome).toEqual(answered("object"));
  });

  test("a request whose courier is gone may have been seen", async () => {
    const cell = new Cell();
    const sent = cell.sendMany(7);
    await waited();
    cell.of("courier 1")[0]?.fail();
    await settled();
    expect(sent[6]?.outcome).toEqual({ fault: FAULT_ABORTED, maybeSeen: true });
    expect(cell.closed).toEqual(["courier 1"]);
  });

  test("a courier that does not answer is lost, after the request's own deadline", async () => {
    const cell = new Cell();
    const sent = cell.sendMany(7);
    await waited();
    await vi.advanceTimersByTimeAsync(5900);
    expect(sent[6]?.outcome).toBe("waits");
    await vi.advanceTimersByTimeAsync(200);
    expect(sent[6]?.outcome).toEqual({ fault: FAULT_ABORTED, maybeSeen: true });
    expect(cell.closed).toEqual(["courier 1"]);
  });

  test("one that does not open within five seconds does not open", async () => {
    const cell = new Cell();
    cell.opens = "never";
    const sent = cell.sendMany(7);
    await waited();
    await vi.advanceTimersByTimeAsync(5000);
    expect(cell.failures.length).toBe(1);
    await cell.answerAll();
    await cell.answerAll();
    expect(sent[6]?.outcome).toEqual(answered("object"));
  });

  test("what nobody waits for any more is not carried", async () => {
    const cell = new Cell();
    cell.sendMany(6);
    const ended = new AbortController();
    const outcome = cell.connections.fetch(start("https://r.example/7"), ended.signal);
    ended.abort();
    await waited();
    expect(await outcome).toEqual({ fault: FAULT_ABORTED, maybeSeen: false });
    expect(cell.requests.length).toBe(6);
  });

  test("a courier makes a bounded number of requests", async () => {
    const cell = new Cell();
    cell.sendMany(7);
    await waited();
    for (let n = 0; n < 1000; ++n) {
      cell.send(`https://r.example/${n}`);
      await waited();
      const carried = cell.requests.findIndex(({ by }) => by.startsWith("courier"));
      const [request] = cell.requests.splice(carried, 1);
      request?.answer(answered(request.by));
      await settled();
    }
    expect(cell.closed).toContain("courier 1");
    expect(cell.opened).toBe(2);
  });

  test("the platform's refusal to make more requests is told from a request's failure", () => {
    expect(failureOf(new Error("Too many subrequests."))).toBe(NOT_MADE);
    expect(failureOf(new Error("Network connection lost."))).not.toBe(NOT_MADE);
  });
});
