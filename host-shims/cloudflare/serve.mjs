// node host-shims/cloudflare/serve.mjs --data DIR [--config FILE] [--manifest FILE]
//                                      [--listen HOST:PORT] [--private]
//
// Runs the Worker in workerd itself, without the proxy that `wrangler dev` puts in front: what is
// measured here is the Worker. Variables come from the environment; `--private` lets requests
// reach private addresses, for receivers on this machine.

import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('../..', import.meta.url));

const { values } = parseArgs({
  options: {
    config: { type: 'string', default: join(root, 'wrangler/wrangler.jsonc') },
    data: { type: 'string' },
    listen: { type: 'string', default: '127.0.0.1:8787' },
    manifest: { type: 'string' },
    private: { type: 'boolean', default: false },
  },
});
if (values.data === undefined) {
  process.stderr.write('usage: serve.mjs --data DIR [--config FILE] [--manifest FILE] ...\n');
  process.exit(2);
}
const data = resolve(values.data);
const bundle = join(data, 'bundle');
const objects = join(data, 'objects');
rmSync(bundle, { recursive: true, force: true });
mkdirSync(objects, { recursive: true });
execFileSync(
  process.execPath,
  [join(root, 'node_modules/wrangler/bin/wrangler.js'), 'deploy', '--dry-run',
    '--outdir', bundle, '-c', resolve(values.config)],
  { stdio: ['ignore', 'ignore', 'inherit'] },
);

const quoted = (text) => JSON.stringify(text);
const files = readdirSync(bundle);
const entry = files.find((name) => name.endsWith('.js'));
const modules = files.flatMap((name) => {
  const source = `embed ${quoted(name)}`;
  if (name.endsWith('.wasm')) return [`(name = ${quoted(`./${name}`)}, wasm = ${source})`];
  if (name.endsWith('.json')) return [`(name = ${quoted(`./${name}`)}, text = ${source})`];
  return [];
});
const manifest = values.manifest === undefined
  ? readFileSync(join(bundle, files.find((name) => name.endsWith('.json'))), 'utf8')
  : readFileSync(values.manifest, 'utf8');
const wanted = [...manifest.matchAll(/env:([A-Za-z_][A-Za-z0-9_]*)/g)].map((match) => match[1]);
const variables = [...new Set([...wanted, 'SLUICE_TRAP_ON'])]
  .filter((name) => process.env[name] !== undefined)
  .map((name) => `(name = ${quoted(name)}, fromEnvironment = ${quoted(name)})`);
if (values.manifest !== undefined) {
  writeFileSync(join(bundle, 'manifest.txt'), manifest);
  variables.push('(name = "SLUICE_MANIFEST", text = embed "manifest.txt")');
}
const networks = values.private ? '["public", "private"]' : '["public"]';

writeFileSync(join(bundle, 'config.capnp'), `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .worker),
    (name = "objects", disk = (path = ${quoted(objects)}, writable = true)),
    (name = "internet", network = (allow = ${networks}, tlsOptions = (trustBrowserCas = true))),
  ],
  sockets = [(name = "http", address = ${quoted(values.listen)}, http = (), service = "main")],
);
const worker :Workerd.Worker = (
  modules = [
    (name = ${quoted(entry)}, esModule = embed ${quoted(entry)}),
    ${modules.join(',\n    ')},
  ],
  compatibilityDate = "2026-10-01",
  compatibilityFlags = ["enable_request_signal"],
  durableObjectNamespaces = [(className = "Cell", uniqueKey = "cell", enableSql = true)],
  durableObjectStorage = (localDisk = "objects"),
  bindings = [
    ${['(name = "CELL", durableObjectNamespace = "Cell")', ...variables].join(',\n    ')},
  ],
);
`);

const workerd = spawn(
  join(root, 'node_modules/workerd/bin/workerd'),
  ['serve', '--experimental', join(bundle, 'config.capnp')],
  { stdio: 'inherit' },
);
workerd.on('exit', (code) => process.exit(code ?? 1));
for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => workerd.kill(signal));

for (;;) {
  try {
    await fetch(`http://${values.listen}/healthz`);
    break;
  } catch {
    await new Promise((done) => setTimeout(done, 20));
  }
}
process.stdout.write(`sluice is ready on http://${values.listen}\n`);
