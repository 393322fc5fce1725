// The frames that hosts write and read, one type and one function for each.

import { FrameReader, FrameWriter, utf8Bytes } from "./frames.ts";
import type { Bytes, Header } from "./frames.ts";

export interface Boot {
  readonly role: "front" | "cell";
  readonly cell: string;
  readonly capabilities: number;
  readonly httpInFlightMax: number;
  readonly storeBytesMax: number;
  readonly bodyMax: number;
  readonly manifest: Bytes;
  readonly environment: readonly (readonly [name: string, value: string])[];
  /** Tests of hosts: an event of this kind whose payload contains `needle` traps. */
  readonly trapOn?: { readonly kind: number; readonly needle: string };
}

export function writeBoot(boot: Boot): Bytes {
  const writer = new FrameWriter(boot.manifest.length + 1024);
  writer.u8(boot.role === "cell" ? 1 : 0).text(boot.cell);
  writer.u32(boot.capabilities).u32(boot.httpInFlightMax).f64(boot.storeBytesMax);
  writer.u32(boot.bodyMax).bytes(boot.manifest).u32(boot.environment.length);
  for (const [name, value] of boot.environment) {
    writer.bytes(utf8Bytes(name)).bytes(utf8Bytes(value));
  }
  writer.flag(boot.trapOn !== undefined);
  if (boot.trapOn !== undefined) writer.u8(boot.trapOn.kind).text(boot.trapOn.needle);
  return writer.take();
}

export interface InboundRequest {
  readonly method: string;
  /** Path and query as received. */
  readonly target: string;
  /** Scheme and authority that the caller used. */
  readonly origin: string;
  readonly headers: readonly Header[];
  readonly body: Bytes;
  readonly bodyTooLarge?: boolean;
}

export function writeHttpRequest(request: InboundRequest): Bytes {
  const writer = new FrameWriter(request.body.length + 2048);
  writer.text(request.method).text(request.target).text(request.origin);
  writer.headers(request.headers).bytes(request.body).flag(request.bodyTooLarge ?? false);
  return writer.take();
}

export interface OutboundResponse {
  readonly status: number;
  readonly headers: readonly Header[];
  readonly body: Bytes;
}

export function readHttpResponse(frame: Bytes): OutboundResponse {
  const reader = new FrameReader(frame);
  return { status: reader.u32(), headers: reader.headers(), body: reader.bytes() };
}

export function writeCron(scheduledMs: number): Bytes {
  return new FrameWriter(8).f64(scheduledMs).take();
}

export function readKvGet(frame: Bytes): string[] {
  const reader = new FrameReader(frame);
  return reader.list(4, () => reader.text());
}

export interface KvEntry {
  readonly value: Uint8Array;
  readonly version: Uint8Array;
}

export function writeKvGetResult(entries: readonly (KvEntry | undefined)[]): Bytes {
  const writer = new FrameWriter();
  writer.u32(entries.length);
  for (const entry of entries) {
    writer.flag(entry !== undefined);
    if (entry !== undefined) writer.bytes(entry.value).bytes(entry.version);
  }
  return writer.take();
}

export interface KvRange {
  readonly lo: string;
  readonly hi: string;
  readonly limit: number;
  readonly reverse: boolean;
}

export function readKvRange(frame: Bytes): KvRange {
  const reader = new FrameReader(frame);
  return { lo: reader.text(), hi: reader.text(), limit: reader.u32(), reverse: reader.flag() };
}

export interface KvRow extends KvEntry {
  readonly key: string;
}

export function writeKvRangeResult(rows: readonly KvRow[], next: string | undefined): Bytes {
  const writer = new FrameWriter(1024);
  writer.u32(rows.length);
  for (const row of rows) writer.text(row.key).bytes(row.value).bytes(row.version);
  writer.flag(next !== undefined);
  if (next !== undefined) writer.text(next);
  return writer.take();
}

export interface KvCheck {
  readonly key: string;
  /** Undefined: the key has to be absent. */
  readonly version: Bytes | undefined;
}

export interface KvMutation {
  readonly key: string;
  /** Undefined: delete. */
  readonly value: Bytes | undefined;
  readonly expiryMs: number | undefined;
}

export const WAKE_KEEP = 0;
export const WAKE_BY = 1;
export const WAKE_AT = 2;
export const WAKE_NEVER = 3;

export interface KvCommit {
  readonly checks: readonly KvCheck[];
  readonly mutations: readonly KvMutation[];
  readonly wake: number;
  readonly wakeMs: number;
  readonly commitId: Bytes;
}

export function readKvCommit(frame: Bytes): KvCommit {
  const reader = new FrameReader(frame);
  return {
    checks: reader.list(5, () => ({
      key: reader.text(),
      version: reader.optional(() => reader.bytes()),
    })),
    mutations: reader.list(6, () => ({
      key: reader.text(),
      value: reader.optional(() => reader.bytes()),
      expiryMs: reader.optional(() => reader.f64()),
    })),
    wake: reader.u8(),
    wakeMs: reader.f64(),
    commitId: reader.bytes(),
  };
}

export function writeKvConflict(index: number): Bytes {
  return new FrameWriter(4).u32(index).take();
}

export interface HttpStart {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly Header[];
  readonly body: Bytes;
  readonly timeoutMs: number;
  readonly responseMax: number;
  readonly privateAllowed: boolean;
}

export function readHttpStart(frame: Bytes): HttpStart {
  const reader = new FrameReader(frame);
  return {
    method: reader.text(),
    url: reader.text(),
    headers: reader.headers(),
    body: reader.bytes(),
    timeoutMs: reader.f64(),
    responseMax: reader.u32(),
    privateAllowed: reader.flag(),
  };
}

export const FAULT_DNS = 1;
export const FAULT_CONNECT = 2;
export const FAULT_TLS = 3;
export const FAULT_TIMEOUT = 4;
export const FAULT_ABORTED = 5;
export const FAULT_TOO_LARGE = 6;
export const FAULT_BLOCKED = 7;

export interface HttpFailure {
  readonly fault: number;
  /** The peer may have got the request, so sending it again may duplicate it. */
  readonly maybeSeen: boolean;
}

export interface HttpResponse extends OutboundResponse {
  readonly truncated: boolean;
}

export type HttpOutcome = HttpResponse | HttpFailure;

export function writeHttpOutcome(outcome: HttpOutcome): Bytes {
  if ("fault" in outcome) {
    return new FrameWriter(3).u8(1).u8(outcome.fault).flag(outcome.maybeSeen).take();
  }
  const writer = new FrameWriter(outcome.body.length + 1024);
  writer.u8(0).u32(outcome.status).headers(outcome.headers);
  return writer.bytes(outcome.body).flag(outcome.truncated).take();
}

export interface CellCall {
  readonly cell: string;
  readonly frame: Bytes;
}

export function readCellCall(frame: Bytes): CellCall {
  const reader = new FrameReader(frame);
  return { cell: reader.text(), frame: reader.bytes() };
}

export interface LogRecord {
  readonly event: string;
  readonly fields: readonly (readonly [name: string, value: string])[];
}

const utf8 = new TextDecoder();

export function readLogRecord(frame: Bytes): LogRecord {
  const reader = new FrameReader(frame);
  return {
    event: reader.text(),
    fields: reader.list(8, () => [reader.text(), utf8.decode(reader.bytes())] as const),
  };
}

