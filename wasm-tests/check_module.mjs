// Compares the wasm module with what is committed about it: its imports and exports, and its size.
//
// A change of either belongs in the diff that makes it: `./dev build --accept` writes both files.
import { existsSync, writeFileSync } from 'node:fs';

import { Checks, factsOf, linesOf } from './module_facts.mjs';

const kGzipMax = 375_000;
const root = new URL('../', import.meta.url);
const kModule = new URL('build/wasi/sluice.wasm', root);
const kOther = new URL('build/emscripten/sluice.wasm', root);
const kSurface = new URL('bindings/wasm/imports.txt', root);
const kSize = new URL('bindings/wasm/size.txt', root);

const { surface, size } = factsOf(kModule);
if (process.argv.includes('--accept')) {
  writeFileSync(kSurface, `${surface.join('\n')}\n`);
  writeFileSync(kSize, `raw ${size.raw}\ngzip ${size.gzip}\n`);
}

const checks = new Checks();
const committed = linesOf(kSurface);
checks.same('imports and exports are those in bindings/wasm/imports.txt', surface, committed);
for (const line of linesOf(kSize)) {
  const [kind, figure] = line.split(' ');
  checks.near(`${kind} size`, size[kind], Number(figure), 'bindings/wasm/size.txt');
}
checks.that('the module is at most 375 KB compressed', size.gzip <= kGzipMax,
  `  ${size.gzip} bytes`);

// The other compiler's module imports nothing that a host of the first lacks.
if (existsSync(kOther)) {
  const other = factsOf(kOther);
  checks.same('Emscripten makes a module with the same ABI',
    other.imports.filter((line) => !committed.includes(line)),
    committed.filter((line) => line.startsWith('export ') && !other.surface.includes(line)));
}
checks.finish();
