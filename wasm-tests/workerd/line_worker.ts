// The front and the cell around the probe, with a cell that does to its callers what a test asks:
// a call of `hold` waits until the cell is let go, one of `throw` fails, one of `reset` ends the
// object. What is asked of the cell beside the front's calls goes by /begun and /let-go/CELL.

import module from "./probe.wasm";

import { readCalls, writeCalls } from "../../host-shims/cloudflare/batch.ts";
import { defineWorker } from "../../host-shims/cloudflare/index.ts";
import type { Bindings } from "../../host-shims/cloudflare/index.ts";
import { utf8Bytes } from "../../host-shims/shared/frames.ts";
import type { Bytes } from "../../host-shims/shared/frames.ts";

const worker = defineWorker({ module, manifest: "{}" });

/** Requests that have come in whole. */
let begun = 0;

export class Cell extends worker.Cell {
  #batches = 0;
  #held: (() => void)[] = [];

  letGo(): void {
    for (const go of this.#held.splice(0)) go();
  }

  override async calls(name: string, batch: Bytes): Promise<Bytes> {
    const frames = readCalls(batch);
    if (frames.length > 1) this.#batches += 1;
    return super.calls(name, writeCalls(await Promise.all(frames.map((f) => this.#asked(f)))));
  }

  async #asked(frame: Bytes): Promise<Bytes> {
    const text = new TextDecoder().decode(frame);
    if (text.startsWith("hold")) await new Promise<void>((go) => this.#held.push(go));
    if (text.startsWith("throw")) throw new Error("as asked");
    if (text.startsWith("reset")) this.ctx.abort("as asked");
    return text === "batches" ? utf8Bytes(String(this.#batches)) : frame;
  }
}

async function fetch(request: Request, bindings: Bindings, ctx: ExecutionContext) {
  const { pathname } = new URL(request.url);
  if (pathname === "/begun") return new Response(String(begun));
  if (pathname.startsWith("/let-go/")) {
    const cells = bindings.CELL as unknown as DurableObjectNamespace<Cell>;
    await cells.getByName(pathname.slice("/let-go/".length)).letGo();
    return new Response(null, { status: 204 });
  }
  const body = await request.arrayBuffer();
  begun += 1;
  const whole = new Request(request.url, { method: request.method, body });
  return worker.front.fetch(whole as Parameters<typeof worker.front.fetch>[0], bindings, ctx);
}

export default { fetch };
