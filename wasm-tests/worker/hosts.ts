// The whole product as a process, on either host: the same module, the same manifest.

import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { PRODUCT } from "../shared/paths.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const READY_MS_MAX = 60_000;

export type HostName = "workerd" | "node";

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

/** The Worker of wrangler/, with the module under test in place of the one it names. */
function workerConfig(folder: string): string {
  const home = join(ROOT, "wrangler");
  const entry = readFileSync(join(home, "src/index.ts"), "utf8")
    .replace(/"[^"]*\/sluice\.wasm"/, JSON.stringify(PRODUCT))
    .replace(/"[^"]*(\/host-shims\/[^"]*)"/, (_, path: string) => JSON.stringify(join(ROOT, path)))
    .replace(/"[^"]*\/sluice\.json"/, JSON.stringify(join(home, "sluice.json")));
  mkdirSync(join(folder, "src"), { recursive: true });
  writeFileSync(join(folder, "src/index.ts"), entry);
  const config = join(folder, "wrangler.jsonc");
  writeFileSync(config, readFileSync(join(home, "wrangler.jsonc"), "utf8"));
  return config;
}

export interface ProductOptions {
  readonly host: HostName;
  readonly folder: string;
  readonly manifest: object;
  readonly environment: Readonly<Record<string, string>>;
}

export class Product {
  readonly #options: ProductOptions;
  readonly #manifest: string;
  #process: ChildProcess | undefined;
  #output = "";
  url = "";

  constructor(options: ProductOptions) {
    this.#options = options;
    mkdirSync(options.folder, { recursive: true });
    this.#manifest = join(options.folder, "sluice.json");
    writeFileSync(this.#manifest, JSON.stringify(options.manifest));
  }

  /** What it has printed, log lines included. */
  get output(): string {
    return this.#output;
  }

  async start(): Promise<void> {
    const { host, folder, environment } = this.#options;
    const listen = `127.0.0.1:${await freePort()}`;
    const data = join(folder, "data");
    const common = ["--manifest", this.#manifest, "--data", data, "--listen", listen];
    const script = host === "node" ? "host-shims/node/serve.ts" : "host-shims/cloudflare/serve.mjs";
    const own =
      host === "node"
        ? ["--module", PRODUCT]
        : ["--private", "--config", workerConfig(join(folder, "worker"))];
    const started = spawn(
      process.execPath,
      ["--no-warnings", "--experimental-strip-types", join(ROOT, script), ...common, ...own],
      { cwd: folder, detached: true, env: { ...process.env, ...environment } },
    );
    this.#process = started;
    this.url = `http://${listen}`;
    await new Promise<void>((resolve, reject) => {
      const limit = setTimeout(() => reject(new Error(this.#output)), READY_MS_MAX);
      const read = (chunk: Buffer): void => {
        this.#output += chunk.toString();
        if (!this.#output.includes(`sluice is ready on ${this.url}`)) return;
        clearTimeout(limit);
        resolve();
      };
      started.stdout.on("data", read);
      started.stderr.on("data", read);
      started.once("exit", () => reject(new Error(this.#output)));
    });
  }

  /** Ends the whole process group, at once or as an operator would. */
  async stop(signal: "SIGKILL" | "SIGTERM"): Promise<void> {
    const stopping = this.#process;
    if (stopping?.pid === undefined || stopping.exitCode !== null) return;
    this.#process = undefined;
    const ended = new Promise((done) => stopping.once("exit", done));
    process.kill(-stopping.pid, signal);
    await ended;
  }
}
