// Compares the package's modules with what is committed about them: imports, exports and size.
//
// A change of either belongs in the diff that makes it: `--accept` writes both files. The size may
// differ by one percent, which is what another patch level of the compiler makes.
import { readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const SLACK = 0.01;
const GZIP_MAX = { sluice_verify: 120_000, sluice_webhooks: 190_000 };
const root = new URL('../../', import.meta.url);
const SURFACE = new URL('imports.txt', import.meta.url);
const SIZE = new URL('size.txt', import.meta.url);

function described(name) {
  const bytes = readFileSync(new URL(`build/wasi/${name}.wasm`, root));
  const module = new WebAssembly.Module(bytes);
  const imports = WebAssembly.Module.imports(module);
  const exports = WebAssembly.Module.exports(module);
  return {
    name,
    imports,
    surface: [
      ...imports.map((one) => `${name} import ${one.module}.${one.name} ${one.kind}`).sort(),
      ...exports.map((one) => `${name} export ${one.name} ${one.kind}`).sort(),
    ],
    size: { raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length },
  };
}

const modules = Object.keys(GZIP_MAX).map(described);
const surface = `${modules.flatMap((module) => module.surface).join('\n')}\n`;
if (process.argv.includes('--accept')) {
  writeFileSync(SURFACE, surface);
  const sizes = modules.flatMap(
    ({ name, size }) => [`${name} raw ${size.raw}`, `${name} gzip ${size.gzip}`]);
  writeFileSync(SIZE, `${sizes.join('\n')}\n`);
}

let passed = 0;
let failed = 0;
function check(claim, holds, detail) {
  if (holds) passed += 1;
  else failed += 1;
  console.log(`${holds ? 'ok' : 'FAILED'}: ${claim}${holds ? '' : ` (${detail})`}`);
}

const committed = readFileSync(SIZE, 'utf8').trim().split('\n').map((line) => line.split(' '));
check('the imports and exports are those in bindings/js/imports.txt',
  readFileSync(SURFACE, 'utf8') === surface, surface.replaceAll('\n', '; '));
for (const { name, imports, size } of modules) {
  check(`${name} imports nothing`, imports.length === 0, JSON.stringify(imports));
  for (const kind of ['raw', 'gzip']) {
    const figure = Number(committed.find(([of, one]) => of === name && one === kind)?.[2]);
    check(`the ${kind} size of ${name} is within 1 % of bindings/js/size.txt`,
      Math.abs(size[kind] - figure) / figure <= SLACK,
      `${size[kind]} bytes, committed ${figure}`);
  }
  check(`${name} has at most ${GZIP_MAX[name] / 1000} KB compressed`,
    size.gzip <= GZIP_MAX[name], `${size.gzip} bytes`);
}

console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
