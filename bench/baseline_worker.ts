// What the Worker of Sluice is measured against: the same front and object for one source, written
// by hand. The front verifies GitHub's signature by WebCrypto; the object looks the delivery up and
// writes five rows in one transaction: dedupe, event, log, message, queue. Its alarm delivers,
// signed by Standard Webhooks, six at a time.

import { DurableObject } from "cloudflare:workers";

interface Environment {
  readonly CELL: DurableObjectNamespace<Cell>;
  readonly BENCH_SECRET: string;
  readonly BENCH_ENDPOINT_SECRET: string;
  /** Absent: messages are queued, and stay. */
  readonly BENCH_ENDPOINT?: string;
}

interface Delivery {
  readonly source: string;
  readonly delivery: string;
  readonly type: string;
  /** Those that are kept, as JSON. */
  readonly headers: string;
  readonly digest: ArrayBuffer;
  readonly body: ArrayBuffer;
}

const BODY_MAX = 1024 * 1024;
const IN_FLIGHT_MAX = 6;
const ROUNDS_MAX = 64;
const ATTEMPTS_MAX = 10;
const RETRY_MS = 5000;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS seen(digest BLOB PRIMARY KEY, at INTEGER, event INTEGER,
    delivery TEXT) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS events(seq INTEGER PRIMARY KEY, at INTEGER, source TEXT,
    headers TEXT, body BLOB, delivery TEXT, unfinished INTEGER);
  CREATE TABLE IF NOT EXISTS log(position INTEGER PRIMARY KEY, at INTEGER, source TEXT,
    type TEXT, body BLOB);
  CREATE TABLE IF NOT EXISTS messages(seq INTEGER PRIMARY KEY, event INTEGER, endpoint TEXT,
    state INTEGER, attempts INTEGER, at INTEGER, due INTEGER);
  CREATE TABLE IF NOT EXISTS queue(endpoint TEXT, due INTEGER, message INTEGER,
    PRIMARY KEY(endpoint, due, message)) WITHOUT ROWID;
`;

const utf8 = new TextEncoder();

function bytesOfHex(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^(?:[0-9a-f]{2})+$/.test(text)) return undefined;
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; ++i) {
    bytes[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16);
  }
  return bytes;
}

const keys = new Map<string, Promise<CryptoKey>>();

/** Imported once for each isolate. */
function keyOf(secret: string, use: "sign" | "verify"): Promise<CryptoKey> {
  let key = keys.get(secret);
  if (key === undefined) {
    const bytes = secret.startsWith("whsec_")
      ? Uint8Array.from(atob(secret.slice("whsec_".length)), (c) => c.charCodeAt(0))
      : Uint8Array.from(new TextEncoder().encode(secret));
    key = crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, [use]);
    keys.set(secret, key);
  }
  return key;
}

async function isAuthentic(
  signature: string | null,
  body: ArrayBuffer,
  secret: string,
): Promise<boolean> {
  if (signature === null || !signature.startsWith("sha256=")) return false;
  const given = bytesOfHex(signature.slice("sha256=".length));
  if (given === undefined) return false;
  return crypto.subtle.verify("HMAC", await keyOf(secret, "verify"), given, body);
}

function keptHeaders(headers: Headers): string {
  const kept: [string, string][] = [];
  for (const [name, value] of headers) {
    const isOurs = name.startsWith("x-") && !name.includes("signature");
    if (isOurs || name === "content-type") kept.push([name, value]);
  }
  return JSON.stringify(kept);
}

async function receive(request: Request, environment: Environment): Promise<Response> {
  const body = await request.arrayBuffer();
  if (body.byteLength > BODY_MAX) return new Response(null, { status: 413 });
  const signature = request.headers.get("x-hub-signature-256");
  if (!(await isAuthentic(signature, body, environment.BENCH_SECRET))) {
    return new Response(null, { status: 401 });
  }
  const event = await environment.CELL.getByName("main").accept({
    source: "github",
    delivery: request.headers.get("x-github-delivery") ?? "",
    type: request.headers.get("content-type") ?? "",
    headers: keptHeaders(request.headers),
    digest: await crypto.subtle.digest("SHA-256", body),
    body,
  });
  return Response.json({ id: `evt_${event}` });
}

const front: ExportedHandler<Environment> = {
  fetch: async (request, environment) => {
    const path = new URL(request.url).pathname;
    if (path !== "/in/github") return new Response(null, { status: 404 });
    if (request.method !== "POST") return new Response(null, { status: 405 });
    return receive(request, environment);
  },
};
export default front;

interface Message extends Record<string, SqlStorageValue> {
  readonly message: number;
  readonly due: number;
  readonly body: ArrayBuffer;
  readonly type: string;
}

export class Cell extends DurableObject<Environment> {
  readonly #sql: SqlStorage;
  #last: number;
  #armed: boolean;

  constructor(ctx: DurableObjectState, environment: Environment) {
    super(ctx, environment);
    this.#sql = ctx.storage.sql;
    this.#sql.exec(SCHEMA);
    this.#last = Number(this.#sql.exec("SELECT MAX(seq) AS last FROM events").one()["last"] ?? 0);
    this.#armed = false;
  }

  accept({ source, delivery, type, headers, digest, body }: Delivery): number {
    return this.ctx.storage.transactionSync(() => {
      const found = this.#sql.exec("SELECT event FROM seen WHERE digest = ?", digest).toArray();
      if (found[0] !== undefined) return Number(found[0]["event"]);
      const at = Date.now();
      const seq = ++this.#last;
      this.#sql.exec("INSERT INTO seen VALUES (?, ?, ?, ?)", digest, at, seq, delivery);
      this.#sql.exec("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, 1)",
        seq, at, source, headers, body, delivery);
      this.#sql.exec("INSERT INTO log VALUES (?, ?, ?, ?, ?)", seq, at, source, type, body);
      this.#sql.exec("INSERT INTO messages VALUES (?, ?, 'crm', 1, 0, ?, ?)", seq, seq, at, at);
      this.#sql.exec("INSERT INTO queue VALUES ('crm', ?, ?)", at, seq);
      this.#arm(at);
      return seq;
    });
  }

  override async alarm(): Promise<void> {
    for (let round = 0; round < ROUNDS_MAX; ++round) {
      const due = this.#sql.exec<Message>(
        `SELECT q.message, q.due, l.body, l.type FROM queue q
           JOIN messages m ON m.seq = q.message JOIN log l ON l.position = m.event
          WHERE q.endpoint = 'crm' AND q.due <= ? ORDER BY q.due, q.message LIMIT ?`,
        Date.now(), IN_FLIGHT_MAX).toArray();
      if (due.length === 0) break;
      const outcomes = await Promise.all(due.map((message) => this.#send(message)));
      this.ctx.storage.transactionSync(() => {
        due.forEach((message, at) => this.#record(message, outcomes[at] ?? false));
      });
    }
    this.#armed = false;
    const next = this.#sql.exec("SELECT MIN(due) AS due FROM queue").one()["due"];
    if (next !== null) this.#arm(Number(next));
  }

  #arm(at: number): void {
    if (this.#armed || this.env.BENCH_ENDPOINT === undefined) return;
    this.#armed = true;
    void this.ctx.storage.setAlarm(at);
  }

  async #send({ message, body, type }: Message): Promise<boolean> {
    const id = `msg_${message}`;
    const seconds = Math.floor(Date.now() / 1000);
    const head = utf8.encode(`${id}.${seconds}.`);
    const signed = new Uint8Array(head.length + body.byteLength);
    signed.set(head);
    signed.set(new Uint8Array(body), head.length);
    const key = await keyOf(this.env.BENCH_ENDPOINT_SECRET, "sign");
    const signature = new Uint8Array(await crypto.subtle.sign("HMAC", key, signed));
    try {
      const response = await fetch(this.env.BENCH_ENDPOINT ?? "", {
        method: "POST",
        headers: {
          "content-type": type,
          "webhook-id": id,
          "webhook-timestamp": String(seconds),
          "webhook-signature": `v1,${btoa(String.fromCharCode(...signature))}`,
        },
        body,
      });
      await response.arrayBuffer();
      return response.ok;
    } catch {
      return false;
    }
  }

  #record({ message, due }: Message, delivered: boolean): void {
    this.#sql.exec("DELETE FROM queue WHERE endpoint = 'crm' AND due = ? AND message = ?",
      due, message);
    const state = delivered ? 3 : 1;
    const row = this.#sql.exec(
      "UPDATE messages SET state = ?, attempts = attempts + 1 WHERE seq = ? RETURNING attempts",
      state, message).one();
    if (delivered) {
      this.#sql.exec("UPDATE events SET unfinished = unfinished - 1 WHERE seq = ?", message);
    } else if (Number(row["attempts"]) < ATTEMPTS_MAX) {
      const next = Date.now() + RETRY_MS;
      this.#sql.exec("INSERT INTO queue VALUES ('crm', ?, ?)", next, message);
    }
  }
}
