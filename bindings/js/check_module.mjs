// Compares the package's modules with what is committed about them: imports, exports and size.
//
// A change of either belongs in the diff that makes it: `--accept` writes both files.
import { writeFileSync } from 'node:fs';

import { Checks, factsOf, linesOf } from '../../wasm-tests/module_facts.mjs';

const GZIP_MAX = { sluice_verify: 120_000, sluice_webhooks: 190_000 };
const SURFACE = new URL('imports.txt', import.meta.url);
const SIZE = new URL('size.txt', import.meta.url);

const modules = Object.entries(GZIP_MAX).map(([name, gzipMax]) => {
  const file = new URL(`../../build/wasi/${name}.wasm`, import.meta.url);
  return { name, gzipMax, ...factsOf(file) };
});
const surface = modules.flatMap(
  ({ name, surface: lines }) => lines.map((line) => `${name} ${line}`));
if (process.argv.includes('--accept')) {
  const sizes = modules.flatMap(
    ({ name, size }) => [`${name} raw ${size.raw}`, `${name} gzip ${size.gzip}`]);
  writeFileSync(SURFACE, `${surface.join('\n')}\n`);
  writeFileSync(SIZE, `${sizes.join('\n')}\n`);
}

const checks = new Checks();
checks.same('the imports and exports are those in bindings/js/imports.txt',
  surface, linesOf(SURFACE));
const committed = linesOf(SIZE).map((line) => line.split(' '));
for (const { name, gzipMax, imports, size } of modules) {
  checks.that(`${name} imports nothing`, imports.length === 0, imports.join('\n'));
  for (const kind of ['raw', 'gzip']) {
    const figure = committed.find(([of, one]) => of === name && one === kind)?.[2];
    checks.near(`the ${kind} size of ${name}`, size[kind], Number(figure), 'bindings/js/size.txt');
  }
  checks.that(`${name} has at most ${gzipMax / 1000} KB compressed`, size.gzip <= gzipMax,
    `  ${size.gzip} bytes`);
}
checks.finish();
