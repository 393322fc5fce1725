// Calls of one cell in one message, one or several, and their answers: frames between the shims of
// a front and a cell, in the encoding of shared/frames.ts.
//
//   calls    list {bytes frame}
//   answers  list {u32 status, as two's complement; bytes frame}

import { FrameReader, FrameWriter } from "../shared/frames.ts";
import type { Bytes } from "../shared/frames.ts";
import { outcome } from "../shared/platform.ts";
import type { Outcome } from "../shared/platform.ts";

/** Of its exact size: the platform sends the whole buffer that a view lies in. */
export function writeCalls(frames: readonly Bytes[]): Bytes {
  const writer = new FrameWriter(frames.reduce((sum, { length }) => sum + 4 + length, 4));
  writer.u32(frames.length);
  for (const frame of frames) writer.bytes(frame);
  return writer.take();
}

/** Views of the message. */
export function readCalls(message: Bytes): Bytes[] {
  const reader = new FrameReader(message);
  return reader.list(4, () => reader.bytes());
}

export function writeAnswers(answers: readonly Outcome[]): Bytes {
  const writer = new FrameWriter(answers.reduce((sum, { bytes }) => sum + 8 + bytes.length, 4));
  writer.u32(answers.length);
  for (const { status, bytes } of answers) writer.u32(status >>> 0).bytes(bytes);
  return writer.take();
}

/** Views of the message. */
export function readAnswers(message: Bytes): Outcome[] {
  const reader = new FrameReader(message);
  return reader.list(8, () => {
    const status = reader.u32() | 0;
    return outcome(status, reader.bytes());
  });
}
