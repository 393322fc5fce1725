// One instance of the core: its events, its operations, and its end.
//
//   event(kind, payload) --> sluice_event --> imports --> READY or PENDING
//                       promise settles --> sluice_on_op --> ... --> sys.reply --> the reply
//
// An instance ends when anything inside it traps. It is then poisoned: every task it still owed a
// reply fails, its requests are aborted, and what completes later is ignored. Where I/O belongs to
// requests, one request may not touch another's: there each other task fails when the operation
// completes that it waits for, and so inside its own request.

import {
  ABI_MAJOR,
  ABI_MINOR,
  ERROR_BAD_ARG,
  ERROR_IO,
  ERROR_TOO_BIG,
  ERROR_UNKNOWN_OUTCOME,
  OK,
  PENDING,
  READY,
} from "./abi.ts";
import { FrameError, NO_BYTES, textOf } from "./frames.ts";
import type { Bytes } from "./frames.ts";
import {
  readCellCall,
  readHttpStart,
  readKvCommit,
  readKvGet,
  readKvRange,
  readLogRecord,
  writeHttpOutcome,
} from "./messages.ts";
import { outcome } from "./platform.ts";
import type { Answer, Outcome, Platform } from "./platform.ts";

const TASK_MAX = 0x7fffffff;

/** The instance is gone, and with it the task; what its commits wrote is written. */
export class TrapError extends Error {}

/** The core refused a boot or an event: `status` is an error of the ABI. */
export class RefusedError extends Error {
  readonly status: number;

  constructor(what: string, status: number) {
    super(`${what}: error ${status}`);
    this.status = status;
  }
}

interface Exports {
  readonly memory: WebAssembly.Memory;
  _initialize(): void;
  sluice_abi(): number;
  sluice_alloc(size: number): number;
  sluice_boot(p: number, n: number): number;
  sluice_event(kind: number, task: number, p: number, n: number): number;
  sluice_on_op(op: number, status: number, n: number): number;
  sluice_cancel(task: number): number;
}

interface Waiting {
  resolve(reply: Bytes): void;
  reject(error: Error): void;
}

interface Operation {
  readonly task: number;
  readonly abort: AbortController | undefined;
  /** Set when there is something to take. */
  result: Bytes | undefined;
}

export class Instance {
  readonly #platform: Platform;
  readonly #exports: Exports;
  readonly #waiting = new Map<number, Waiting>();
  readonly #operations = new Map<number, Operation>();
  #whole: Bytes = NO_BYTES;
  #view = new DataView(NO_BYTES.buffer);
  #operationLast = 0;
  #taskLast = 0;
  /** Whose call into the guest this is; 0 for none. */
  #taskCurrent = 0;
  #poison: TrapError | undefined;

  constructor(module: WebAssembly.Module, platform: Platform, boot: Bytes) {
    this.#platform = platform;
    const instance = new WebAssembly.Instance(module, this.#imports());
    this.#exports = instance.exports as unknown as Exports;
    this.#enter(0, () => this.#exports._initialize());
    const abi = this.#enter(0, () => this.#exports.sluice_abi());
    if (abi >> 16 !== ABI_MAJOR || (abi & 0xffff) < ABI_MINOR) throw new RefusedError("abi", abi);
    const status = this.#enter(0, () => this.#exports.sluice_boot(this.#give(boot), boot.length));
    if (status !== OK) throw new RefusedError("boot", status);
  }

  get isPoisoned(): boolean {
    return this.#poison !== undefined;
  }

  /** Nothing is lost when an idle instance is dropped. */
  get isIdle(): boolean {
    return this.#waiting.size === 0;
  }

  get memoryBytes(): number {
    return this.#exports.memory.buffer.byteLength;
  }

  /** Runs an event to its reply. Aborting `signal` asks the task to end early; it still replies. */
  event(kind: number, payload: Bytes, signal?: AbortSignal): Promise<Bytes> {
    const task = this.#nextTask();
    const reply = new Promise<Bytes>((resolve, reject) => {
      this.#waiting.set(task, { resolve, reject });
    });
    try {
      const status = this.#enter(task, () =>
        this.#exports.sluice_event(kind, task, this.#give(payload), payload.length),
      );
      if (status !== OK) this.#fail(task, new RefusedError("event", status));
    } catch (error) {
      // The trap has failed this task already.
      if (!(error instanceof TrapError)) throw error;
    }
    return signal === undefined ? reply : this.#cancelled(task, reply, signal);
  }

  #cancelled(task: number, reply: Promise<Bytes>, signal: AbortSignal): Promise<Bytes> {
    const cancel = () => this.#cancel(task);
    if (signal.aborted) cancel();
    signal.addEventListener("abort", cancel, { once: true });
    return reply.finally(() => signal.removeEventListener("abort", cancel));
  }

  #cancel(task: number): void {
    if (this.#poison !== undefined || !this.#waiting.has(task)) return;
    this.#enterDetached(task, () => this.#exports.sluice_cancel(task));
  }

  #nextTask(): number {
    do {
      this.#taskLast = this.#taskLast === TASK_MAX ? 1 : this.#taskLast + 1;
    } while (this.#waiting.has(this.#taskLast));
    return this.#taskLast;
  }

  #fail(task: number, error: Error): void {
    this.#waiting.get(task)?.reject(error);
    this.#waiting.delete(task);
  }

  /** Every call into the guest goes through here: whatever it throws ends the instance. */
  #enter<T>(task: number, call: () => T): T {
    if (this.#poison !== undefined) throw this.#poison;
    this.#taskCurrent = task;
    try {
      return call();
    } catch (error) {
      throw this.#end(error);
    }
  }

  /** The same for calls that nobody waits for: their tasks hear of a trap. */
  #enterDetached(task: number, call: () => unknown): void {
    try {
      this.#enter(task, call);
    } catch (error) {
      if (!(error instanceof TrapError)) throw error;
    }
  }

  #end(cause: unknown): TrapError {
    const poison = new TrapError("the core has trapped", { cause });
    this.#poison = poison;
    this.#fail(this.#taskCurrent, poison);
    if (this.#platform.ioOwner === "request") return poison;
    for (const waiting of this.#waiting.values()) waiting.reject(poison);
    for (const operation of this.#operations.values()) operation.abort?.abort(poison);
    this.#waiting.clear();
    this.#operations.clear();
    return poison;
  }

  /** Views of the whole memory are made anew when it has grown, which detaches its buffer. */
  #refresh(): void {
    if (this.#whole.length !== 0) return;
    const buffer = this.#exports.memory.buffer as ArrayBuffer;
    this.#whole = new Uint8Array(buffer);
    this.#view = new DataView(buffer);
  }

  #memory(p: number, n: number): Bytes {
    this.#refresh();
    const begin = p >>> 0;
    const end = begin + (n >>> 0);
    if (end > this.#whole.length) throw new RangeError("not in the core's memory");
    return this.#whole.subarray(begin, end);
  }

  #give(bytes: Bytes): number {
    const p = this.#exports.sluice_alloc(bytes.length);
    if (p === 0) throw new RangeError("the core is out of memory");
    this.#memory(p, bytes.length).set(bytes);
    return p;
  }

  #header(hdr: number, op: number, status: number, size: number): void {
    this.#refresh();
    const at = hdr >>> 0;
    this.#view.setUint32(at, op, true);
    this.#view.setInt32(at + 4, status, true);
    this.#view.setUint32(at + 8, size, true);
  }

  /** Answers an import: READY with a result to take, PENDING, or an error. Never throws. */
  #answer(task: number, hdr: number, start: () => Answer, abort?: AbortController): number {
    let answer: Answer;
    try {
      answer = start();
    } catch (error) {
      return error instanceof FrameError ? ERROR_BAD_ARG : ERROR_IO;
    }
    const op = ++this.#operationLast;
    if (answer instanceof Promise) {
      this.#operations.set(op, { task, abort, result: undefined });
      const unknown = () => outcome(ERROR_UNKNOWN_OUTCOME);
      void answer.catch(unknown).then((settled) => this.#complete(op, settled));
      this.#header(hdr, op, OK, 0);
      return PENDING;
    }
    if (answer.status < 0) return answer.status;
    if (answer.bytes.length > 0) {
      this.#operations.set(op, { task, abort, result: answer.bytes });
    }
    this.#header(hdr, op, answer.status, answer.bytes.length);
    return READY;
  }

  #complete(op: number, settled: Outcome): void {
    const operation = this.#operations.get(op);
    if (operation === undefined) return;
    if (this.#poison === undefined) {
      operation.result = settled.bytes;
      this.#enterDetached(operation.task, () =>
        this.#exports.sluice_on_op(op, settled.status, settled.bytes.length),
      );
    } else {
      this.#fail(operation.task, this.#poison);
    }
    this.#operations.delete(op);
  }

  #take(op: number, dst: number, cap: number): number {
    const result = this.#operations.get(op)?.result;
    if (result === undefined) return ERROR_BAD_ARG;
    if (result.length > cap >>> 0) return ERROR_TOO_BIG;
    this.#memory(dst, result.length).set(result);
    this.#operations.delete(op);
    return result.length;
  }

  #letGo(op: number): void {
    const operation = this.#operations.get(op);
    this.#operations.delete(op);
    operation?.abort?.abort(new Error("let go"));
  }

  #reply(task: number, p: number, n: number): number {
    const waiting = this.#waiting.get(task);
    if (waiting === undefined) return ERROR_BAD_ARG;
    this.#waiting.delete(task);
    waiting.resolve(this.#memory(p, n).slice());
    return OK;
  }

  #fetch(task: number, p: number, n: number, hdr: number): number {
    const abort = new AbortController();
    const start = (): Answer => {
      const request = readHttpStart(this.#memory(p, n).slice());
      const fetched = this.#platform.fetch(request, abort.signal);
      return fetched.then((http) => outcome(OK, writeHttpOutcome(http)));
    };
    return this.#answer(task, hdr, start, abort);
  }

  #call(task: number, p: number, n: number, hdr: number): number {
    return this.#answer(task, hdr, () => {
      const { cell, frame } = readCellCall(this.#memory(p, n));
      return this.#platform.call(cell, frame.slice());
    });
  }

  #imports(): WebAssembly.Imports {
    const { kv } = this.#platform;
    return {
      sluice_kv: {
        get: (task: number, p: number, n: number, hdr: number) =>
          this.#answer(task, hdr, () => kv.get(readKvGet(this.#memory(p, n)))),
        range: (task: number, p: number, n: number, hdr: number) =>
          this.#answer(task, hdr, () => kv.range(readKvRange(this.#memory(p, n)))),
        commit: (task: number, p: number, n: number, hdr: number) =>
          this.#answer(task, hdr, () => kv.commit(readKvCommit(this.#memory(p, n)))),
      },
      sluice_http: {
        start: (task: number, p: number, n: number, hdr: number) =>
          this.#fetch(task, p, n, hdr),
      },
      sluice_cell: {
        call: (task: number, p: number, n: number, hdr: number) => this.#call(task, p, n, hdr),
      },
      sluice_op: {
        take: (op: number, dst: number, cap: number) => this.#take(op, dst, cap),
        cancel: (op: number) => this.#letGo(op),
      },
      sluice_time: { now: (clock: number) => this.#platform.now(clock) },
      sluice_sys: {
        random: (p: number, n: number) => this.#random(p, n),
        log: (level: number, p: number, n: number) => this.#log(level, p, n),
        metric: (kind: number, p: number, n: number, value: number) =>
          this.#platform.metric(kind, textOf(this.#memory(p, n)), value),
        reply: (task: number, p: number, n: number) => this.#reply(task, p, n),
      },
    };
  }

  #random(p: number, n: number): number {
    this.#platform.random(this.#memory(p, n));
    return OK;
  }

  #log(level: number, p: number, n: number): void {
    this.#platform.log(level, readLogRecord(this.#memory(p, n)));
  }
}
