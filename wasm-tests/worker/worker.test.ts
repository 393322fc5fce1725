// The main job on both JavaScript hosts: a signed webhook comes in, is stored, and is delivered.

import { createHmac } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { Product, freePort } from "./hosts.ts";
import type { HostName } from "./hosts.ts";

const HUB_SECRET = "It's a Secret to Everybody";
const SINK_SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
const ADMIN_TOKEN = "0123456789abcdef0123456789abcdef";
const WAIT = { timeout: 20_000, interval: 50 };

interface Delivery {
  readonly id: string;
  readonly body: Buffer;
  readonly isSigned: boolean;
}

/** A receiver that keeps what it is sent, and answers what it is told. */
class Sink {
  readonly deliveries: Delivery[] = [];
  status = 200;
  /** Answers wait in `held` instead. */
  isHolding = false;
  readonly held: (() => void)[] = [];
  #server: Server | undefined;

  async listen(port: number): Promise<void> {
    const webhook = new Webhook(SINK_SECRET);
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const body = Buffer.concat(chunks);
        const headers = request.headers as Record<string, string>;
        let isSigned = true;
        try {
          // The library parses what it verifies as JSON; only a wrong signature is of interest.
          webhook.verify(body, headers);
        } catch (error) {
          isSigned = error instanceof SyntaxError;
        }
        if (this.status === 200) {
          this.deliveries.push({ id: headers["webhook-id"] ?? "", body, isSigned });
        }
        const { status } = this;
        const answer = (): void => void response.writeHead(status).end();
        if (this.isHolding) this.held.push(answer);
        else answer();
      });
    });
    await new Promise<void>((done) => this.#server?.listen(port, "127.0.0.1", done));
  }

  of(id: string): Delivery[] {
    return this.deliveries.filter(({ body }) => body.includes(id));
  }

  close(): void {
    this.#server?.closeAllConnections();
    this.#server?.close();
  }
}

describe.each<HostName>(["workerd", "node"])("product/%s", (host) => {
  const folder = mkdtempSync(join(tmpdir(), `sluice-${host}-`));
  const sink = new Sink();
  let product: Product;

  beforeAll(async () => {
    const port = await freePort();
    await sink.listen(port);
    product = new Product({
      host,
      folder,
      manifest: {
        slug: "test",
        sources: { hub: { scheme: "github", secrets: ["env:HUB_SECRET"] } },
        routes: [{ from: "hub", to: ["sink"] }],
        endpoints: {
          sink: {
            url: `http://127.0.0.1:${port}/hook`,
            signing: { scheme: "standard", secrets: ["env:SINK_SECRET"] },
            schedule_ms: [0, 100, 200, 400, 800, 1600, 1600, 1600, 1600, 1600],
          },
        },
        admin: { tokens: ["env:ADMIN_TOKEN"] },
        development: { private_hosts: ["127.0.0.1"] },
      },
      // Kind 1 is a request at the front, kind 4 a call in a cell.
      environment: { HUB_SECRET, SINK_SECRET, ADMIN_TOKEN, SLUICE_TRAP_ON: "4:trap-in-the-cell" },
    });
    await product.start();
  }, 90_000);

  afterAll(async () => {
    await product.stop("SIGTERM");
    sink.close();
    rmSync(folder, { recursive: true, force: true });
  });

  type Body = string | Buffer;

  async function send(id: string, body: Body = JSON.stringify({ id }), secret = HUB_SECRET) {
    const signature = createHmac("sha256", secret).update(body).digest("hex");
    const response = await fetch(`${product.url}/in/hub`, {
      method: "POST",
      body: body as BodyInit,
      headers: {
        "x-github-event": "push",
        "x-github-delivery": id,
        "x-hub-signature-256": `sha256=${signature}`,
      },
    });
    return { status: response.status, text: await response.text() };
  }

  async function events(): Promise<{ id: string; identity: string }[]> {
    const response = await fetch(`${product.url}/v1/events?limit=100`, {
      headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
    });
    expect(response.status).toBe(200);
    return ((await response.json()) as { items: { id: string; identity: string }[] }).items;
  }

  test("a signed webhook is stored before it is answered, and delivered signed", async () => {
    const answer = await send("delivery-1");
    expect(answer.status).toBe(200);
    const { id } = JSON.parse(answer.text) as { id: string };
    expect((await events()).map((event) => event.id)).toContain(id);
    await expect.poll(() => sink.of("delivery-1").length, WAIT).toBe(1);
    expect(sink.of("delivery-1")[0]).toMatchObject({ isSigned: true });
    expect(sink.of("delivery-1")[0]?.id).toMatch(/^msg_[0-9a-f]{32}$/);
  });

  test("a duplicate gets the same answer and changes nothing", async () => {
    const [first, second] = [await send("delivery-2"), await send("delivery-2")];
    expect(second).toEqual(first);
    await expect.poll(() => sink.of("delivery-2").length, WAIT).toBe(1);
    expect((await events()).filter(({ identity }) => identity === "delivery-2")).toHaveLength(1);
  });

  test("a forged webhook is a 401 that tells nothing, and the log says why", async () => {
    const forged = await send("delivery-3", "{}", "another secret");
    expect(forged.status).toBe(401);
    expect(forged.text).not.toContain("signature");
    await expect.poll(() => product.output, WAIT).toContain("signature_mismatch");
    expect((await events()).map(({ identity }) => identity)).not.toContain("delivery-3");
  });

  test("a body of every byte is delivered as it came", async () => {
    const every = Buffer.from([...Array(256).keys()]);
    const body = Buffer.concat([Buffer.from("delivery-4 "), every]);
    expect((await send("delivery-4", body)).status).toBe(200);
    await expect.poll(() => sink.of("delivery-4").length, WAIT).toBe(1);
    expect(sink.of("delivery-4")[0]?.body.equals(body)).toBe(true);
  });

  /** Answers what the receiver holds: each of these has arrived once in the end. */
  async function release(ids: readonly string[]): Promise<void> {
    sink.isHolding = false;
    for (const answer of sink.held.splice(0)) answer();
    const delivered = () => ids.filter((id) => sink.of(id).length > 0).length;
    await expect.poll(delivered, WAIT).toBe(ids.length);
    expect(ids.map((id) => sink.of(id).length)).toEqual(ids.map(() => 1));
  }

  const underWayMax = host === "workerd" ? 18 : 64;  // Six of the object, six of each courier.

  test("one cell has many deliveries under way, and each arrives once", async () => {
    sink.isHolding = true;
    const ids = [...Array(underWayMax + 6).keys()].map((i) => `held-${i}-`);
    for (const id of ids) expect((await send(id)).status).toBe(200);
    await expect.poll(() => sink.held.length, WAIT).toBe(underWayMax);
    await new Promise((done) => setTimeout(done, 500));
    expect(sink.held.length).toBe(underWayMax);
    await release(ids);
  });

  test("the largest bodies may be under way all at once", async () => {
    sink.isHolding = true;
    const ids = [...Array(underWayMax).keys()].map((i) => `large-${i}-`);
    for (const id of ids) {
      expect((await send(id, id + "x".repeat(1024 * 1024 - id.length))).status).toBe(200);
    }
    await expect.poll(() => sink.held.length, WAIT).toBe(underWayMax);
    await release(ids);
    expect(product.output).not.toContain("core_failed");
  }, 120_000);

  test("a trap in the cell is never a 2xx, stores nothing, and is survived", async () => {
    const trapped = await send("delivery-5", '{"id":"delivery-5","x":"trap-in-the-cell"}');
    expect(trapped.status).toBe(503);
    expect((await events()).map(({ identity }) => identity)).not.toContain("delivery-5");
    expect((await send("delivery-6")).status).toBe(200);
    await expect.poll(() => sink.of("delivery-6").length, WAIT).toBe(1);
  });

  test("what was acknowledged is delivered after a kill, by an alarm nobody called", async () => {
    sink.status = 500;
    const ids = [...Array(10).keys()].map((i) => `kept-${i}-`);
    const statuses = await Promise.all(ids.map(async (id) => (await send(id)).status));
    expect(statuses).toEqual(ids.map(() => 200));
    await product.stop("SIGKILL");
    sink.status = 200;
    await product.start();
    const delivered = () => ids.filter((id) => sink.of(id).length > 0).length;
    await expect.poll(delivered, { timeout: 60_000, interval: 100 }).toBe(ids.length);
    expect(ids.flatMap((id) => sink.of(id)).every(({ isSigned }) => isSigned)).toBe(true);
  }, 120_000);
});
