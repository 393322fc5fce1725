// The frames as hosts write and read them, against the examples in bindings/abi/README.md.

import { readFileSync } from "node:fs";

import { describe, expect, test } from "vitest";

import { FrameError, FrameReader, FrameWriter } from "../../host-shims/shared/frames.ts";
import { byteText, textOf } from "../../host-shims/shared/frames.ts";
import type { Bytes } from "../../host-shims/shared/frames.ts";
import * as messages from "../../host-shims/shared/messages.ts";

const readme = readFileSync(new URL("../../bindings/abi/README.md", import.meta.url), "utf8");
const examples = new Map<string, Bytes>();
for (const [, name, text] of readme.matchAll(/^```frame (\S+)\n(.*?)^```$/gms)) {
  const digits = (text ?? "").replaceAll(/#.*$/gm, "").replaceAll(/\s/g, "");
  examples.set(name ?? "", new Uint8Array(Buffer.from(digits, "hex")));
}

function example(name: string): Bytes {
  const bytes = examples.get(name);
  if (bytes === undefined) throw new Error(`the README has no frame ${name}`);
  return bytes;
}

const bytes = (text: string): Bytes => new Uint8Array(Buffer.from(text, "latin1"));
const written = (frame: Bytes): string => Buffer.from(frame).toString("hex");
const shown = (name: string): string => written(example(name));

describe("shared/frames", () => {
  test("what hosts write is what the README shows", () => {
    const boot: messages.Boot = {
      role: "cell",
      cell: "main.0",
      capabilities: 15,
      httpInFlightMax: 6,
      storeBytesMax: 8589934592,
      bodyMax: 1048576,
      manifest: bytes("{}"),
      environment: [["TOKEN", "s3"]],
    };
    expect(written(messages.writeBoot(boot))).toBe(shown("boot"));
    const front: messages.Boot = {
      ...boot,
      role: "front",
      cell: "",
      capabilities: 0,
      storeBytesMax: 0,
      environment: [],
      trapOn: { kind: 1, needle: "/trap" },
    };
    expect(written(messages.writeBoot(front))).toBe(shown("boot-trap"));
    const request: messages.InboundRequest = {
      method: "POST",
      target: "/in/github?a=1",
      origin: "https://h.example",
      headers: [["x-a", "1"], ["x-a", "2"]],
      body: bytes("\0\xff{"),
    };
    expect(written(messages.writeHttpRequest(request))).toBe(shown("http-request"));
    expect(written(messages.writeCron(1750000000000))).toBe(shown("cron"));
  });

  test("results that hosts write are what the README shows", () => {
    const entry = { value: bytes("v"), version: bytes("1") };
    const row = { key: "a", ...entry };
    const answered = {
      status: 200,
      headers: [["retry-after", "5"]],
      body: bytes("ok"),
      truncated: true,
    } as const;
    const failed = { fault: messages.FAULT_TIMEOUT, maybeSeen: true };
    expect(written(messages.writeKvGetResult([entry, undefined]))).toBe(shown("kv-get-result"));
    expect(written(messages.writeKvRangeResult([row], "b"))).toBe(shown("kv-range-result"));
    expect(written(messages.writeKvConflict(1))).toBe(shown("kv-conflict"));
    expect(written(messages.writeHttpOutcome(answered))).toBe(shown("http-outcome"));
    expect(written(messages.writeHttpOutcome(failed))).toBe(shown("http-outcome-failure"));
  });

  test("what the core writes is read as the README says", () => {
    expect(messages.readHttpResponse(example("http-response"))).toEqual({
      status: 202,
      headers: [["content-type", "text/plain"]],
      body: bytes("ok"),
    });
    expect(messages.readKvGet(example("kv-get"))).toEqual(["m/owner", "in/x"]);
    expect(messages.readKvRange(example("kv-range"))).toEqual({
      lo: "a",
      hi: "b",
      limit: 256,
      reverse: true,
    });
    expect(messages.readKvCommit(example("kv-commit"))).toEqual({
      checks: [
        { key: "a", version: bytes("1") },
        { key: "b", version: undefined },
      ],
      mutations: [
        { key: "a", value: bytes("v"), expiryMs: 1750000000000 },
        { key: "c", value: undefined, expiryMs: undefined },
      ],
      wake: messages.WAKE_BY,
      wakeMs: 1750000060000,
      commitId: bytes("0123456789abcdef"),
    });
    expect(messages.readHttpStart(example("http-start"))).toEqual({
      method: "POST",
      url: "https://crm.example/h",
      headers: [["webhook-id", "msg_1"]],
      body: bytes("{}"),
      timeoutMs: 15000,
      responseMax: 16384,
      privateAllowed: false,
    });
    expect(messages.readCellCall(example("cell-call"))).toEqual({
      cell: "main.0",
      frame: bytes("rpc"),
    });
    expect(messages.readLogRecord(example("log-record"))).toEqual({
      event: "webhook_refused",
      fields: [["reason", "no_secret"]],
    });
  });

  test("a frame cut short is an error, and bytes behind the last field are ignored", () => {
    const whole = example("kv-commit");
    for (let size = 0; size < whole.length; ++size) {
      expect(() => messages.readKvCommit(whole.slice(0, size))).toThrow(FrameError);
    }
    const longer = new Uint8Array([...whole, 1, 2, 3]);
    expect(messages.readKvCommit(longer)).toEqual(messages.readKvCommit(whole));
  });

  test("a count that the frame cannot hold is refused before anything is read", () => {
    expect(() => messages.readKvGet(new Uint8Array([255, 255, 255, 255]))).toThrow(FrameError);
    expect(() => new FrameReader(new Uint8Array([2])).flag()).toThrow(FrameError);
  });

  test("text is one byte for each character, whatever the byte", () => {
    const all = String.fromCharCode(...Array(256).keys());
    const frame = new FrameWriter(1).text(all).take();
    expect(frame.length).toBe(260);
    expect(new FrameReader(frame).text()).toBe(all);
    expect(textOf(new Uint8Array(100_000).fill(65))).toHaveLength(100_000);
    expect(byteText("plain")).toBe("plain");
    expect(byteText("\u00e9\u20ac")).toBe("\u00c3\u00a9\u00e2\u0082\u00ac");
  });
});
