// The HTTP server: reads requests whole, up to a limit and a deadline, and hands them to the front.

import * as http from "node:http";

import { EVENT_HTTP } from "../shared/abi.ts";
import { NO_BYTES, utf8Bytes } from "../shared/frames.ts";
import type { Bytes } from "../shared/frames.ts";
import { readHttpResponse, writeHttpRequest } from "../shared/messages.ts";
import type { OutboundResponse } from "../shared/messages.ts";
import { problem } from "../shared/problem.ts";
import type { Problem } from "../shared/problem.ts";
import type { Supervisor } from "../shared/supervisor.ts";
import { headersOf } from "./http_client.ts";

const HEADERS_TIMEOUT_MS = 10_000;
const BODY_TIMEOUT_MS = 30_000;
const HEADERS_BYTES_MAX = 32 * 1024;
/** How long a refused body is read and dropped, so that the caller gets to see the answer. */
const DRAIN_MS = 1_000;

export function createServer(
  front: Supervisor,
  bodyMax: number,
  failed: (error: unknown) => void,
): http.Server {
  const server = http.createServer(
    {
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: HEADERS_TIMEOUT_MS + BODY_TIMEOUT_MS,
      maxHeaderSize: HEADERS_BYTES_MAX,
    },
    (request, response) => {
      answer(front, bodyMax, request, response).catch((error: unknown) => {
        failed(error);
        if (response.headersSent) response.destroy();
        else send(response, problemResponse(problem.unavailable));
      });
    },
  );
  return server;
}

async function answer(
  front: Supervisor,
  bodyMax: number,
  request: http.IncomingMessage,
  response: http.ServerResponse,
): Promise<void> {
  const left = new AbortController();
  response.on("close", () => {
    if (!response.writableFinished) left.abort();
  });
  const body = await readIncoming(request, bodyMax);
  if (body === "left") return;
  if (body === "too large") {
    response.setHeader("connection", "close");
    send(response, problemResponse(problem.bodyTooLarge));
    request.resume();
    setTimeout(() => request.destroy(), DRAIN_MS).unref();
    return;
  }
  const frame = writeHttpRequest({
    method: request.method ?? "",
    target: request.url ?? "",
    origin: `http://${request.headers.host ?? ""}`,
    headers: headersOf(request.rawHeaders),
    body,
  });
  const reply = await front.event(EVENT_HTTP, frame, left.signal);
  send(response, readHttpResponse(reply));
}

/** Counts while it reads; stops reading at the limit. The server's timeout ends a slow body. */
function readIncoming(
  request: http.IncomingMessage,
  max: number,
): Promise<Bytes | "too large" | "left"> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= max) {
        chunks.push(chunk);
      } else {
        request.removeAllListeners("data");
        resolve("too large");
      }
    });
    request.on("end", () => resolve(size === 0 ? NO_BYTES : new Uint8Array(Buffer.concat(chunks))));
    request.on("close", () => resolve("left"));
    request.on("error", () => resolve("left"));
  });
}

function problemResponse({ status, headers, body }: Problem): OutboundResponse {
  return { status, headers: Object.entries(headers), body: utf8Bytes(body) };
}

function send(response: http.ServerResponse, { status, headers, body }: OutboundResponse): void {
  for (const [name, value] of headers) response.appendHeader(name, value);
  const isNullBody = status === 204 || status === 304;
  if (!isNullBody) response.setHeader("content-length", body.length);
  response.writeHead(status);
  response.end(isNullBody ? undefined : body);
}
