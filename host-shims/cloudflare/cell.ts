// A cell: one Durable Object with its own SQLite, and one instance of the core on it.
//
// The platform gives what a cell needs: one object of a name at a time, commits that are one
// transaction, an alarm that survives, and an output gate: nothing that the object sends leaves
// before what it wrote is durable.
//
// The platform calls one alarm at a time, and behind waiting requests. So while the object is
// awake a timer of its own wakes the core: a long round of deliveries holds up no step, and a
// flood of requests holds up no delivery. The platform's alarm is the copy that survives.

import { DurableObject } from "cloudflare:workers";

import {
  CAP_ALARM,
  CAP_MULTI_COMMIT,
  CAP_SINGLE_OWNER,
  CAP_SYNC,
  ERROR_UNKNOWN_OUTCOME,
  EVENT_ALARM,
  EVENT_RPC,
  OK,
} from "../shared/abi.ts";
import { NO_BYTES } from "../shared/frames.ts";
import type { Bytes } from "../shared/frames.ts";
import { errorName, hostLine } from "../shared/log.ts";
import { writeBoot } from "../shared/messages.ts";
import { outcome } from "../shared/platform.ts";
import type { Outcome } from "../shared/platform.ts";
import { Rearm } from "../shared/rearm.ts";
import { SqlStore } from "../shared/sql_store.ts";
import { Supervisor } from "../shared/supervisor.ts";
import { readCalls, writeAnswers } from "./batch.ts";
import { Connections } from "./connections.ts";
import type { Carrier } from "./connections.ts";
import { bootOf } from "./core.ts";
import type { Core } from "./core.ts";
import type { CourierRpc } from "./courier.ts";
import { cellPlatform } from "./platform.ts";
import type { Bindings } from "./platform.ts";
import { sqlOf } from "./sql.ts";

/** The platform's own limit of an object is 10 GB. */
const STORE_BYTES_MAX = 8 * 1024 * 1024 * 1024;
/** An alarm that comes sooner after the one before joins it. */
const ALARM_MS = 1000;
/** What is further away is left to the platform's alarm: the object may sleep until then. */
const TIMER_MS_MAX = 60_000;

export interface CellRpc extends Rpc.DurableObjectBranded {
  /** One or several, in the frames of batch.ts. One that fails is the only one that does. */
  calls(name: string, batch: Bytes): Promise<Bytes>;
}

export type CellNamespace = DurableObjectNamespace<CellRpc>;

export class CellObject extends DurableObject<Bindings> implements CellRpc {
  declare [Rpc.__DURABLE_OBJECT_BRAND]: never;
  readonly #bindings: Bindings;
  readonly #store: SqlStore;
  readonly #connections: Connections;
  #core: Supervisor | undefined;
  #name: string | undefined;
  readonly #alarms = new Rearm();
  /** The alarm that is being served. */
  #serving: Promise<void> | undefined;
  #servingSince = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(ctx: DurableObjectState, bindings: Bindings) {
    super(ctx, bindings);
    this.#bindings = bindings;
    this.#store = new SqlStore({
      sql: sqlOf(ctx.storage),
      arm: (wakeMs) => this.#arm(wakeMs),
      failed: (error) => this.#report("store_failed", error),
    });
    this.#connections = new Connections({
      open: openOf(ctx),
      failed: (error) => this.#report("courier_failed", error),
    });
  }

  /** What runs in this object; the Worker's own class supplies it. */
  protected describe(): Core {
    throw new Error("a cell has to be told its core");
  }

  async calls(name: string, batch: Bytes): Promise<Bytes> {
    const answers = readCalls(batch).map((frame) => this.#call(name, frame));
    return writeAnswers(await Promise.all(answers));
  }

  async #call(name: string, frame: Bytes): Promise<Outcome> {
    try {
      return outcome(OK, await this.#running(name).event(EVENT_RPC, frame));
    } catch (error) {
      this.#report("core_failed", error);
      return outcome(ERROR_UNKNOWN_OUTCOME);
    }
  }

  /** Never throws: the platform forgets an alarm whose handler has failed six times. */
  override async alarm(): Promise<void> {
    this.#store.disarmed();
    await this.#runDue();
  }

  /**
   * The timer and the platform's alarm tell of one wake: what comes soon after the other waits for
   * it, and looks again. A wake is set anew only at the end of an alarm, so one that takes long
   * gets another beside it, which sees to what else is due.
   */
  async #runDue(): Promise<void> {
    if (this.#serving !== undefined && Date.now() - this.#servingSince < ALARM_MS) {
      this.#setTimer(this.#servingSince + ALARM_MS);
      await this.#serving;
      const wakeMs = this.#store.wakeMs ?? Infinity;
      if (wakeMs > Date.now()) return this.#setTimer(this.#store.wakeMs);
    }
    const serving = this.#serveAlarm();
    this.#serving = serving;
    this.#servingSince = Date.now();
    await serving;
    if (this.#serving === serving) this.#serving = undefined;
  }

  /** Lets the core run when its wake is reached; otherwise sees to it that somebody calls later. */
  async #serveAlarm(): Promise<void> {
    const wakeBefore = this.#store.wakeMs;
    if (wakeBefore !== undefined && wakeBefore <= Date.now()) {
      try {
        const name = this.#storedName();
        if (name !== undefined) await this.#running(name).event(EVENT_ALARM, NO_BYTES);
      } catch (error) {
        this.#report("core_failed", error);
      }
      await this.#rearm(wakeBefore);
    } else {
      await this.#rearm(undefined);
    }
  }

  async #rearm(wakeBefore: number | undefined): Promise<void> {
    const at = this.#alarms.next(wakeBefore, this.#store.wakeMs, Date.now());
    if (at === undefined || (at === this.#store.wakeMs && this.#store.isArmed)) return;
    if ((await this.ctx.storage.getAlarm()) !== null) return;
    await this.ctx.storage.setAlarm(at);
  }

  #running(name: string): Supervisor {
    if (this.#core !== undefined) return this.#core;
    this.#rememberName(name);
    const core = this.describe();
    const platform = cellPlatform(this.#bindings, this.#store, this.#connections, name);
    this.#core = new Supervisor(core.module, platform, () =>
      writeBoot({
        ...bootOf(core, this.#bindings),
        role: "cell",
        cell: name,
        capabilities: CAP_MULTI_COMMIT | CAP_SINGLE_OWNER | CAP_SYNC | CAP_ALARM,
        httpInFlightMax: this.#connections.max,
        storeBytesMax: STORE_BYTES_MAX,
      }),
    );
    return this.#core;
  }

  #arm(wakeMs: number | undefined): void {
    // Written with the transaction, and undone with it; the promise tells of nothing more.
    if (wakeMs === undefined) this.ctx.waitUntil(this.ctx.storage.deleteAlarm());
    else this.ctx.waitUntil(this.ctx.storage.setAlarm(wakeMs));
    this.#setTimer(wakeMs);
  }

  /** A transaction that is rolled back leaves a timer too many, which finds nothing due. */
  #setTimer(wakeMs: number | undefined): void {
    clearTimeout(this.#timer ?? null);
    if (wakeMs === undefined) return;
    const delayMs = Math.max(0, wakeMs - Date.now());
    if (delayMs > TIMER_MS_MAX) return;
    this.#timer = setTimeout(() => this.ctx.waitUntil(this.#runDue()), delayMs);
  }

  /** An alarm does not say whose it is. */
  #rememberName(name: string): void {
    this.ctx.storage.sql.exec("INSERT OR IGNORE INTO meta(k, v) VALUES ('name', ?)", name);
  }

  #storedName(): string | undefined {
    if (this.#name === undefined) {
      const rows = this.ctx.storage.sql.exec("SELECT v FROM meta WHERE k = 'name'").toArray();
      const name = rows[0]?.["v"];
      if (typeof name === "string") this.#name = name;
    }
    return this.#name;
  }

  #report(event: string, error: unknown): void {
    const cell = this.#storedName() ?? "";
    console.error(JSON.stringify(hostLine(event, { cell, reason: errorName(error) })));
  }
}

/** Opens a courier, where the Worker exports one and the platform gives objects its exports. */
function openOf({ exports }: DurableObjectState): (() => Promise<Carrier>) | undefined {
  const courier = (exports as unknown as { Courier?: CourierRpc } | undefined)?.Courier;
  if (courier === undefined) return undefined;
  return async () => {
    const rounds = await courier.open();
    return { fetch: (request) => rounds.fetch(request), close: () => rounds[Symbol.dispose]() };
  };
}
