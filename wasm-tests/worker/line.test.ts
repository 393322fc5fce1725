// Calls that share a batch, in workerd itself and over real sockets: whoever leads may leave.

import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import {
  copyFileSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync,
} from "node:fs";
import { request } from "node:http";
import type { ClientRequest } from "node:http";
import { stripTypeScriptTypes } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { PROBE } from "../shared/paths.ts";
import { freePort } from "./hosts.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const WORKER = "wasm-tests/workerd/line_worker.ts";
const SHIMS = ["host-shims/cloudflare", "host-shims/shared"];
const ABORTED = 0;

/** A Worker of these modules as `workerd serve` takes it, by their paths; nothing bundles them. */
function writeConfig(folder: string, port: number): string {
  const files = SHIMS.flatMap((shim) =>
    readdirSync(join(ROOT, shim)).map((name) => `${shim}/${name}`),
  );
  const modules = [WORKER, ...files.filter((name) => name.endsWith(".ts"))].map((name) => {
    mkdirSync(join(folder, dirname(name)), { recursive: true });
    const source = stripTypeScriptTypes(readFileSync(join(ROOT, name), "utf8"));
    writeFileSync(join(folder, name), source);
    return `(name = "${name}", esModule = embed "${name}")`;
  });
  const wasm = join(dirname(WORKER), "probe.wasm");
  copyFileSync(PROBE, join(folder, wasm));
  modules.push(`(name = "${wasm}", wasm = embed "${wasm}")`);
  mkdirSync(join(folder, "objects"));
  const path = join(folder, "config.capnp");
  writeFileSync(path, `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .worker),
    (name = "objects", disk = (path = "${join(folder, "objects")}", writable = true)),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);
const worker :Workerd.Worker = (
  modules = [${modules.join(", ")}],
  compatibilityDate = "2026-10-01",
  durableObjectNamespaces = [(className = "Cell", uniqueKey = "cell", enableSql = true)],
  durableObjectStorage = (localDisk = "objects"),
  bindings = [(name = "CELL", durableObjectNamespace = "Cell")],
);
`);
  return path;
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

interface Sent {
  readonly answer: Promise<Answer>;
  /** Closes the connection. */
  readonly leave: () => void;
}

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
const reversed = (text: string): string => [...text].reverse().join("");

describe("line/workerd", () => {
  const folder = mkdtempSync(join(tmpdir(), "sluice-line-"));
  let workerd: ChildProcess;
  let port: number;

  function send(cell: string, body: string): Sent {
    let sending: ClientRequest | undefined;
    const answer = new Promise<Answer>((resolve) => {
      const options = { host: "127.0.0.1", port, path: `/call/${cell}`, method: "POST" };
      sending = request({ ...options, agent: false }, (response) => {
        let text = "";
        response.on("data", (chunk: Buffer) => (text += chunk.toString()));
        response.on("end", () => resolve({ status: response.statusCode ?? ABORTED, text }));
        response.on("error", () => resolve({ status: ABORTED, text: "" }));
      });
      sending.on("error", () => resolve({ status: ABORTED, text: "" }));
      sending.end(body);
    });
    return { answer, leave: () => void sending?.destroy() };
  }

  async function ask(path: string): Promise<string> {
    return (await fetch(`http://127.0.0.1:${port}${path}`)).text();
  }

  async function begun(count: number): Promise<void> {
    while (Number(await ask("/begun")) < count) await pause(5);
  }

  /** A call that is held, and others that wait for it in this order. */
  async function sendBehind(cell: string, first: string, rest: readonly string[]) {
    const before = Number(await ask("/begun"));
    const leader = send(cell, first);
    await begun(before + 1);
    const followers: Sent[] = [];
    for (const body of rest) {
      followers.push(send(cell, body));
      await begun(before + 1 + followers.length);
    }
    return { leader, followers, letGo: () => ask(`/let-go/${cell}`) };
  }

  const answersOf = (sent: readonly Sent[]) => Promise.all(sent.map(({ answer }) => answer));
  const bodies = [...Array(20).keys()].map((i) => `follower-${i}`);
  const asAsked = bodies.map((body) => ({ status: 200, text: reversed(body) }));

  beforeAll(async () => {
    port = await freePort();
    workerd = spawn(
      join(ROOT, "node_modules/workerd/bin/workerd"),
      ["serve", "--experimental", writeConfig(folder, port)],
      { stdio: ["ignore", "ignore", "inherit"] },
    );
    while ((await send("start.0", "x").answer).status !== 200) await pause(50);
  }, 60_000);

  afterAll(() => {
    workerd.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });

  test("what waits behind a call goes in one batch, and each gets its own answer", async () => {
    const { leader, followers, letGo } = await sendBehind("batch.0", "hold", bodies);
    await letGo();
    expect((await leader.answer).text).toBe("dloh");
    expect(await answersOf(followers)).toEqual(asAsked);
    expect(await send("batch.0", "batches").answer).toEqual({ status: 200, text: "1" });
  });

  test("a caller that leaves while its batch is under way takes nobody with it", async () => {
    const { leader, followers, letGo } = await sendBehind("leaves.0", "hold", bodies);
    leader.leave();
    expect((await leader.answer).status).toBe(ABORTED);
    await ask("/begun");  // The runtime has been at work since.
    await letGo();
    expect(await answersOf(followers)).toEqual(asAsked);
    expect((await send("leaves.0", "again").answer).text).toBe("niaga");
  });

  test("one that leaves while it waits, or while it leads others, does not either", async () => {
    const rest = ["hold, the next to lead", ...bodies];
    const { leader, followers, letGo } = await sendBehind("waits.0", "hold", rest);
    followers[3]?.leave();
    await letGo();
    await leader.answer;  // The batch of those that waited is under way, and held.
    followers[0]?.leave();
    followers[4]?.leave();
    expect((await followers[0]?.answer)?.status).toBe(ABORTED);
    let left: Answer[] | undefined;
    void answersOf(followers).then((answers) => (left = answers));
    while (left === undefined) await Promise.all([letGo(), pause(10)]);
    const staying = [...left.slice(1, 3), ...left.slice(5)];
    expect(staying).toEqual([...asAsked.slice(0, 2), ...asAsked.slice(4)]);
    expect((await send("waits.0", "again").answer).text).toBe("niaga");
  });

  test("a batch that fails answers none of its calls with 2xx, and ends", async () => {
    const all = [...bodies, "throw"];
    const { followers, letGo } = await sendBehind("throws.0", "hold", all);
    await letGo();
    const answers = await answersOf(followers);
    expect(answers.map(({ status }) => status)).toEqual(all.map(() => 503));
    expect((await send("throws.0", "again").answer).text).toBe("niaga");
  });

  test("an object that is reset under a batch answers none of it, and the next call", async () => {
    const all = [...bodies, "reset"];
    const { followers, letGo } = await sendBehind("resets.0", "hold", all);
    await letGo();
    const answers = await answersOf(followers);
    expect(answers.map(({ status }) => status)).toEqual(all.map(() => 503));
    await expect.poll(() => send("resets.0", "again").answer).toMatchObject({ text: "niaga" });
  });

  test("a call that traps in the cell is the only one of its batch that fails", async () => {
    const rest = [...bodies.slice(0, 10), "trap", ...bodies.slice(10)];
    const { followers, letGo } = await sendBehind("traps.0", "hold", rest);
    await letGo();
    const answers = await answersOf(followers);
    expect(answers[10]?.status).toBe(503);
    expect(answers.filter((_, at) => at !== 10)).toEqual(asAsked);
  });

  test("a trap in the front leaves nobody waiting, and no failure is a 2xx", async () => {
    const { leader, followers, letGo } = await sendBehind("front.0", "hold", bodies);
    const trapped = await fetch(`http://127.0.0.1:${port}/trap`, { method: "POST" });
    expect(trapped.status).toBe(503);
    await letGo();
    const answers = [await leader.answer, ...(await answersOf(followers))];
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 503));
    expect((await send("front.0", "again").answer).text).toBe("niaga");
  });
});
