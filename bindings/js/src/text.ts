// Text in and out of the module's memory, without a frame in between.

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** How many bytes `writeText` takes at most. */
export function textRoom(text: string): number {
  return 4 + text.length * 3;
}

export function writeU32(bytes: Uint8Array, at: number, value: number): number {
  bytes[at] = value;
  bytes[at + 1] = value >>> 8;
  bytes[at + 2] = value >>> 16;
  bytes[at + 3] = value >>> 24;
  return at + 4;
}

/** Its length and its bytes: one for each character, or UTF-8 where some are above U+00FF. */
export function writeText(bytes: Uint8Array, at: number, text: string): number {
  const size = text.length;
  const begin = at + 4;
  for (let i = 0; i < size; ++i) {
    const code = text.charCodeAt(i);
    if (code > 0xff) return writeUtf8(bytes, at, text);
    bytes[begin + i] = code;
  }
  writeU32(bytes, at, size);
  return begin + size;
}

/** Its length and its bytes in UTF-8. */
export function writeUtf8(bytes: Uint8Array, at: number, text: string): number {
  const { written } = encoder.encodeInto(text, bytes.subarray(at + 4));
  writeU32(bytes, at, written);
  return at + 4 + written;
}

export function encodeUtf8(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text) as Uint8Array<ArrayBuffer>;
}

/** The bytes from `begin` on as text; most are short and ASCII. */
export function readText(bytes: Uint8Array, begin: number, size: number): string {
  if (size > 128) return decoder.decode(bytes.subarray(begin, begin + size));
  let text = "";
  for (let i = begin; i < begin + size; ++i) {
    const code = bytes[i] ?? 0;
    if (code > 0x7f) return decoder.decode(bytes.subarray(begin, begin + size));
    text += String.fromCharCode(code);
  }
  return text;
}

/** Reads a reply that is a frame (bindings/abi/README.md), in the writer's order. */
export class FrameReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  u8(): number {
    return this.#bytes[this.#at++] ?? 0;
  }

  u32(): number {
    const low = this.u8() | (this.u8() << 8) | (this.u8() << 16);
    return (low | (this.u8() << 24)) >>> 0;
  }

  /** A copy. */
  bytes(): Uint8Array<ArrayBuffer> {
    const size = this.u32();
    const begin = this.#at;
    this.#at += size;
    return this.#bytes.slice(begin, this.#at) as Uint8Array<ArrayBuffer>;
  }

  text(): string {
    return decoder.decode(this.bytes());
  }

  list<T>(item: () => T): T[] {
    const count = this.u32();
    const items: T[] = [];
    for (let i = 0; i < count; ++i) items.push(item());
    return items;
  }

  headers(): [name: string, value: string][] {
    return this.list(() => [this.text(), this.text()]);
  }
}
