// Makes build/sluice-webhooks, the package as it is published: `npm pack build/sluice-webhooks`.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('../../', import.meta.url);
const from = new URL('bindings/js/', root);
const to = new URL('build/sluice-webhooks/', root);
const lane = new URL(`${process.env.SLUICE_WASM_LANE ?? 'build/wasi'}/`, root);

mkdirSync(to, { recursive: true });
for (const name of readdirSync(to)) rmSync(new URL(name, to), { recursive: true });
execFileSync(
  process.execPath,
  [fileURLToPath(new URL('node_modules/typescript/bin/tsc', root)), '-p', fileURLToPath(from)],
  { stdio: 'inherit' });
for (const name of ['package.json', 'README.md']) {
  copyFileSync(new URL(name, from), new URL(name, to));
}
copyFileSync(new URL('LICENSE', root), new URL('LICENSE', to));
for (const name of ['sluice_verify.wasm', 'sluice_webhooks.wasm']) {
  copyFileSync(new URL(name, lane), new URL(name, to));
}
