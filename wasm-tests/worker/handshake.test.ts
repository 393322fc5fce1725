// Providers ask whether an address is ours: every method and the query reach the core on both
// hosts.

import { createHmac } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { Product } from "./hosts.ts";
import type { HostName } from "./hosts.ts";

const SECRET = "the secret of all of them";
const TOKEN = "meatyhamhock";
const ADMIN_TOKEN = "0123456789abcdef0123456789abcdef";

describe.each<HostName>(["workerd", "node"])("handshakes/%s", (host) => {
  const folder = mkdtempSync(join(tmpdir(), `sluice-${host}-`));
  let product: Product;

  beforeAll(async () => {
    const source = (handshake: string, like = "github") => ({
      scheme: { like, handshake },
      secrets: ["env:SECRET"],
    });
    product = new Product({
      host,
      folder,
      manifest: {
        slug: "test",
        sources: {
          slack: source("slack", "slack"),
          meta: { ...source("meta"), verify_token: "env:TOKEN" },
          x: source("x"),
          events: source("cloud-events"),
          hook: source("reachable"),
        },
        admin: { tokens: ["env:ADMIN_TOKEN"] },
      },
      environment: { SECRET, TOKEN, ADMIN_TOKEN },
    });
    await product.start();
  }, 90_000);

  afterAll(async () => {
    await product.stop("SIGTERM");
    rmSync(folder, { recursive: true, force: true });
  });

  async function ask(path: string, options: RequestInit = {}) {
    const response = await fetch(product.url + path, options);
    return { status: response.status, headers: response.headers, text: await response.text() };
  }

  test("a signed question is answered in plain text, a forged one is not", async () => {
    const body = JSON.stringify({ type: "url_verification", challenge: "3eZbrw1aBm" });
    const time = String(Math.floor(Date.now() / 1000));
    const send = (secret: string) => {
      const hex = createHmac("sha256", secret).update(`v0:${time}:${body}`).digest("hex");
      const headers = { "x-slack-request-timestamp": time, "x-slack-signature": `v0=${hex}` };
      return ask("/in/slack", { method: "POST", body, headers });
    };
    const answer = await send(SECRET);
    expect(answer).toMatchObject({ status: 200, text: "3eZbrw1aBm" });
    expect(answer.headers.get("content-type")).toBe("text/plain; charset=utf-8");
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
    expect((await send("another")).status).toBe(401);
  });

  test("a question in the query is answered to whoever knows the verify token", async () => {
    const query = (token: string) =>
      `/in/meta?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=${token}`;
    expect(await ask(query(TOKEN))).toMatchObject({ status: 200, text: "1158201444" });
    expect((await ask(query("another"))).status).toBe(401);
  });

  test("a token is hashed", async () => {
    const hash = createHmac("sha256", SECRET).update("NGY5NmRkYzU").digest("base64");
    const answer = await ask("/in/x?crc_token=NGY5NmRkYzU");
    expect(JSON.parse(answer.text)).toEqual({ response_token: `sha256=${hash}` });
  });

  test("OPTIONS and HEAD are answered where a handshake asks, else refused", async () => {
    const headers = { "webhook-request-origin": "eventemitter.example.com" };
    const consent = await ask("/in/events", { method: "OPTIONS", headers });
    expect(consent.status).toBe(200);
    expect(consent.headers.get("webhook-allowed-origin")).toBe("eventemitter.example.com");
    expect((await ask("/in/hook", { method: "HEAD" })).status).toBe(200);
    const refused = await ask("/in/slack", { method: "HEAD" });
    expect(refused.status).toBe(405);
    expect(refused.headers.get("allow")).toBe("POST");
  });

  test("no question was stored", async () => {
    const authorization = `Bearer ${ADMIN_TOKEN}`;
    const events = await ask("/v1/events", { headers: { authorization } });
    expect(JSON.parse(events.text)).toMatchObject({ items: [] });
  });
});
