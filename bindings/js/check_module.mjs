// Compares sluice_verify.wasm with what is committed about it: imports, exports and size.
//
// A change of either belongs in the diff that makes it: `--accept` writes both files. The size may
// differ by one percent, which is what another patch level of the compiler makes.
import { readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const SLACK = 0.01;
const GZIP_MAX = 215_000;
const root = new URL('../../', import.meta.url);
const SURFACE = new URL('imports.txt', import.meta.url);
const SIZE = new URL('size.txt', import.meta.url);

const bytes = readFileSync(new URL('build/wasi/sluice_verify.wasm', root));
const module = new WebAssembly.Module(bytes);
const imports = WebAssembly.Module.imports(module);
const surface = [
  ...imports.map(({ module: from, name, kind }) => `import ${from}.${name} ${kind}`).sort(),
  ...WebAssembly.Module.exports(module).map(({ name, kind }) => `export ${name} ${kind}`).sort(),
];
const size = { raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length };
if (process.argv.includes('--accept')) {
  writeFileSync(SURFACE, `${surface.join('\n')}\n`);
  writeFileSync(SIZE, `raw ${size.raw}\ngzip ${size.gzip}\n`);
}

let passed = 0;
let failed = 0;
function check(claim, holds, detail) {
  if (holds) passed += 1;
  else failed += 1;
  console.log(`${holds ? 'ok' : 'FAILED'}: ${claim}${holds ? '' : ` (${detail})`}`);
}

check('the module imports nothing', imports.length === 0, JSON.stringify(imports));
check('the exports are those in bindings/js/imports.txt',
  readFileSync(SURFACE, 'utf8') === `${surface.join('\n')}\n`, surface.join('; '));
for (const line of readFileSync(SIZE, 'utf8').trim().split('\n')) {
  const [kind, figure] = line.split(' ');
  const difference = Math.abs(size[kind] - Number(figure)) / Number(figure);
  check(`${kind} size is within 1 % of bindings/js/size.txt`, difference <= SLACK,
    `${size[kind]} bytes, committed ${figure}`);
}
check(`the module is at most ${GZIP_MAX / 1000} KB compressed`, size.gzip <= GZIP_MAX,
  `${size.gzip} bytes`);

console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
