// The Node host over sockets and files, around an engine without business.

import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import * as http from "node:http";
import { connect, createServer as createSocketServer } from "node:net";
import type { AddressInfo, Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, afterEach, describe, expect, test } from "vitest";

import { isGlobal } from "../../host-shims/node/addresses.ts";
import { NodeHost } from "../../host-shims/node/host.ts";
import { requestOnce } from "../../host-shims/node/http_client.ts";
import { openDatabase } from "../../host-shims/node/sqlite.ts";
import { NO_BYTES, utf8Bytes } from "../../host-shims/shared/frames.ts";
import type { LogLine } from "../../host-shims/shared/log.ts";
import * as messages from "../../host-shims/shared/messages.ts";
import { SqlStore } from "../../host-shims/shared/sql_store.ts";
import { PROBE } from "../shared/paths.ts";

const module = new WebAssembly.Module(readFileSync(PROBE));
const folder = mkdtempSync(join(tmpdir(), "sluice-host-"));
const open: { close(): unknown }[] = [];
let files = 0;

afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

async function start(databasePath = join(folder, `${++files}.db`), variables = {}) {
  const lines: LogLine[] = [];
  const log = (line: LogLine): void => void lines.push(line);
  const host = new NodeHost({ module, manifest: "{}", databasePath, variables, log });
  open.push(host);
  const port = await host.listen("127.0.0.1", 0);
  return { host, lines, port, url: `http://127.0.0.1:${port}` };
}

async function serve(answer: http.RequestListener): Promise<string> {
  return listening(http.createServer(answer));
}

async function listening(server: Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  open.push(server);
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

function get(url: string, parts: Partial<messages.HttpStart> = {}): Promise<messages.HttpOutcome> {
  const request: messages.HttpStart = {
    method: "GET",
    url,
    headers: [],
    body: NO_BYTES,
    timeoutMs: 2000,
    responseMax: 1000,
    privateAllowed: true,
    ...parts,
  };
  return requestOnce(request, new AbortController().signal);
}

const post = (url: string, body: BodyInit = "", headers: HeadersInit = {}) =>
  fetch(url, { method: "POST", body, headers });

describe("node/server", () => {
  test("a body of every byte and repeated headers reach the core", async () => {
    const { port } = await start();
    const body = Buffer.from(new Uint8Array(70_000).map((_, i) => (i * 7) % 256));
    const request = http.request({
      port,
      path: "/echo",
      method: "POST",
      headers: ["host", "a", "X-Probe", "1", "x-probe", "2", "content-length", `${body.length}`],
    });
    request.end(body);
    const [response] = (await once(request, "response")) as [http.IncomingMessage];
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).equals(body)).toBe(true);
    expect(response.rawHeaders.filter((_, i) => response.rawHeaders[i - 1] === "x-probe")).toEqual(
      ["1", "2"],
    );
  });

  test("a body over the limit is 413 without the core, declared or not", async () => {
    const { host, lines, url } = await start();
    const declared = await post(`${url}/trap`, new Uint8Array(1024 * 1024 + 1));
    expect(declared.status).toBe(413);
    const stream = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(64 * 1024)),
    });
    const options = { method: "POST", body: stream, duplex: "half" } as const;
    const endless = await fetch(`${url}/trap`, options);
    expect(endless.status).toBe(413);
    expect(await endless.json()).toMatchObject({ code: "body_too_large" });
    expect((await post(`${url}/echo`, new Uint8Array(1024 * 1024))).status).toBe(200);
    expect(lines).toEqual([]);
    expect(host).toBeDefined();
  });

  test("a caller that leaves while it sends leaves nothing behind", async () => {
    const { port, url, lines } = await start();
    const socket = connect(port, "127.0.0.1");
    socket.write("POST /trap HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n\r\nhalf");
    await new Promise((done) => setTimeout(done, 50));
    socket.destroy();
    expect((await post(`${url}/echo`, "on")).status).toBe(200);
    expect(lines).toEqual([]);
  });

  test("a trap in the front or in a cell is a 503, and the next request is served", async () => {
    const { url, lines } = await start();
    expect((await post(`${url}/trap`)).status).toBe(503);
    expect((await post(`${url}/call/a.0`, "trap")).status).toBe(503);
    expect(await (await post(`${url}/call/a.0`, "abc")).text()).toBe("cba");
    expect(lines.map(({ reason }) => reason)).toEqual(["TrapError", "TrapError"]);
  });

  test("a cell's name that could reach another's rows is refused", async () => {
    const { url } = await start();
    for (const name of ["A", "a b", "", "a/b", "-a", "a".repeat(200)]) {
      const reply = await post(`${url}/call/${encodeURIComponent(name)}`, "x");
      expect([404, 503]).toContain(reply.status);
    }
  });

  test("more cells than instances are served, each by its own", async () => {
    const { url } = await start();
    for (let i = 0; i < 70; ++i) {
      expect(await (await post(`${url}/call/cell${i % 68}.0`, "ab")).text()).toBe("ba");
    }
  });

  test("the wake that a cell stored is kept after a restart", async () => {
    const path = join(folder, "wake.db");
    const database = openDatabase(path);
    const store = new SqlStore({
      sql: database,
      prefix: "w.0 ",
      arm: () => undefined,
      failed: () => undefined,
    });
    store.commit({
      checks: [],
      mutations: [],
      wake: messages.WAKE_AT,
      wakeMs: Date.now() + 30,
      commitId: NO_BYTES,
    });
    database.close();
    const { host } = await start(path);
    await new Promise((done) => setTimeout(done, 300));
    await host.close();
    open.length = 0;
    const reopened = openDatabase(path);
    const rows = [...reopened.rows("SELECT v FROM kv WHERE k = 'w.0 alarms'")];
    reopened.close();
    expect(rows).toHaveLength(1);
  });
});

describe("node/http_client", () => {
  test("a response is kept up to its limit, and says so when there was more", async () => {
    const url = await serve((_request, response) => response.end("x".repeat(1001)));
    const cut = await get(url);
    expect(cut).toMatchObject({ status: 200, truncated: true });
    expect("body" in cut && cut.body.length).toBe(1000);
    expect(await get(url, { responseMax: 1001 })).toMatchObject({ truncated: false });
  });

  test("an endless body ends at the limit", async () => {
    const url = await serve((_request, response) => {
      const more = (): void => void (response.write("x".repeat(1000)) && setImmediate(more));
      response.on("drain", more);
      more();
    });
    expect(await get(url)).toMatchObject({ status: 200, truncated: true });
  });

  test("a redirect is an answer, not a request to somewhere else", async () => {
    const url = await serve((_request, response) => {
      response.writeHead(302, { location: "http://169.254.169.254/" }).end();
    });
    expect(await get(url)).toMatchObject({ status: 302 });
  });

  test("the deadline covers a peer that never answers, and one that drips its body", async () => {
    const silent = await serve(() => undefined);
    const timeout = { fault: messages.FAULT_TIMEOUT, maybeSeen: true };
    expect(await get(silent, { timeoutMs: 100 })).toEqual(timeout);
    const dripping = await serve((_request, response) => {
      response.write("a");
      setInterval(() => response.write("a"), 20).unref();
    });
    expect(await get(dripping, { timeoutMs: 100 })).toEqual(timeout);
  });

  test("a peer that closes or speaks garbage has aborted, and may have seen it", async () => {
    const aborted = { fault: messages.FAULT_ABORTED, maybeSeen: true };
    const closing = await listening(createSocketServer((socket) => socket.destroy()));
    expect(await get(closing)).toEqual(aborted);
    const garbage = await listening(createSocketServer((socket) => socket.end("garbage\r\n\r\n")));
    expect(await get(garbage)).toEqual(aborted);
    const half = await serve((_request, response) => {
      response.writeHead(200, { "content-length": "10" }).write("half");
      setTimeout(() => response.destroy(), 20);
    });
    expect(await get(half)).toEqual(aborted);
  });

  test("a refused connection and an unknown name were never seen", async () => {
    const url = await serve(() => undefined);
    await open.pop()?.close();
    const refused = { fault: messages.FAULT_CONNECT, maybeSeen: false };
    expect(await get(url)).toEqual(refused);
    const name = "http://does-not-exist.invalid/";
    expect(await get(name, { timeoutMs: 10_000 })).toMatchObject({ maybeSeen: false });
  });

  test("a private address is blocked where it is connected to, however it is spelled", async () => {
    let seen = 0;
    const url = await serve((_request, response) => {
      seen += 1;
      response.end();
    });
    const blocked = { fault: messages.FAULT_BLOCKED, maybeSeen: false };
    const port = new URL(url).port;
    for (const host of ["127.0.0.1", "localhost", "[::1]", "[::ffff:7f00:1]"]) {
      expect(await get(`http://${host}:${port}/`, { privateAllowed: false })).toEqual(blocked);
    }
    const spellings = [`http://127.1:${port}/`, `http://0x7f.1:${port}/`, "file:///etc/passwd"];
    for (const spelling of spellings) {
      expect(await get(spelling)).toEqual(blocked);
    }
    expect(seen).toBe(0);
  });

  test("headers and a body go out as they are, with the host's own length", async () => {
    const seen: unknown[] = [];
    const url = await serve((request, response) => {
      const { host, connection: _connection, ...headers } = request.headers;
      seen.push(host === new URL(url).host, headers);
      request.on("data", (chunk: Buffer) => seen.push(`${chunk}`));
      request.on("end", () => response.end());
    });
    await get(url, { method: "POST", headers: [["webhook-id", "m1"]], body: utf8Bytes("{}") });
    expect(seen).toEqual([true, { "webhook-id": "m1", "content-length": "2" }, "{}"]);
  });

  test("only global unicast addresses are global", () => {
    const no = ["10.1.2.3", "127.0.0.1", "169.254.169.254", "172.31.0.1", "192.168.0.1", "0.0.0.0",
      "100.64.0.1", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fd00::1", "ff02::1",
      "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:7f00:1::", "2001:db8::1", "nonsense"];
    const yes = ["8.8.8.8", "1.1.1.1", "172.32.0.1", "2606:4700::1111", "2a00:1450::1"];
    expect(no.filter(isGlobal)).toEqual([]);
    expect(yes.filter(isGlobal)).toEqual(yes);
  });
});
