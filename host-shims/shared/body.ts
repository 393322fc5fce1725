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
  const aborted = new Promise<never>((_resolve, reject) => {
    const abort = () => reject(signal.reason as Error);
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort, { once: true });
  });
  aborted.catch(() => undefined);
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

function joined(chunks: readonly Uint8Array[], size: number): Bytes {
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
