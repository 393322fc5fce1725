import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import {
  readAnswers,
  readCalls,
  writeAnswers,
  writeCalls,
} from "../../host-shims/cloudflare/batch.ts";
import { CallLine, LINE_LIMITS } from "../../host-shims/cloudflare/call_line.ts";
import type { LineLimits } from "../../host-shims/cloudflare/call_line.ts";
import { ERROR_OVERLOADED, ERROR_UNKNOWN_OUTCOME, OK } from "../../host-shims/shared/abi.ts";
import type { Bytes } from "../../host-shims/shared/frames.ts";
import { outcome } from "../../host-shims/shared/platform.ts";
import type { Outcome } from "../../host-shims/shared/platform.ts";

const bytes = (text: string): Bytes => new TextEncoder().encode(text) as Bytes;
const text = (frame: Bytes): string => new TextDecoder().decode(frame);

/** What a line has sent, to be answered by the test. */
class Cell {
  readonly batches: string[][] = [];
  readonly #answers: ((answers: readonly Outcome[]) => void)[] = [];
  readonly line: CallLine;

  constructor(limits: Partial<LineLimits> = {}) {
    this.line = new CallLine((frames) => {
      this.batches.push(frames.map(text));
      return new Promise((answer) => this.#answers.push(answer));
    }, { ...LINE_LIMITS, ...limits });
  }

  /** Answers a batch with its own frames. */
  async answer(batch: number): Promise<void> {
    const frames = this.batches[batch] ?? [];
    this.#answers[batch]?.(frames.map((frame) => outcome(OK, bytes(`re ${frame}`))));
    await vi.advanceTimersByTimeAsync(0);
  }

  /** What a call came to so far: its answer, its error, or "waits". */
  call(frame: string): { said: string | number } {
    const call: { said: string | number } = { said: "waits" };
    void this.line.call(bytes(frame)).then(({ status, bytes: answer }) => {
      call.said = status === OK ? text(answer) : status;
    });
    return call;
  }
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("cloudflare/call_line", () => {
  test("a call alone goes at once; what comes meanwhile is the next batch", async () => {
    const cell = new Cell();
    const calls = ["a", "b", "c"].map((frame) => cell.call(frame));
    expect(cell.batches).toEqual([["a"]]);
    await cell.answer(0);
    expect(calls.map(({ said }) => said)).toEqual(["re a", "waits", "waits"]);
    calls.push(cell.call("d"));
    expect(cell.batches).toEqual([["a"], ["b", "c"]]);
    await cell.answer(1);
    expect(cell.batches[2]).toEqual(["d"]);
    await cell.answer(2);
    expect(calls.map(({ said }) => said)).toEqual(["re a", "re b", "re c", "re d"]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("a batch keeps its limits, and one large call is a batch", async () => {
    const cell = new Cell({ batchCalls: 3, batchBytes: 10 });
    for (const frame of ["first", "1", "2", "3", "x".repeat(50), "123456", "7890"]) {
      cell.call(frame);
    }
    for (let batch = 0; batch < 4; ++batch) await cell.answer(batch);
    expect(cell.batches).toEqual([
      ["first"], ["1", "2", "3"], ["x".repeat(50)], ["123456", "7890"]]);
  });

  test("a line that is full refuses, and what it has refused was never sent", async () => {
    const cell = new Cell({ lineCalls: 2, lineBytes: 100 });
    const calls = ["a", "b", "c", "d"].map((frame) => cell.call(frame));
    await cell.answer(0);
    expect(calls.map(({ said }) => said)).toEqual(["re a", "waits", "waits", ERROR_OVERLOADED]);
    await cell.answer(1);
    cell.call("led");
    cell.call("x".repeat(90));
    const refused = cell.call("y".repeat(20));
    await cell.answer(2);
    expect(refused.said).toBe(ERROR_OVERLOADED);
    expect(cell.batches.flat()).not.toContain("y".repeat(20));
  });

  test("an answer that is missing is an unknown outcome", async () => {
    const line = new CallLine(async () => []);
    expect((await line.call(bytes("a"))).status).toBe(ERROR_UNKNOWN_OUTCOME);
  });

  test("a turn that its owner does not use is taken by one that waits", async () => {
    const cell = new Cell({ turnMs: 100, callMs: 1000 });
    const [lost, ...calls] = ["a", "b", "c"].map((frame) => cell.call(frame));
    await vi.advanceTimersByTimeAsync(101);  // The request that led is gone; nobody answers it.
    expect(cell.batches).toEqual([["a"], ["b", "c"]]);
    await cell.answer(1);
    expect([lost, ...calls].map((call) => call?.said)).toEqual(["waits", "re b", "re c"]);
  });

  test("a turn that nobody waits for is taken by the next that comes", async () => {
    const cell = new Cell({ turnMs: 100 });
    cell.call("a");
    await vi.advanceTimersByTimeAsync(101);
    cell.call("b");
    expect(cell.batches).toEqual([["a"], ["b"]]);
  });

  test("a leader that was overtaken gives its answers, and hands nothing on", async () => {
    const cell = new Cell({ turnMs: 100 });
    const calls = ["a", "b", "c"].map((frame) => cell.call(frame));
    await cell.answer(0);
    await vi.advanceTimersByTimeAsync(101);
    calls.push(cell.call("d"), cell.call("e"));  // D overtakes the batch of B and C.
    expect(cell.batches).toEqual([["a"], ["b", "c"], ["d"]]);
    await cell.answer(1);
    expect(cell.batches).toHaveLength(3);
    await cell.answer(2);
    expect(cell.batches[3]).toEqual(["e"]);
    await cell.answer(3);
    expect(calls.map(({ said }) => said)).toEqual(["re a", "re b", "re c", "re d", "re e"]);
  });

  test("a call that nobody answers is given up: sent, its outcome is unknown", async () => {
    const cell = new Cell({ turnMs: 100, callMs: 1000, batchCalls: 2 });
    const calls = ["a", "b", "c"].map((frame) => cell.call(frame));
    await cell.answer(0);
    expect(cell.batches[1]).toEqual(["b", "c"]);
    await vi.advanceTimersByTimeAsync(1101);
    expect(calls.map(({ said }) => said)).toEqual(["re a", "waits", ERROR_UNKNOWN_OUTCOME]);
    await cell.answer(1);  // Late; whoever was told so stays told so.
    expect(calls.map(({ said }) => said)).toEqual(["re a", "re b", ERROR_UNKNOWN_OUTCOME]);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("cloudflare/batch", () => {
  test("calls and answers are read as they were written, in messages of their exact size", () => {
    const frames = [bytes("one"), bytes(""), new Uint8Array([0, 255, 128])];
    const calls = writeCalls(frames);
    expect(calls.buffer.byteLength).toBe(calls.length);
    expect(readCalls(calls).map((frame) => [...frame])).toEqual(frames.map((frame) => [...frame]));
    const answers = [outcome(OK, bytes("yes")), outcome(ERROR_UNKNOWN_OUTCOME)];
    const written = writeAnswers(answers);
    expect(written.buffer.byteLength).toBe(written.length);
    expect(readAnswers(written).map(({ status, bytes: b }) => [status, text(b)])).toEqual([
      [OK, "yes"], [ERROR_UNKNOWN_OUTCOME, ""]]);
  });

  test("a message that is cut short is an error, never a shorter batch", () => {
    const calls = writeCalls([bytes("one"), bytes("two")]);
    for (let size = 0; size < calls.length; ++size) {
      expect(() => readCalls(calls.slice(0, size))).toThrow();
    }
  });
});
