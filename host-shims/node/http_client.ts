// One HTTP request: whole, capped, under one deadline, no redirects, addresses checked.

import * as http from "node:http";
import * as https from "node:https";
import { isIP } from "node:net";
import type { Socket } from "node:net";
import { Readable } from "node:stream";

import { readBody } from "../shared/body.ts";
import { BLOCKED, isCanonical } from "../shared/fetch.ts";
import type { Header } from "../shared/frames.ts";
import {
  FAULT_ABORTED,
  FAULT_CONNECT,
  FAULT_DNS,
  FAULT_TIMEOUT,
  FAULT_TLS,
} from "../shared/messages.ts";
import type { HttpFailure, HttpOutcome, HttpStart } from "../shared/messages.ts";
import { BlockedError, isGlobal, lookupGlobal } from "./addresses.ts";

/** Of one cell at the same time: as many as the native host has. */
export const REQUESTS_MAX = 64;

const agents = {
  global: {
    "http:": new http.Agent({ keepAlive: true, lookup: lookupGlobal }),
    "https:": new https.Agent({ keepAlive: true, lookup: lookupGlobal }),
  },
  any: {
    "http:": new http.Agent({ keepAlive: true }),
    "https:": new https.Agent({ keepAlive: true }),
  },
} as const;

export async function requestOnce(request: HttpStart, signal: AbortSignal): Promise<HttpOutcome> {
  if (!isCanonical(request.url)) return BLOCKED;
  const url = new URL(request.url);
  if (url.protocol !== "http:" && url.protocol !== "https:") return BLOCKED;
  const literal = url.hostname.replace(/^\[|\]$/g, "");
  if (!request.privateAllowed && isIP(literal) !== 0 && !isGlobal(literal)) return BLOCKED;

  const deadline = AbortSignal.timeout(request.timeoutMs);
  const either = AbortSignal.any([deadline, signal]);
  const agent = (request.privateAllowed ? agents.any : agents.global)[url.protocol];
  let reached = false;
  try {
    const response = await exchange(url, request, agent, either, () => (reached = true));
    const stream = Readable.toWeb(response) as ReadableStream<Uint8Array>;
    const body = await readBody(stream, request.responseMax, either);
    return {
      status: response.statusCode ?? 0,
      headers: headersOf(response.rawHeaders),
      body: body.bytes,
      truncated: body.truncated,
    };
  } catch (error) {
    if (deadline.aborted) return { fault: FAULT_TIMEOUT, maybeSeen: reached };
    return failureOf(error, reached);
  }
}

function exchange(
  url: URL,
  request: HttpStart,
  agent: http.Agent,
  signal: AbortSignal,
  reached: () => void,
): Promise<http.IncomingMessage> {
  return new Promise((resolve, reject) => {
    const { request: send } = url.protocol === "https:" ? https : http;
    const headers = ["host", url.host, ...request.headers.flat()];
    if (request.body.length > 0 || (request.method !== "GET" && request.method !== "HEAD")) {
      headers.push("content-length", String(request.body.length));
    }
    const sent = send(url, { method: request.method, headers, agent, signal });
    sent.on("socket", (socket: Socket) => {
      // From here on bytes of the request may be on their way.
      if (!socket.connecting) reached();
      else socket.once(url.protocol === "https:" ? "secureConnect" : "connect", reached);
    });
    sent.on("response", resolve);
    sent.on("error", reject);
    sent.end(request.body);
  });
}

export function headersOf(raw: readonly string[]): Header[] {
  const headers: Header[] = [];
  for (let i = 0; i + 1 < raw.length; i += 2) {
    headers.push([(raw[i] ?? "").toLowerCase(), raw[i + 1] ?? ""]);
  }
  return headers;
}

function failureOf(error: unknown, reached: boolean): HttpFailure {
  if (error instanceof BlockedError) return BLOCKED;
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (/^(ENOTFOUND|EAI_.*|ENODATA|ESERVFAIL)$/.test(code)) {
    return { fault: FAULT_DNS, maybeSeen: false };
  }
  if (reached) return { fault: FAULT_ABORTED, maybeSeen: true };
  const isTls = /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|HOSTNAME_|EPROTO)/;
  return { fault: isTls.test(code) ? FAULT_TLS : FAULT_CONNECT, maybeSeen: false };
}
