// What every store has to do, as cases that run against each of them.
//
// A case is given an empty store; it throws when the store is wrong. The lists are the same for a
// Durable Object's storage and for SQLite under Node.

import { CONFLICT, OK } from "../../host-shims/shared/abi.ts";
import { FrameReader } from "../../host-shims/shared/frames.ts";
import type { Bytes } from "../../host-shims/shared/frames.ts";
import { WAKE_AT, WAKE_BY, WAKE_KEEP, WAKE_NEVER } from "../../host-shims/shared/messages.ts";
import type { KvCheck, KvMutation } from "../../host-shims/shared/messages.ts";
import type { Outcome } from "../../host-shims/shared/platform.ts";
import type { SqlStore } from "../../host-shims/shared/sql_store.ts";

export interface Fixture {
  readonly store: SqlStore;
  /** A second store on the same rows, as after a restart. */
  reopen(): SqlStore;
  /** What the platform's alarm is set to. */
  alarmMs(): Promise<number | undefined>;
}

export interface KvCase {
  readonly name: string;
  run(fixture: Fixture): void | Promise<void>;
}

interface Entry {
  readonly value: Bytes;
  readonly version: Bytes;
}

function expect(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Error(what);
}

function same(a: unknown, b: unknown, what: string): void {
  const [left, right] = [JSON.stringify(a), JSON.stringify(b)];
  expect(left === right, `${what}: ${left} is not ${right}`);
}

function get(store: SqlStore, ...keys: string[]): (Entry | undefined)[] {
  const outcome = store.get(keys);
  expect(outcome.status === OK, `get: ${outcome.status}`);
  const reader = new FrameReader(outcome.bytes);
  return reader.list(1, () =>
    reader.optional(() => ({ value: reader.bytes(), version: reader.bytes() })),
  );
}

function range(store: SqlStore, lo: string, hi: string, limit = 256, reverse = false) {
  const outcome = store.range({ lo, hi, limit, reverse });
  expect(outcome.status === OK, `range: ${outcome.status}`);
  const reader = new FrameReader(outcome.bytes);
  const keys = reader.list(12, () => {
    const key = reader.text();
    reader.bytes();
    reader.bytes();
    return key;
  });
  return { keys, next: reader.optional(() => reader.text()) };
}

function put(key: string, value: string | Bytes): KvMutation {
  const bytes = typeof value === "string" ? new TextEncoder().encode(value) : value;
  return { key, value: bytes as Bytes, expiryMs: undefined };
}

function del(key: string): KvMutation {
  return { key, value: undefined, expiryMs: undefined };
}

interface CommitParts {
  readonly checks?: readonly KvCheck[];
  readonly mutations?: readonly KvMutation[];
  readonly wake?: number;
  readonly wakeMs?: number;
}

function commit(store: SqlStore, parts: CommitParts): Outcome {
  return store.commit({
    checks: parts.checks ?? [],
    mutations: parts.mutations ?? [],
    wake: parts.wake ?? WAKE_KEEP,
    wakeMs: parts.wakeMs ?? 0,
    commitId: new Uint8Array(16),
  });
}

function committed(store: SqlStore, parts: CommitParts): void {
  const outcome = commit(store, parts);
  expect(outcome.status === OK, `commit: ${outcome.status}`);
}

function conflictIndex(outcome: Outcome): number {
  expect(outcome.status === CONFLICT, `commit: ${outcome.status}`);
  return new FrameReader(outcome.bytes).u32();
}

const versionOf = (store: SqlStore, key: string): Bytes => {
  const [entry] = get(store, key);
  expect(entry !== undefined, `${key} is absent`);
  return entry.version;
};

const hex = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");

const READS: readonly KvCase[] = [
  {
    name: "get answers in the order of its keys, and absent keys are absent",
    run: ({ store }) => {
      committed(store, { mutations: [put("a", "1"), put("c", "3")] });
      const values = get(store, "c", "b", "a").map((entry) => entry && hex(entry.value));
      same(values, ["33", undefined, "31"], "values");
    },
  },
  {
    name: "a value keeps every byte: NUL, invalid UTF-8, nothing at all",
    run: ({ store }) => {
      const all = new Uint8Array(256).map((_, i) => i);
      committed(store, { mutations: [put("all", all), put("none", new Uint8Array(0))] });
      const [whole, none] = get(store, "all", "none");
      same(whole && hex(whole.value), hex(all), "all bytes");
      same(none && hex(none.value), "", "no bytes");
    },
  },
  {
    name: "values of all sizes replace each other, and are the same by get and by range",
    run: ({ store }) => {
      for (const size of [0, 1, 255, 256, 257, 1000, 5000, 256, 60_000, 257, 0]) {
        const value = new Uint8Array(size).map((_, i) => (i * 13 + size) % 256);
        committed(store, { mutations: [put("k", value), put("l", "small")] });
        const outcome = store.range({ lo: "k", hi: "m", limit: 2, reverse: false });
        const reader = new FrameReader(outcome.bytes);
        const [row] = reader.list(12, () => [reader.text(), reader.bytes(), reader.bytes()]);
        same(hex(get(store, "k")[0]?.value ?? new Uint8Array(1)), hex(value), `get ${size}`);
        same(hex(row?.[1] as Bytes), hex(value), `range ${size}`);
      }
    },
  },
  {
    name: "ninety rows of one commit, large and small, are put, replaced and deleted together",
    run: ({ store }) => {
      const keys = [...Array(90).keys()].map((i) => `k${String(i).padStart(2, "0")}`);
      const valueOf = (i: number, round: number) => new Uint8Array((i % 3) * 200).fill(i + round);
      for (const round of [0, 100]) {
        committed(store, { mutations: keys.map((key, i) => put(key, valueOf(i, round))) });
        for (const [i, key] of keys.entries()) {
          const [entry] = get(store, key);
          same(entry && hex(entry.value), hex(valueOf(i, round)), `${key} in round ${round}`);
        }
      }
      const even = keys.filter((_, i) => i % 2 === 0);
      committed(store, { mutations: [...even.map(del), put("k01", "kept")] });
      same(range(store, "k", "l").keys, keys.filter((_, i) => i % 2 === 1), "left");
      same(get(store, "k01", "k00", "k03", "k01").map((e) => e?.value.length), [4, undefined, 0, 4],
        "some twice");
    },
  },
  {
    name: "a value of 60 KiB and a key of 240 bytes are kept",
    run: ({ store }) => {
      const key = "k".repeat(240);
      const value = new Uint8Array(60 * 1024).map((_, i) => i % 251);
      committed(store, { mutations: [put(key, value)] });
      same(get(store, key)[0]?.value.length, value.length, "size");
    },
  },
  {
    name: "a range is half-open and in byte order, in both directions",
    run: ({ store }) => {
      const keys = ["a", "a-", "a.", "a/", "a0", "aZ", "a_", "aa", "a~", "b"];
      committed(store, { mutations: [...keys].reverse().map((key) => put(key, key)) });
      same(range(store, "a", "b").keys, keys.slice(0, -1), "up");
      same(range(store, "a", "b", 256, true).keys, keys.slice(0, -1).reverse(), "down");
      same(range(store, "a0", "aa").keys, ["a0", "aZ", "a_"], "inside");
      same(range(store, "x", "z").keys, [], "nothing");
    },
  },
  {
    name: "a range page says where the next one goes on, until there is none",
    run: ({ store }) => {
      committed(store, { mutations: ["a", "b", "c"].map((key) => put(key, key)) });
      same(range(store, "a", "z", 2), { keys: ["a", "b"], next: "c" }, "first");
      same(range(store, "c", "z", 2), { keys: ["c"], next: undefined }, "last");
      same(range(store, "a", "z", 3), { keys: ["a", "b", "c"], next: undefined }, "exact");
      same(range(store, "a", "z", 2, true), { keys: ["c", "b"], next: "b" }, "first down");
      same(range(store, "a", "b", 2, true), { keys: ["a"], next: undefined }, "last down");
    },
  },
  {
    name: "a range page holds at most 256 rows and 512 KiB, and goes on after them",
    run: ({ store }) => {
      const key = (i: number) => `r${String(i).padStart(4, "0")}`;
      for (let block = 0; block < 4; ++block) {
        const mutations = [...Array(80).keys()].map((i) => put(key(block * 80 + i), "x"));
        committed(store, { mutations });
      }
      const first = range(store, "r", "s", 1000);
      same([first.keys.length, first.next], [256, key(256)], "rows");
      const big = new Uint8Array(60 * 1024);
      committed(store, { mutations: [...Array(10).keys()].map((i) => put(`v${i}`, big)) });
      const page = range(store, "v", "w");
      same([page.keys.length, page.next], [8, "v8"], "bytes");
    },
  },
];

const COMMITS: readonly KvCase[] = [
  {
    name: "a check of a version holds until somebody writes the key",
    run: ({ store }) => {
      committed(store, { mutations: [put("k", "1")] });
      const version = versionOf(store, "k");
      committed(store, { checks: [{ key: "k", version }], mutations: [put("k", "2")] });
      const lost = commit(store, { checks: [{ key: "k", version }], mutations: [put("k", "3")] });
      same(conflictIndex(lost), 0, "index");
      same(hex(get(store, "k")[0]?.value ?? new Uint8Array(0)), "32", "value");
    },
  },
  {
    name: "a check of absence holds while the key is absent",
    run: ({ store }) => {
      const claim = { checks: [{ key: "k", version: undefined }], mutations: [put("k", "1")] };
      committed(store, claim);
      same(conflictIndex(commit(store, claim)), 0, "taken");
      committed(store, { mutations: [del("k")] });
      committed(store, claim);
    },
  },
  {
    name: "a conflict names the first failed check, and nothing of the commit happens",
    run: async ({ store, alarmMs }) => {
      committed(store, { mutations: [put("a", "1"), put("b", "1")], wake: WAKE_AT, wakeMs: 9e12 });
      const version = versionOf(store, "a");
      const outcome = commit(store, {
        checks: [
          { key: "a", version },
          { key: "b", version: undefined },
          { key: "c", version },
        ],
        mutations: [put("a", "2"), del("b"), put("d", "1")],
        wake: WAKE_NEVER,
      });
      same(conflictIndex(outcome), 1, "index");
      same(hex(versionOf(store, "a")), hex(version), "a is as it was");
      same(range(store, "a", "z").keys, ["a", "b"], "keys");
      same([store.wakeMs, await alarmMs()], [9e12, 9e12], "wake");
    },
  },
  {
    name: "a version that is not ours matches nothing",
    run: ({ store }) => {
      committed(store, { mutations: [put("k", "1")] });
      const wrong = [new Uint8Array(0), new Uint8Array(8), new Uint8Array(24).fill(255)];
      for (const version of wrong) {
        same(conflictIndex(commit(store, { checks: [{ key: "k", version }] })), 0, "foreign");
      }
    },
  },
  {
    name: "versions never repeat for a key: not after a delete, not after a restart",
    run: ({ store, reopen }) => {
      const seen = new Set<string>();
      let current = store;
      for (let round = 0; round < 5; ++round) {
        for (let i = 0; i < 3; ++i) {
          committed(current, { mutations: [put("k", "x")] });
          seen.add(hex(versionOf(current, "k")));
          committed(current, { mutations: [del("k")] });
        }
        current = reopen();
      }
      same(seen.size, 15, "distinct versions");
      expect([...seen].every((version) => version.length <= 48), "at most 24 bytes");
    },
  },
  {
    name: "10 checks, 90 mutations and 700 KiB are one commit",
    run: ({ store }) => {
      const value = new Uint8Array(7 * 1024);
      const checks = [...Array(10).keys()].map((i) => ({ key: `c${i}`, version: undefined }));
      const mutations = [...Array(90).keys()].map((i) => put(`m${10 + i}`, value));
      committed(store, { checks, mutations });
      same(range(store, "m", "n").keys.length, 73, "one page of them");
    },
  },
  {
    name: "what is committed is there after a restart",
    run: ({ store, reopen }) => {
      committed(store, { mutations: [put("k", "1")], wake: WAKE_AT, wakeMs: 9e12 });
      const again = reopen();
      same(hex(versionOf(again, "k")), hex(versionOf(store, "k")), "version");
      same(again.wakeMs, 9e12, "wake");
    },
  },
];

const WAKES: readonly KvCase[] = [
  {
    name: "a wake by a time keeps the earlier of the two",
    run: async ({ store, alarmMs }) => {
      const by = (wakeMs: number) => committed(store, { wake: WAKE_BY, wakeMs });
      const seen: unknown[] = [];
      for (const at of [9e12, 8e12, 8.5e12]) {
        by(at);
        seen.push([store.wakeMs, await alarmMs()]);
      }
      same(seen, [[9e12, 9e12], [8e12, 8e12], [8e12, 8e12]], "wake and alarm");
    },
  },
  {
    name: "a wake at a time replaces, never removes, and keep leaves it alone",
    run: async ({ store, alarmMs }) => {
      const seen: unknown[] = [];
      const steps = [
        { wake: WAKE_AT, wakeMs: 8e12 },
        { wake: WAKE_AT, wakeMs: 9e12 },
        { wake: WAKE_KEEP, wakeMs: 1 },
        { wake: WAKE_NEVER, wakeMs: 1 },
      ];
      for (const step of steps) {
        committed(store, step);
        seen.push([store.wakeMs, await alarmMs()]);
      }
      const none = [undefined, undefined];
      same(seen, [[8e12, 8e12], [9e12, 9e12], [9e12, 9e12], none], "wake and alarm");
    },
  },
  {
    name: "an alarm that fired is set again by the next commit that names the same wake",
    run: async ({ store, alarmMs }) => {
      committed(store, { wake: WAKE_AT, wakeMs: 9e12 });
      store.disarmed();
      committed(store, { wake: WAKE_BY, wakeMs: 9.5e12 });
      same([store.wakeMs, await alarmMs()], [9e12, 9e12], "wake and alarm");
    },
  },
];

export const KV_CASES: readonly KvCase[] = [...READS, ...COMMITS, ...WAKES];
