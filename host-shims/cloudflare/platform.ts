// The Workers platform, as one instance of the core sees it.

import { CLOCK_WALL, ERROR_OVERLOADED, ERROR_UNKNOWN_OUTCOME } from "../shared/abi.ts";
import { fetchOnce } from "../shared/fetch.ts";
import type { Bytes } from "../shared/frames.ts";
import { logLine } from "../shared/log.ts";
import type { LogRecord } from "../shared/messages.ts";
import { NO_KV, outcome } from "../shared/platform.ts";
import type { Kv, Outcome, Platform } from "../shared/platform.ts";
import { RandomPool } from "../shared/random_pool.ts";
import { readAnswers, writeCalls } from "./batch.ts";
import { CallLine } from "./call_line.ts";
import type { CellNamespace } from "./cell.ts";
import type { Connections } from "./connections.ts";

export interface Bindings {
  readonly CELL: CellNamespace;
  /** Samples of the core's metrics, where the Worker has a dataset for them. */
  readonly METRICS?: AnalyticsEngineDataset;
}

/** For a front: several requests share the instance, and none may touch the I/O of another. */
export function frontPlatform(bindings: Bindings): Platform {
  const call = callsOf(bindings.CELL);
  return { ...platform(bindings, ""), call, kv: NO_KV, ioOwner: "request", fetch: fetchOnce };
}

/** For a cell: an object's I/O is its own, whichever call began it. */
export function cellPlatform(
  bindings: Bindings,
  kv: Kv,
  connections: Connections,
  cell: string,
): Platform {
  const fetch: Platform["fetch"] = (request, signal) => connections.fetch(request, signal);
  return { ...platform(bindings, cell), kv, ioOwner: "instance", fetch };
}

type Common = Omit<Platform, "kv" | "ioOwner" | "fetch">;

function platform(bindings: Bindings, cell: string): Common {
  const pool = new RandomPool((into) => void crypto.getRandomValues(into));
  return {
    call: (name: string, frame: Bytes): Promise<Outcome> => callCell(bindings.CELL, name, frame),
    now: (clock: number): number => (clock === CLOCK_WALL ? Date.now() : performance.now()),
    random: (into: Bytes): void => pool.draw(into),
    log: (level: number, record: LogRecord): void => {
      console.log(JSON.stringify(logLine(level, record, cell)));
    },
    metric: (kind: number, name: string, value: number): void => {
      bindings.METRICS?.writeDataPoint({ indexes: [name], blobs: [cell], doubles: [value, kind] });
    },
  };
}

async function callCell(cells: CellNamespace, name: string, frame: Bytes): Promise<Outcome> {
  const [answer] = await callTogether(cells, name, [frame]);
  return answer ?? outcome(ERROR_UNKNOWN_OUTCOME);
}

/**
 * A front's calls: those of one cell in a line. Where what one request resolves would not go on in
 * the request that waits for it (call_line.ts), each goes alone.
 */
function callsOf(cells: CellNamespace): Platform["call"] {
  if (Cloudflare.compatibilityFlags["handle_cross_request_promise_resolution"] !== true) {
    return (name, frame) => callCell(cells, name, frame);
  }
  const lines = new Map<string, CallLine>();
  return (name: string, frame: Bytes): Promise<Outcome> => {
    let line = lines.get(name);
    if (line === undefined) {
      line = new CallLine((frames) => callTogether(cells, name, frames));
      lines.set(name, line);
    }
    return line.call(frame);
  };
}

/** Calls the object of that name. What it did before it failed is not known. */
async function callTogether(
  cells: CellNamespace,
  name: string,
  frames: readonly Bytes[],
): Promise<Outcome[]> {
  try {
    return readAnswers(await cells.getByName(name).calls(name, writeCalls(frames)));
  } catch (error) {
    return frames.map(() => failed(error));
  }
}

function failed(error: unknown): Outcome {
  // An overloaded object has not taken the call; it is never called again at once.
  const hint = error instanceof Error && "overloaded" in error ? error.overloaded : false;
  return outcome(hint === true ? ERROR_OVERLOADED : ERROR_UNKNOWN_OUTCOME);
}
