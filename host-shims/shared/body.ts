// Reads a body up to a limit and a deadline, counting while it reads: a declared length may lie.

import { NO_BYTES } from "./frames.ts";
import type { Bytes } from "./frames.ts";

export interface ReadBody {
  readonly bytes: Bytes;
  /** There was more than `max`; `bytes` holds the first `max`. */
  readonly truncated: boolean;
}

/** Rejects when the stream fails or `signal` aborts. */
export async function readBody(
  stream: ReadableStream<Uint8Array> | null,
  max: number,
  signal: AbortSignal,
): Promise<ReadBody> {
  if (stream === null) return { bytes: NO_BYTES, truncated: false };
  const reader = stream.getReader();
  const aborted = abortOf(signal);
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    while (size <= max) {
      const { done, value } = await Promise.race([reader.read(), aborted]);
      if (done) return { bytes: joined(chunks, size), truncated: false };
      chunks.push(value);
      size += value.length;
    }
    return { bytes: joined(chunks, size).subarray(0, max), truncated: true };
  } finally {
    // What is left is not wanted; a stream that fails now has nobody to tell.
    reader.cancel().catch(() => undefined);
  }
}

/** A response as far as it is read here. */
interface Message {
  readonly headers: { get(name: string): string | null };
  readonly body: ReadableStream<Uint8Array> | null;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/**
 * The body of a response. Each read of a stream waits for its turn among everything else that the
 * process does; a body whose declared length is within `max` takes one. Where it is encoded, the
 * length says nothing of what comes out.
 */
export async function readResponse(
  message: Message,
  max: number,
  signal: AbortSignal,
): Promise<ReadBody> {
  const declared = message.headers.get("content-length") ?? "";
  const isPlain = message.headers.get("content-encoding") === null;
  if (!isPlain || !/^[0-9]{1,10}$/.test(declared) || Number(declared) > max) {
    return readBody(message.body, max, signal);
  }
  if (Number(declared) === 0) return { bytes: NO_BYTES, truncated: false };
  const bytes = new Uint8Array(await Promise.race([message.arrayBuffer(), abortOf(signal)]));
  return { bytes: bytes.subarray(0, max), truncated: bytes.length > max };
}

function abortOf(signal: AbortSignal): Promise<never> {
  const aborted = new Promise<never>((_resolve, reject) => {
    const abort = () => reject(signal.reason as Error);
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort, { once: true });
  });
  aborted.catch(() => undefined);
  return aborted;
}

function joined(chunks: readonly Uint8Array[], size: number): Bytes {
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
