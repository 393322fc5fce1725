// ./dev bench [NAME...] [--accept] [--seconds S] [--rounds N]
//
// Measures Sluice beside what it is compared with, in one run, and says whether the targets are
// met. Writes build/bench/<name>.json; `--accept` also writes the figures into bench/RESULTS.md.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { describeMachine, machine } from './machine.mjs';
import { asMarkdown, asText } from './report.mjs';

const kNames = ['verify', 'library', 'webhook', 'worker', 'native', 'timing'];
const kMeasured = '<!-- Below: written by ./dev bench --accept -->\n';

const root = fileURLToPath(new URL('..', import.meta.url));
const output = join(root, 'build/bench');
const results = join(root, 'bench/RESULTS.md');

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    accept: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '4' },
    rounds: { type: 'string', default: '3' },
    // For other builds than those of ./dev: folders of the programs, and the binary.
    programs: { type: 'string' },
    modules: { type: 'string', default: join(root, 'build/wasi') },
    binary: { type: 'string', default: join(root, 'build/native/sluice') },
  },
});
const unknown = positionals.filter((name) => !kNames.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`bench: no ${unknown.join(', ')}; there are ${kNames.join(', ')}\n`);
  process.exit(2);
}

function build(preset, target) {
  execFileSync('cmake', ['--build', '--preset', preset, '--target', target],
    { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
}

function accept() {
  const head = readFileSync(results, 'utf8').split(kMeasured)[0];
  const parts = kNames
    .map((name) => join(output, `${name}.json`))
    .filter((path) => existsSync(path))
    .map((path) => JSON.parse(readFileSync(path, 'utf8')))
    .map((result) => `${asMarkdown(result)}\nMeasured ${describeMachine(result.machine)}.\n`);
  writeFileSync(results, `${head}${kMeasured}\n${parts.join('\n')}`);
}

mkdirSync(output, { recursive: true });
if (values.programs === undefined) {
  build('native', 'bench_programs');
  build('wasi', 'verify_module');
  build('wasi', 'sluice_verify');
  build('wasi', 'sluice_webhooks');
  execFileSync(process.execPath, [join(root, 'bindings/js/package.mjs')], { stdio: 'inherit' });
}
const context = {
  root,
  programs: values.programs ?? join(root, 'build/native'),
  binary: values.binary,
  modules: values.modules,
  seconds: Number(values.seconds),
  rounds: Number(values.rounds),
};
let missed = 0;
for (const name of positionals.length > 0 ? positionals : kNames) {
  const directory = join(output, `${name}-${process.pid}`);  // Another run may be under way.
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  const at = machine(directory);
  process.stdout.write(`${describeMachine(at)}\n`);
  const { run } = await import(`./${name}.mjs`);
  const result = { name, machine: at, ...await run({ ...context, directory }) };
  rmSync(directory, { recursive: true, force: true });
  writeFileSync(join(output, `${name}.json`), `${JSON.stringify(result, null, 2)}\n`);
  missed += result.targets.filter(({ met }) => !met).length;
  process.stdout.write(`${asText(result)}\n`);
}
if (values.accept) accept();
process.stdout.write(`${missed} targets missed\n`);
