// Compares the wasm module with what is committed about it: its imports and exports, and its size.
//
// A change of either belongs in the diff that makes it: `./dev build --accept` writes both files.
// The size may differ by one percent, which is what another patch level of the compiler makes.
import { readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const kSlack = 0.01;
const root = new URL('../', import.meta.url);
const kModule = new URL('build/wasi/sluice.wasm', root);
const kOther = new URL('build/emscripten/sluice.wasm', root);
const kImports = new URL('bindings/wasm/imports.txt', root);
const kSize = new URL('bindings/wasm/size.txt', root);

function interfaceOf(bytes) {
  const module = new WebAssembly.Module(bytes);
  const imports = WebAssembly.Module.imports(module);
  const exports = WebAssembly.Module.exports(module);
  return [
    ...imports.map((i) => `import ${i.module}.${i.name} ${i.kind}`).sort(),
    ...exports.map((e) => `export ${e.name} ${e.kind}`).sort(),
  ];
}

function sizeOf(bytes) {
  return { raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length };
}

let passed = 0;
let failed = 0;
function check(claim, holds, detail) {
  if (holds) passed += 1;
  else failed += 1;
  console.log(`${holds ? 'ok' : 'FAILED'}: ${claim}${holds ? '' : `\n${detail}`}`);
}

const bytes = readFileSync(kModule);
const surface = interfaceOf(bytes);
const size = sizeOf(bytes);
if (process.argv.includes('--accept')) {
  writeFileSync(kImports, `${surface.join('\n')}\n`);
  writeFileSync(kSize, `raw ${size.raw}\ngzip ${size.gzip}\n`);
}

const committed = readFileSync(kImports, 'utf8').trim().split('\n');
const extra = surface.filter((line) => !committed.includes(line));
const gone = committed.filter((line) => !surface.includes(line));
check(
  'imports and exports are those in bindings/wasm/imports.txt',
  extra.length + gone.length === 0,
  [...extra.map((line) => `  + ${line}`), ...gone.map((line) => `  - ${line}`)].join('\n'),
);

for (const line of readFileSync(kSize, 'utf8').trim().split('\n')) {
  const [kind, figure] = line.split(' ');
  const difference = Math.abs(size[kind] - Number(figure)) / Number(figure);
  check(
    `${kind} size is within ${kSlack * 100} % of bindings/wasm/size.txt`,
    difference <= kSlack,
    `  ${size[kind]} bytes, committed ${figure}`,
  );
}
check('the module is at most 375 KB compressed', size.gzip <= 375_000, `  ${size.gzip} bytes`);

// The other compiler's module imports nothing that a host of the first lacks.
let other = null;
try {
  other = interfaceOf(readFileSync(kOther));
} catch (error) {
  if (error.code !== 'ENOENT') throw error;
}
if (other !== null) {
  const foreign = other.filter((line) => line.startsWith('import ') && !committed.includes(line));
  const lacking = committed.filter((line) => line.startsWith('export ') && !other.includes(line));
  check(
    'Emscripten makes a module with the same ABI',
    foreign.length + lacking.length === 0,
    [...foreign, ...lacking].map((line) => `  ${line}`).join('\n'),
  );
}

console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
