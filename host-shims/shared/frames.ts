// Frames: how values cross the boundary to the core (bindings/abi/README.md).
//
// Fields in fixed order, little-endian, unaligned: u8, u32, f64, counted bytes, counted lists,
// optionals behind a flag. Bytes behind the last field are ignored, so a newer peer may append.
//
// Header names and values, keys and names are strings of bytes: one character for each byte.
// Bodies and values are bytes, and no text decoder ever sees them.

export type Bytes = Uint8Array<ArrayBuffer>;
export type Header = readonly [name: string, value: string];

const SHORT_TEXT_MAX = 128;

export const NO_BYTES: Bytes = new Uint8Array(0);

/** Bytes that are not the frame that was expected. */
export class FrameError extends Error {}

// A number passes through here: a view of each frame would cost more than its numbers.
const number = new DataView(new ArrayBuffer(8));
const numberBytes = new Uint8Array(number.buffer);

export class FrameWriter {
  #bytes: Bytes;
  #size = 0;

  constructor(sizeExpected = 256) {
    this.#bytes = new Uint8Array(sizeExpected);
  }

  u8(value: number): this {
    const at = this.#grow(1);
    this.#bytes[at] = value;
    return this;
  }

  u32(value: number): this {
    const at = this.#grow(4);
    const bytes = this.#bytes;
    bytes[at] = value;
    bytes[at + 1] = value >>> 8;
    bytes[at + 2] = value >>> 16;
    bytes[at + 3] = value >>> 24;
    return this;
  }

  f64(value: number): this {
    const at = this.#grow(8);
    number.setFloat64(0, value, true);
    this.#bytes.set(numberBytes, at);
    return this;
  }

  flag(value: boolean): this {
    return this.u8(value ? 1 : 0);
  }

  bytes(value: Uint8Array): this {
    this.u32(value.length);
    const at = this.#grow(value.length);
    this.#bytes.set(value, at);
    return this;
  }

  /** One byte for each character. */
  text(value: string): this {
    this.u32(value.length);
    const at = this.#grow(value.length);
    const bytes = this.#bytes;
    for (let i = 0; i < value.length; ++i) bytes[at + i] = value.charCodeAt(i);
    return this;
  }

  headers(headers: readonly Header[]): this {
    this.u32(headers.length);
    for (const [name, value] of headers) this.text(name).text(value);
    return this;
  }

  take(): Bytes {
    return this.#bytes.subarray(0, this.#size);
  }

  #grow(by: number): number {
    const at = this.#size;
    this.#size += by;
    if (this.#size > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(this.#size, this.#bytes.length * 2));
      grown.set(this.#bytes.subarray(0, at));
      this.#bytes = grown;
    }
    return at;
  }
}

/**
 * Reads in the writer's order; throws a FrameError where the frame ends too early.
 *
 * Bytes that it gives are views of the frame, and live as long as the frame does: a frame in the
 * core's memory ends with the import that was given it.
 */
export class FrameReader {
  readonly #bytes: Bytes;
  #at = 0;

  constructor(bytes: Bytes) {
    this.#bytes = bytes;
  }

  u8(): number {
    return this.#bytes[this.#step(1)] ?? 0;
  }

  u32(): number {
    const at = this.#step(4);
    const bytes = this.#bytes;
    const low = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
    return (low | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24)) >>> 0;
  }

  f64(): number {
    const at = this.#step(8);
    for (let i = 0; i < 8; ++i) numberBytes[i] = this.#bytes[at + i] as number;
    return number.getFloat64(0, true);
  }

  flag(): boolean {
    const value = this.u8();
    if (value > 1) throw new FrameError("flag");
    return value === 1;
  }

  bytes(): Bytes {
    const size = this.u32();
    const at = this.#step(size);
    return this.#bytes.subarray(at, at + size);
  }

  text(): string {
    const size = this.u32();
    const at = this.#step(size);
    return textOf(this.#bytes, at, at + size);
  }

  headers(): Header[] {
    return this.list(8, () => [this.text(), this.text()] as const);
  }

  /** `itemBytesMin` bounds the count by what the frame can hold. */
  list<T>(itemBytesMin: number, item: () => T): T[] {
    const count = this.u32();
    if (count * itemBytesMin > this.#bytes.length - this.#at) throw new FrameError("count");
    const items: T[] = [];
    for (let i = 0; i < count; ++i) items.push(item());
    return items;
  }

  optional<T>(value: () => T): T | undefined {
    return this.flag() ? value() : undefined;
  }

  #step(by: number): number {
    const at = this.#at;
    if (by > this.#bytes.length - at) throw new FrameError("end of frame");
    this.#at = at + by;
    return at;
  }
}

/** One character for each byte from `begin` to before `end`. */
export function textOf(bytes: Uint8Array, begin = 0, end = bytes.length): string {
  let text = "";
  let at = begin;
  if (end - begin <= SHORT_TEXT_MAX) {
    // Most texts are keys and headers: eight at a time takes half of what a view of them takes.
    for (; at + 8 <= end; at += 8) {
      text += String.fromCharCode(
        bytes[at] as number, bytes[at + 1] as number, bytes[at + 2] as number,
        bytes[at + 3] as number, bytes[at + 4] as number, bytes[at + 5] as number,
        bytes[at + 6] as number, bytes[at + 7] as number,
      );
    }
    for (; at < end; ++at) text += String.fromCharCode(bytes[at] as number);
    return text;
  }
  for (; at < end; at += 4096) {
    const part: ArrayLike<number> = bytes.subarray(at, Math.min(end, at + 4096));
    // `apply` takes what looks like an array; spreading would iterate, at several times the cost.
    text += String.fromCharCode.apply(null, part as number[]);
  }
  return text;
}

const utf8 = new TextEncoder();

/** The bytes of text from a platform that decodes headers and names as UTF-8. */
export function utf8Bytes(text: string): Bytes {
  return utf8.encode(text) as Bytes;
}

/** The same bytes as text of one character for each byte; text in ASCII is that already. */
export function byteText(text: string): string {
  return /^[\x00-\x7f]*$/.test(text) ? text : textOf(utf8Bytes(text));
}
