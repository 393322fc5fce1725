// The module's memory and exports, and the way a request goes into it.

import { NAMED } from "./headers.ts";
import type { Picked } from "./headers.ts";
import { encodeUtf8, FrameReader, readText, textRoom, writeText, writeU32 } from "./text.ts";

interface Exports {
  readonly memory: WebAssembly.Memory;
  _initialize(): void;
  sluice_input(size: number): number;
  sluice_reply(): number;
  sluice_open(frame: number, size: number): number;
  sluice_close(handle: number): void;
  sluice_verify: Call;
  sluice_put(handle: number, frame: number, size: number, fetchedAt: number): number;
  // Of the whole module alone.
  sluice_handshake: Call;
  sluice_sign: Call;
  sluice_presets(): void;
}

type Call = (
  handle: number,
  head: number,
  headSize: number,
  body: number,
  bodySize: number,
  now: number,
) => number;

export type CallName = "sluice_verify" | "sluice_handshake" | "sluice_sign";

export const BODY_MAX = 32 * 1024 * 1024;
/** A string up to this is encoded where it goes, which takes room for three bytes a character. */
const ENCODED_IN_PLACE_MAX = 256 * 1024;

/** What precedes the headers of a request. */
export interface Head {
  /** Only where it is to be signed. */
  readonly id?: string;
  readonly method: string;
  readonly url: string;
}

const encoder = new TextEncoder();

export class Core {
  readonly #exports: Exports;
  readonly #reply: number;
  #bytes: Uint8Array<ArrayBuffer>;
  #view: DataView;
  #input = 0;
  #room = 0;

  constructor(module: WebAssembly.Module) {
    const instance = new WebAssembly.Instance(module, {});
    this.#exports = instance.exports as unknown as Exports;
    this.#exports._initialize();
    this.#reply = this.#exports.sluice_reply();
    this.#bytes = new Uint8Array(this.#exports.memory.buffer as ArrayBuffer);
    this.#view = new DataView(this.#bytes.buffer);
    this.#make(16 * 1024);
  }

  /**
   * Copies a request in and calls. The result is the export's; details are read by the methods
   * below, before the next call. The body is within BODY_MAX.
   */
  request(
    name: CallName,
    handle: number,
    head: Head,
    picked: Picked,
    body: Uint8Array | string,
    now: number,
  ): number {
    let text: string | undefined;
    let bodyRoom = body.length;
    if (typeof body === "string") {
      if (body.length > ENCODED_IN_PLACE_MAX) {
        body = encodeUtf8(body);
        bodyRoom = body.length;
      } else {
        text = body;
        bodyRoom = body.length * 3;
      }
    }
    let headRoom = textRoom(head.id ?? "") + textRoom(head.method) + textRoom(head.url);
    for (let i = 0; i < picked.count; ++i) {
      headRoom += 4 + textRoom(picked.values[i] as string) + textRoom(picked.names[i] as string);
    }
    this.#make(headRoom + bodyRoom);
    const begin = this.#input;
    let at = begin;
    const bytes = this.#bytes;
    if (head.id !== undefined) at = writeText(bytes, at, head.id);
    at = writeText(bytes, at, head.method);
    at = writeText(bytes, at, head.url);
    for (let i = 0; i < picked.count; ++i) {
      const number = picked.numbers[i] as number;
      at = writeU32(bytes, at, number);
      if (number === NAMED) at = writeText(bytes, at, picked.names[i] as string);
      at = writeText(bytes, at, picked.values[i] as string);
    }
    const bodyAt = at;
    let bodySize = body.length;
    if (text === undefined) {
      bytes.set(body as Uint8Array, bodyAt);
    } else {
      bodySize = encoder.encodeInto(text, bytes.subarray(bodyAt)).written;
    }
    const outcome = this.#exports[name](handle, begin, at - begin, bodyAt, bodySize, now);
    if (bytes.buffer !== this.#exports.memory.buffer) this.#renew();
    return outcome;
  }

  /** The handle; -1 with a reply of faults. */
  open(frame: Uint8Array): number {
    const handle = this.#exports.sluice_open(this.#place(frame), frame.length);
    this.#renew();
    this.#bytes.fill(0, this.#input, this.#input + frame.length);  // Secrets were in it.
    return handle;
  }

  get isWhole(): boolean {
    return typeof this.#exports.sluice_sign === "function";
  }

  close(handle: number): void {
    this.#exports.sluice_close(handle);
  }

  put(handle: number, frame: Uint8Array, fetchedAt: number): boolean {
    const at = this.#place(frame);
    const outcome = this.#exports.sluice_put(handle, at, frame.length, fetchedAt);
    this.#renew();
    return outcome === 0;
  }

  presets(): FrameReader {
    this.#exports.sluice_presets();
    this.#renew();
    return this.frame();
  }

  // The reply of the last call (wasm/calls.h).

  get signedAt(): number {
    return this.#view.getFloat64(this.#reply, true);
  }

  text(): string {
    const view = this.#view;
    return readText(
      this.#bytes, view.getUint32(this.#reply + 8, true), view.getUint32(this.#reply + 12, true));
  }

  get secret(): number {
    return this.#view.getUint32(this.#reply + 16, true);
  }

  get identitySigned(): boolean {
    return (this.#view.getUint32(this.#reply + 20, true) & 1) !== 0;
  }

  frame(): FrameReader {
    const begin = this.#view.getUint32(this.#reply + 8, true);
    const size = this.#view.getUint32(this.#reply + 12, true);
    return new FrameReader(this.#bytes.subarray(begin, begin + size));
  }

  #place(frame: Uint8Array): number {
    this.#make(frame.length);
    this.#bytes.set(frame, this.#input);
    return this.#input;
  }

  #make(size: number): void {
    if (size <= this.#room) return;
    const room = Math.max(size, Math.min(this.#room * 2, 4 * 1024 * 1024));
    this.#input = this.#exports.sluice_input(room) >>> 0;
    if (this.#input === 0) throw new RangeError("sluice: the request is too large");
    this.#room = room;
    this.#renew();
  }

  #renew(): void {
    this.#bytes = new Uint8Array(this.#exports.memory.buffer as ArrayBuffer);
    this.#view = new DataView(this.#bytes.buffer);
  }
}
