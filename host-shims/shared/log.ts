// Log records as JSON lines. The core's records hold fields of an allow-list only.

import type { LogRecord } from "./messages.ts";

const LEVELS = ["debug", "info", "warn", "error"] as const;

export type LogLine = Readonly<Record<string, string>>;

export function logLine(level: number, record: LogRecord, cell: string): LogLine {
  const line: Record<string, string> = { level: LEVELS[level] ?? "error", event: record.event };
  if (cell !== "") line["cell"] = cell;
  for (const [name, value] of record.fields) line[name] = value;
  return line;
}

/** What a host itself has to say, in the same form. */
export function hostLine(event: string, fields: Readonly<Record<string, string>>): LogLine {
  return { level: "error", event, ...fields };
}

/** Names an error without its text: texts of platforms may quote what they were given. */
export function errorName(error: unknown): string {
  return error instanceof Error ? error.constructor.name : typeof error;
}
