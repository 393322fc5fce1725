// node host-shims/node/serve.ts --manifest FILE --data DIR --listen HOST:PORT [--module FILE]
//
// Prints one line when it is ready; secrets come from the environment. SIGTERM drains.

import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { NodeHost } from "./host.ts";

const MODULE = new URL("../../build/wasi/sluice.wasm", import.meta.url);

const { values } = parseArgs({
  options: {
    manifest: { type: "string" },
    data: { type: "string" },
    listen: { type: "string", default: "127.0.0.1:8787" },
    module: { type: "string" },
  },
});
const address = /^(.*):([0-9]{1,5})$/.exec(values.listen);
if (values.manifest === undefined || values.data === undefined || address === null) {
  process.stderr.write("usage: serve.ts --manifest FILE --data DIR --listen HOST:PORT\n");
  process.exit(2);
}

mkdirSync(values.data, { recursive: true });
const host = new NodeHost({
  module: new WebAssembly.Module(readFileSync(values.module ?? MODULE)),
  manifest: readFileSync(values.manifest, "utf8"),
  databasePath: join(values.data, "sluice.db"),
  variables: process.env,
  log: (line) => process.stderr.write(`${JSON.stringify(line)}\n`),
});
const name = (address[1] ?? "").replace(/^\[|\]$/g, "");
const port = await host.listen(name, Number(address[2]));
process.stdout.write(`sluice is ready on http://${address[1] ?? ""}:${port}\n`);

const close = (): void => {
  void host.close().then(() => process.exit(0));
};
process.once("SIGTERM", close);
process.once("SIGINT", close);
