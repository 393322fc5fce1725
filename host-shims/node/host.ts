// Sluice in a Node process: a front, its cells, a store in one file, and a clock.

import { randomFillSync } from "node:crypto";
import type * as http from "node:http";
import type { AddressInfo } from "node:net";

import { CLOCK_WALL, EVENT_CRON } from "../shared/abi.ts";
import type { Bytes } from "../shared/frames.ts";
import { Limiter } from "../shared/limiter.ts";
import { errorName, hostLine, logLine } from "../shared/log.ts";
import type { LogLine } from "../shared/log.ts";
import { writeBoot, writeCron } from "../shared/messages.ts";
import type { HttpStart, LogRecord } from "../shared/messages.ts";
import { NO_KV } from "../shared/platform.ts";
import type { Kv, Platform } from "../shared/platform.ts";
import { RandomPool } from "../shared/random_pool.ts";
import { BODY_MAX, environmentOf } from "../shared/settings.ts";
import { manifestBytes, trapOnOf } from "../shared/settings.ts";
import { Supervisor } from "../shared/supervisor.ts";
import { Cells } from "./cells.ts";
import { REQUESTS_MAX, requestOnce } from "./http_client.ts";
import { createServer } from "./http_server.ts";
import { openDatabase } from "./sqlite.ts";
import type { Database } from "./sqlite.ts";

const MINUTE_MS = 60_000;
const CLOSE_MS_MAX = 10_000;

export interface HostOptions {
  readonly module: WebAssembly.Module;
  /** The text of sluice.json. */
  readonly manifest: string;
  readonly databasePath: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly log: (line: LogLine) => void;
}

export class NodeHost {
  readonly #log: (line: LogLine) => void;
  readonly #database: Database;
  readonly #cells: Cells;
  readonly #front: Supervisor;
  readonly #server: http.Server;
  #cron: NodeJS.Timeout | undefined;

  constructor(options: HostOptions) {
    this.#log = options.log;
    this.#database = openDatabase(options.databasePath);
    const boot = {
      manifest: manifestBytes(options.manifest),
      environment: environmentOf(options.manifest, options.variables),
      bodyMax: BODY_MAX,
      ...trapOnOf(options.variables["SLUICE_TRAP_ON"]),
    };
    this.#cells = new Cells({
      module: options.module,
      sql: this.#database,
      boot,
      platform: (kv, cell) => this.#platform(kv, cell),
      failed: (event, cell, error) => this.#report(event, cell, error),
    });
    this.#front = new Supervisor(options.module, this.#platform(NO_KV, ""), () =>
      writeBoot({
        ...boot,
        role: "front",
        cell: "",
        capabilities: 0,
        httpInFlightMax: REQUESTS_MAX,
        storeBytesMax: 0,
      }),
    );
    this.#server = createServer(this.#front, BODY_MAX, (error) =>
      this.#report("core_failed", "", error),
    );
  }

  /** Resolves with the port once requests are taken. */
  async listen(host: string, port: number): Promise<number> {
    this.#cells.start();
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(port, host, resolve);
    });
    this.#scheduleCron();
    return (this.#server.address() as AddressInfo).port;
  }

  /** A tick by hand; the host sends one each minute by itself. */
  async cron(scheduledMs: number): Promise<void> {
    try {
      await this.#front.event(EVENT_CRON, writeCron(scheduledMs));
    } catch (error) {
      this.#report("core_failed", "", error);
    }
  }

  /** Takes no more requests, finishes those under way, and closes the store. */
  async close(): Promise<void> {
    clearTimeout(this.#cron);
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeIdleConnections();
    const limit = new Promise<void>((resolve) => setTimeout(resolve, CLOSE_MS_MAX).unref());
    await Promise.race([closed, limit]);
    await Promise.race([this.#cells.close(), limit]);
    this.#server.closeAllConnections();
    this.#database.close();
  }

  #scheduleCron(): void {
    const next = (Math.floor(Date.now() / MINUTE_MS) + 1) * MINUTE_MS;
    this.#cron = setTimeout(() => {
      void this.cron(next);
      this.#scheduleCron();
    }, next - Date.now());
    this.#cron.unref();
  }

  #platform(kv: Kv, cell: string): Platform {
    const limiter = new Limiter(REQUESTS_MAX);
    const pool = new RandomPool((into) => void randomFillSync(into));
    return {
      kv,
      ioOwner: "instance",
      fetch: (request: HttpStart, signal: AbortSignal) =>
        limiter.run(() => requestOnce(request, signal)),
      call: (name: string, frame: Bytes) => this.#cells.call(name, frame),
      now: (clock: number): number => (clock === CLOCK_WALL ? Date.now() : performance.now()),
      random: (into: Bytes): void => pool.draw(into),
      log: (level: number, record: LogRecord): void => this.#log(logLine(level, record, cell)),
      // This host has no place for samples; `overview` and `health` have the counts that matter.
      metric: (): void => undefined,
    };
  }

  #report(event: string, cell: string, error: unknown): void {
    this.#log(hostLine(event, { cell, reason: errorName(error) }));
  }
}
