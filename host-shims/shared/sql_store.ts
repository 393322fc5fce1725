// The ordered key-value store of a cell in SQLite: the same on every platform that has SQLite.
//
//   kv(k, v, ref, ver, exp)   one row for each key; no secondary index
//   big(id, v)                values over 256 bytes, which the key's row refers to
//   meta(k, v)                the next version to hand out, and the wake
//
// Rows of `kv` are in key order and lie in the tree itself. Few large ones fit a page, and each
// level of the tree would hold as few: so large values lie apart, in order of arrival, for one row
// more. With 1 KiB values this takes a third off the time of a commit, and two thirds off the file.
//
// Versions come from a counter of the store, so they never repeat for a key, also after a delete.
// The counter is written a block at a time: a block costs one row, and what a crash leaves of it
// is skipped. Numbers stay below 2^53, which SQLite in workers gives back exactly.

import { CONFLICT, ERROR_FULL, ERROR_IO, OK } from "./abi.ts";
import type { Bytes } from "./frames.ts";
import {
  WAKE_AT,
  WAKE_BY,
  WAKE_NEVER,
  writeKvConflict,
  writeKvGetResult,
  writeKvRangeResult,
} from "./messages.ts";
import type { KvCommit, KvEntry, KvMutation, KvRange, KvRow } from "./messages.ts";
import { DONE, outcome } from "./platform.ts";
import type { Kv, Outcome } from "./platform.ts";

export type SqlValue = string | number | null | ArrayBuffer | Uint8Array;
export type SqlRow = Readonly<Record<string, SqlValue>>;

/** The little that the store needs of a SQLite binding; everything is synchronous and may throw. */
export interface Sql {
  /** Every row at once; for few. */
  all(statement: string, ...values: SqlValue[]): readonly SqlRow[];
  /** Reads no further than the caller iterates. */
  rows(statement: string, ...values: SqlValue[]): Iterable<SqlRow>;
  run(statement: string, ...values: SqlValue[]): void;
  /** Rolls back when `body` throws. */
  transaction<T>(body: () => T): T;
}

const SCHEMA = [
  `CREATE TABLE IF NOT EXISTS kv(k TEXT PRIMARY KEY, v BLOB, ref INTEGER, ver INTEGER NOT NULL,
     exp INTEGER) WITHOUT ROWID`,
  `CREATE TABLE IF NOT EXISTS big(id INTEGER PRIMARY KEY, v BLOB NOT NULL)`,
  `CREATE TRIGGER IF NOT EXISTS big_replaced AFTER UPDATE OF ref ON kv WHEN old.ref IS NOT NULL
     BEGIN DELETE FROM big WHERE id = old.ref; END`,
  `CREATE TRIGGER IF NOT EXISTS big_deleted AFTER DELETE ON kv WHEN old.ref IS NOT NULL
     BEGIN DELETE FROM big WHERE id = old.ref; END`,
  `CREATE TABLE IF NOT EXISTS meta(k TEXT PRIMARY KEY, v) WITHOUT ROWID`,
];
// Several rows take one statement: in a Durable Object a statement costs more than its row. Of the
// 100 values that one may bind there a row takes five.
const ROWS_MAX = 16;
const VALUE = "coalesce(v, (SELECT big.v FROM big WHERE big.id = kv.ref)) AS v";
const SELECT = `SELECT k, ${VALUE}, ver FROM kv WHERE k = ?`;
const selectOf = statements((n) => `SELECT k, ${VALUE}, ver FROM kv WHERE k IN (${list("?", n)})`);
const SELECT_VERSION = "SELECT ver FROM kv WHERE k = ?";
const SELECT_ROWS = `SELECT k, ${VALUE}, ver FROM kv WHERE k >= ? AND k < ?`;
// The limit stands in the text: SQLite plans a statement anew whenever a limit is bound.
const selectUpOf = statements((n) => `${SELECT_ROWS} ORDER BY k LIMIT ${n}`);
const selectDownOf = statements((n) => `${SELECT_ROWS} ORDER BY k DESC LIMIT ${n}`);
const putOf = statements(
  (n) => `INSERT INTO kv(k, v, ref, ver, exp) VALUES ${list("(?, ?, ?, ?, ?)", n)}
  ON CONFLICT(k) DO UPDATE
  SET v = excluded.v, ref = excluded.ref, ver = excluded.ver, exp = excluded.exp`,
);
const putBigOf = statements((n) => `INSERT INTO big(id, v) VALUES ${list("(?, ?)", n)}`);
const deleteOf = statements((n) => `DELETE FROM kv WHERE k IN (${list("?", n)})`);
const SELECT_META = "SELECT v FROM meta WHERE k = ?";
const PUT_META = `INSERT INTO meta(k, v) VALUES (?, ?)
  ON CONFLICT(k) DO UPDATE SET v = excluded.v`;
const DELETE_META = "DELETE FROM meta WHERE k = ?";

const INLINE_BYTES_MAX = 256;
const PAGE_ROWS_MAX = 256;
const PAGE_BYTES_MAX = 512 * 1024;
const VERSION_BLOCK = 65536;
const VERSION_KEY = "version";
/** More than a commit has mutations: `version * BIG_IDS + n` names the n-th large value of one. */
const BIG_IDS = 128;

function list(item: string, count: number): string {
  return Array(count).fill(item).join(", ");
}

/** The text of a statement for each count of rows, which is an integer. */
function statements(text: (count: number) => string): (count: number) => string {
  const made: string[] = [];
  return (count) => (made[count] ??= text(count));
}

export interface SqlStoreOptions {
  readonly sql: Sql;
  /** Several cells in one file: what tells their rows apart. Sorts below every key's bytes. */
  readonly prefix?: string;
  /** Called inside the commit with the new wake, so that it rolls back with it. */
  readonly arm: (wakeMs: number | undefined) => void;
  /** Told of a failure's name, for the log. */
  readonly failed: (error: unknown) => void;
}

/** Undoes a transaction whose checks have failed. */
class Conflict extends Error {
  readonly index: number;

  constructor(index: number) {
    super("conflict");
    this.index = index;
  }
}

export class SqlStore implements Kv {
  readonly #sql: Sql;
  readonly #prefix: string;
  readonly #arm: (wakeMs: number | undefined) => void;
  readonly #failed: (error: unknown) => void;
  #versionNext = 0;
  #versionEnd = 0;
  #wake: number | undefined;
  /** What the platform's alarm was last set to; null when that is not known. */
  #armed: number | undefined | null = null;

  constructor(options: SqlStoreOptions) {
    this.#sql = options.sql;
    this.#prefix = options.prefix ?? "";
    this.#arm = options.arm;
    this.#failed = options.failed;
    for (const statement of SCHEMA) this.#sql.run(statement);
    this.#wake = this.#storedWake();
  }

  /** When the cell wants to run next, as the last commit left it. */
  get wakeMs(): number | undefined {
    return this.#wake;
  }

  /** The platform's alarm is known to be set for the wake. */
  get isArmed(): boolean {
    return this.#armed === this.#wake;
  }

  /** The platform's alarm has fired, or cannot be trusted: the next commit sets it again. */
  disarmed(): void {
    this.#armed = null;
  }

  get(keys: readonly string[]): Outcome {
    return this.#guarded(() => {
      const found = new Map<SqlValue | undefined, KvEntry>();
      const wanted = keys.map((key) => this.#prefix + key);
      for (const part of parts(wanted)) {
        const statement = part.length === 1 ? SELECT : selectOf(part.length);
        for (const row of this.#sql.all(statement, ...part)) found.set(row["k"], entryOf(row));
      }
      return outcome(OK, writeKvGetResult(wanted.map((key) => found.get(key))));
    });
  }

  range(range: KvRange): Outcome {
    return this.#guarded(() => {
      const limit = Math.min(range.limit, PAGE_ROWS_MAX);
      const statement = range.reverse ? selectDownOf(limit + 1) : selectUpOf(limit + 1);
      const [lo, hi] = [this.#prefix + range.lo, this.#prefix + range.hi];
      const rows: KvRow[] = [];
      let bytes = 0;
      for (const row of this.#sql.rows(statement, lo, hi)) {
        const key = (row["k"] as string).slice(this.#prefix.length);
        const entry = entryOf(row);
        bytes += key.length + entry.value.length + entry.version.length;
        if (rows.length === limit || (rows.length > 0 && bytes > PAGE_BYTES_MAX)) {
          // Forward the next page begins here; in reverse it ends, exclusive, at the last row.
          const next = range.reverse ? rows.at(-1)?.key : key;
          return outcome(OK, writeKvRangeResult(rows, next));
        }
        rows.push({ key, ...entry });
      }
      return outcome(OK, writeKvRangeResult(rows, undefined));
    });
  }

  commit(commit: KvCommit): Outcome {
    const [wakeBefore, armedBefore] = [this.#wake, this.#armed];
    try {
      this.#sql.transaction(() => {
        commit.checks.forEach((check, index) => {
          if (!this.#holds(check.key, check.version)) throw new Conflict(index);
        });
        if (commit.mutations.length > 0) this.#apply(commit.mutations);
        this.#moveWake(commit.wake, commit.wakeMs);
      });
      return DONE;
    } catch (error) {
      [this.#wake, this.#armed] = [wakeBefore, armedBefore];
      if (error instanceof Conflict) return outcome(CONFLICT, writeKvConflict(error.index));
      this.#versionEnd = this.#versionNext;  // The block may have been rolled back: take another.
      return this.#failure(error);
    }
  }

  #guarded(read: () => Outcome): Outcome {
    try {
      return read();
    } catch (error) {
      return this.#failure(error);
    }
  }

  #failure(error: unknown): Outcome {
    this.#failed(error);
    const isFull = error instanceof Error && /SQLITE_FULL|disk is full/i.test(error.message);
    return outcome(isFull ? ERROR_FULL : ERROR_IO);
  }

  #holds(key: string, version: Bytes | undefined): boolean {
    const [row] = this.#sql.all(SELECT_VERSION, this.#prefix + key);
    if (row === undefined) return version === undefined;
    return version !== undefined && versionOf(version) === row["ver"];
  }

  #apply(mutations: readonly KvMutation[]): void {
    const version = this.#nextVersion();
    const deleted: string[] = [];
    const put: SqlValue[][] = [];
    const big: SqlValue[][] = [];
    for (const { key, value, expiryMs } of mutations) {
      const stored = this.#prefix + key;
      if (value === undefined) {
        deleted.push(stored);
        continue;
      }
      const isBig = value.length > INLINE_BYTES_MAX;
      const ref = isBig ? version * BIG_IDS + big.length : null;
      if (isBig) big.push([ref, value]);
      put.push([stored, isBig ? null : value, ref, version, expiryMs ?? null]);
    }
    for (const part of parts(deleted)) this.#sql.run(deleteOf(part.length), ...part);
    for (const part of parts(big)) this.#sql.run(putBigOf(part.length), ...part.flat());
    for (const part of parts(put)) this.#sql.run(putOf(part.length), ...part.flat());
  }

  /** One number for each commit: what was written together has one version. */
  #nextVersion(): number {
    if (this.#versionNext === this.#versionEnd) {
      const start = numberOf(this.#meta(VERSION_KEY)) ?? 1;
      this.#sql.run(PUT_META, VERSION_KEY, start + VERSION_BLOCK);
      this.#versionNext = start;
      this.#versionEnd = start + VERSION_BLOCK;
    }
    return this.#versionNext++;
  }

  #moveWake(kind: number, at: number): void {
    const wake = wakeAfter(this.#wake, kind, at);
    if (wake !== this.#wake) {
      if (wake === undefined) this.#sql.run(DELETE_META, `wake${this.#prefix}`);
      else this.#sql.run(PUT_META, `wake${this.#prefix}`, wake);
      this.#wake = wake;
    }
    if (kind !== 0 && this.#armed !== wake) {
      this.#arm(wake);
      this.#armed = wake;
    }
  }

  #storedWake(): number | undefined {
    return numberOf(this.#meta(`wake${this.#prefix}`));
  }

  #meta(key: string): SqlValue | undefined {
    return this.#sql.all(SELECT_META, key)[0]?.["v"];
  }
}

/** In pieces that one statement takes. */
function parts<T>(items: readonly T[]): (readonly T[])[] {
  if (items.length === 0) return [];
  if (items.length <= ROWS_MAX) return [items];
  const pieces: T[][] = [];
  for (let at = 0; at < items.length; at += ROWS_MAX) pieces.push(items.slice(at, at + ROWS_MAX));
  return pieces;
}

function wakeAfter(wake: number | undefined, kind: number, at: number): number | undefined {
  if (kind === WAKE_BY) return wake === undefined ? at : Math.min(wake, at);
  if (kind === WAKE_AT) return at;
  return kind === WAKE_NEVER ? undefined : wake;
}

function numberOf(value: SqlValue | undefined): number | undefined {
  return typeof value === "number" ? value : undefined;
}

function entryOf(row: SqlRow): KvEntry {
  return { value: bytesOf(row["v"]), version: versionBytes(row["ver"] as number) };
}

function bytesOf(value: SqlValue | undefined): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  throw new TypeError("a stored value is not bytes");
}

/** A version as bytes: the number, as f64. */
function versionBytes(version: number): Bytes {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, version, true);
  return bytes;
}

function versionOf(bytes: Bytes): number | undefined {
  if (bytes.length !== 8) return undefined;
  return new DataView(bytes.buffer, bytes.byteOffset).getFloat64(0, true);
}

/** The prefixes of the cells in a shared file that have a wake. */
export function storedCells(sql: Sql): string[] {
  for (const statement of SCHEMA) sql.run(statement);
  const keys = [...sql.rows("SELECT k FROM meta WHERE k >= 'wake' AND k < 'wakf'")];
  return keys.map((row) => (row["k"] as string).slice("wake".length)).filter((p) => p !== "");
}
