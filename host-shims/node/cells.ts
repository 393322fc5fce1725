// The cells of this process: each has its rows in the one file, its own instance of the core, and
// an alarm. A cell is opened when it is first called or when its wake is due.

import {
  CAP_ALARM,
  CAP_MULTI_COMMIT,
  CAP_SINGLE_OWNER,
  CAP_SYNC,
  ERROR_BAD_ARG,
  ERROR_UNKNOWN_OUTCOME,
  EVENT_ALARM,
  EVENT_RPC,
  EVENT_SHUTDOWN,
  OK,
} from "../shared/abi.ts";
import { NO_BYTES } from "../shared/frames.ts";
import type { Bytes } from "../shared/frames.ts";
import { writeBoot } from "../shared/messages.ts";
import type { Boot } from "../shared/messages.ts";
import { outcome } from "../shared/platform.ts";
import type { Kv, Outcome, Platform } from "../shared/platform.ts";
import { Rearm } from "../shared/rearm.ts";
import { SqlStore, storedCells } from "../shared/sql_store.ts";
import type { Sql } from "../shared/sql_store.ts";
import { Supervisor } from "../shared/supervisor.ts";
import { REQUESTS_MAX } from "./http_client.ts";

const STORE_BYTES_MAX = 8 * 1024 * 1024 * 1024;
const TIMER_MS_MAX = 24 * 3600 * 1000;
/** Between a cell's name and its keys: sorts below every byte of a key. */
const SEPARATOR = " ";
/** Instances kept in memory; a cell without one boots again when it is needed. */
const INSTANCES_MAX = 64;
const NAME = /^[a-z0-9][a-z0-9.-]{0,127}$/;

export interface CellsOptions {
  readonly module: WebAssembly.Module;
  readonly sql: Sql;
  readonly boot: Pick<Boot, "manifest" | "environment" | "bodyMax" | "trapOn">;
  readonly platform: (kv: Kv, cell: string) => Platform;
  readonly failed: (event: string, cell: string, error: unknown) => void;
}

export class Cells {
  readonly #options: CellsOptions;
  readonly #open = new Map<string, Cell>();
  /** In the order in which they last ran. */
  readonly #running = new Set<Cell>();
  #closed = false;

  constructor(options: CellsOptions) {
    this.#options = options;
  }

  /** Sets the alarms of the cells that sleep in the store. */
  start(): void {
    for (const prefix of storedCells(this.#options.sql)) {
      this.#cell(prefix.slice(0, -SEPARATOR.length)).arm();
    }
  }

  async call(name: string, frame: Bytes): Promise<Outcome> {
    if (this.#closed || !NAME.test(name)) return outcome(ERROR_BAD_ARG);
    return this.#cell(name).call(frame);
  }

  /** `cell` is about to run: the instances that ran longest ago make room for it. */
  #ran(cell: Cell): void {
    this.#running.delete(cell);
    for (const oldest of this.#running) {
      if (this.#running.size < INSTANCES_MAX) break;
      if (oldest.release()) this.#running.delete(oldest);
    }
    this.#running.add(cell);
  }

  /** Lets every cell record what is under way. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#open.values()].map((cell) => cell.close()));
  }

  #cell(name: string): Cell {
    let cell = this.#open.get(name);
    if (cell === undefined) {
      cell = new Cell(name, this.#options, (ran) => this.#ran(ran));
      this.#open.set(name, cell);
    }
    return cell;
  }
}

class Cell {
  readonly #name: string;
  readonly #failed: (event: string, error: unknown) => void;
  readonly #runs: (cell: Cell) => void;
  readonly #store: SqlStore;
  readonly #core: Supervisor;
  readonly #alarms = new Rearm();
  #timer: NodeJS.Timeout | undefined;
  #alarming = false;
  #closed = false;

  constructor(name: string, options: CellsOptions, runs: (cell: Cell) => void) {
    this.#name = name;
    this.#runs = runs;
    this.#failed = (event, error) => options.failed(event, this.#name, error);
    this.#store = new SqlStore({
      sql: options.sql,
      prefix: name + SEPARATOR,
      arm: (wakeMs) => this.#setTimer(wakeMs),
      failed: (error) => this.#failed("store_failed", error),
    });
    this.#core = new Supervisor(options.module, options.platform(this.#store, name), () =>
      writeBoot({
        ...options.boot,
        role: "cell",
        cell: name,
        capabilities: CAP_MULTI_COMMIT | CAP_SINGLE_OWNER | CAP_SYNC | CAP_ALARM,
        httpInFlightMax: REQUESTS_MAX,
        storeBytesMax: STORE_BYTES_MAX,
      }),
    );
  }

  arm(): void {
    this.#setTimer(this.#store.wakeMs);
  }

  release(): boolean {
    return this.#core.release();
  }

  async call(frame: Bytes): Promise<Outcome> {
    this.#runs(this);
    try {
      return outcome(OK, await this.#core.event(EVENT_RPC, frame));
    } catch (error) {
      this.#failed("core_failed", error);
      return outcome(ERROR_UNKNOWN_OUTCOME);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    if (this.#core.generation === 0) return;
    try {
      await this.#core.event(EVENT_SHUTDOWN, NO_BYTES);
    } catch (error) {
      this.#failed("core_failed", error);
    }
  }

  #setTimer(wakeMs: number | undefined): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (wakeMs === undefined || this.#closed) return;
    const delay = Math.min(Math.max(wakeMs - Date.now(), 0), TIMER_MS_MAX);
    this.#timer = setTimeout(() => void this.#alarm(wakeMs), delay);
  }

  /** One at a time; a commit inside sets the timer for the next one. */
  async #alarm(wakeMs: number): Promise<void> {
    this.#timer = undefined;
    if (wakeMs > Date.now()) return this.#setTimer(wakeMs);
    if (this.#alarming) return;
    this.#alarming = true;
    this.#runs(this);
    this.#store.disarmed();
    const wakeBefore = this.#store.wakeMs;
    try {
      await this.#core.event(EVENT_ALARM, NO_BYTES);
    } catch (error) {
      this.#failed("core_failed", error);
    }
    this.#alarming = false;
    const next = this.#alarms.next(wakeBefore, this.#store.wakeMs, Date.now());
    if (this.#timer === undefined) this.#setTimer(next);
  }
}
