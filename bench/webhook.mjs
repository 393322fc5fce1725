// What a webhook costs in the core: an HTTP event of the front, its call to the cell, one get and
// one commit there, and the answer. The product's module under Node, with a store in memory.
//
// How much of it is JavaScript is measured apart: the same run with every crossing of the boundary
// timed, less what the timing itself costs.

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

import { utf8Bytes } from '../host-shims/shared/frames.ts';
import { Instance } from '../host-shims/shared/instance.ts';
import { writeBoot } from '../host-shims/shared/messages.ts';
import { NO_KV } from '../host-shims/shared/platform.ts';
import { MemoryHost } from './memory_host.ts';
import { figure, median, percentile } from './measure.mjs';
import { target } from './report.mjs';
import { body, headersOf, manifest as manifestOf, requestTarget, variables } from './traffic.mjs';

const kWarm = 3000;
const kRounds = 150;
const kPerRound = 30;  // A round is shorter than a scheduler's slice, as in measure.mjs.
const kStarts = 15;
const byHeader = manifestOf({ when: { 'header:x-github-event': ['issues'] } });
const byPointer = manifestOf({ when: { '/action': ['opened'] } });

function requestOf(number, size) {
  const text = body('memory', number, size);
  return {
    method: 'POST',
    target: requestTarget,
    origin: 'https://hooks.example',
    headers: Object.entries({ host: 'hooks.example', ...headersOf(text, number) }),
    body: utf8Bytes(text),
  };
}

class Sender {
  #number = 0;

  constructor(host, size) {
    this.host = host;
    this.size = size;
  }

  prepare(count) {
    return Array.from({ length: count }, () => requestOf(++this.#number, this.size));
  }

  /** Microseconds of one webhook. */
  async send(requests) {
    const from = performance.now();
    for (const request of requests) {
      const { status } = await this.host.request(request);
      if (status !== 200) throw new Error(`answered ${status}`);
    }
    return ((performance.now() - from) * 1000) / requests.length;
  }
}

/** Times what passes the boundary in both directions, while `patch` is on. */
class Boundary {
  #native = WebAssembly.Instance;
  inside = 0;  // Milliseconds in exports, and in the imports they call.
  imported = 0;
  crossings = 0;

  patch() {
    const boundary = this;
    WebAssembly.Instance = function Timed(module, imports) {
      const timed = Object.fromEntries(Object.entries(imports).map(([name, functions]) => [
        name,
        Object.fromEntries(Object.entries(functions).map(([of, f]) => [
          of, (...values) => boundary.#time('imported', f, values)])),
      ]));
      const { exports } = new boundary.#native(module, timed);
      const wrapped = Object.fromEntries(Object.entries(exports).map(([name, f]) => [
        name,
        typeof f === 'function' ? (...values) => boundary.#time('inside', f, values) : f,
      ]));
      return { exports: wrapped };
    };
  }

  restore() {
    WebAssembly.Instance = this.#native;
  }

  reset() {
    this.inside = this.imported = this.crossings = 0;
  }

  #time(where, f, values) {
    const from = performance.now();
    const value = f(...values);
    this[where] += performance.now() - from;
    this.crossings += 1;
    return value;
  }

  /** What one timed crossing adds, in microseconds: to the whole, and to its own figure. */
  cost() {
    const other = new Boundary();
    const count = 200_000;
    const nothing = () => 0;
    const from = performance.now();
    for (let i = 0; i < count; ++i) other.#time('imported', nothing, []);
    return { whole: ((performance.now() - from) * 1000) / count,
      own: (other.imported * 1000) / count };
  }
}

async function measure(module, manifest, size) {
  const host = new MemoryHost({ module, manifest, variables });
  const sender = new Sender(host, size);
  await sender.send(sender.prepare(kWarm));
  const rounds = [];
  const busy = [];
  for (let i = 0; i < kRounds; ++i) {
    const requests = sender.prepare(kPerRound);
    const before = process.threadCpuUsage?.() ?? { user: NaN, system: NaN };
    rounds.push(await sender.send(requests));
    const { user, system } = process.threadCpuUsage?.(before) ?? before;
    busy.push((user + system) / kPerRound);
  }
  const kv = host.kv.get('main.0') ?? [...host.kv.values()].at(-1);
  const before = { ...kv.calls };
  await sender.send(sender.prepare(100));
  const calls = Object.fromEntries(
    Object.entries(kv.calls).map(([name, n]) => [name, (n - before[name]) / 100]));
  return { total: percentile(rounds, 25), cpu: median(busy), calls };
}

/** Microseconds of one webhook inside the module. */
async function insideModule(module, manifest, size) {
  const boundary = new Boundary();
  boundary.patch();
  try {
    const host = new MemoryHost({ module, manifest, variables });
    const sender = new Sender(host, size);
    await sender.send(sender.prepare(kWarm));
    const cost = boundary.cost();
    const rounds = [];
    for (let i = 0; i < kRounds; ++i) {
      const requests = sender.prepare(kPerRound);
      boundary.reset();
      await sender.send(requests);
      const inside = ((boundary.inside - boundary.imported) * 1000) / kPerRound;
      // An import's timing runs inside an export's; the part around its own figure is not ours.
      rounds.push(inside - (boundary.crossings / kPerRound) * (cost.whole - cost.own));
    }
    return { wasm: percentile(rounds, 25), crossings: boundary.crossings / kPerRound };
  } finally {
    boundary.restore();
  }
}

/** Milliseconds of each part of a start. */
async function start(module) {
  const instantiated = [];
  const booted = [];
  const first = [];
  for (let i = 0; i < kStarts; ++i) {
    const host = new MemoryHost({ module, manifest: byHeader, variables });
    const boot = writeBoot(host.bootOf('front', ''));
    const platform = {
      kv: NO_KV, ioOwner: 'request', fetch: async () => ({ fault: 1, maybeSeen: false }),
      call: async () => { throw new Error('not called'); },
      now: () => Date.now(), random: (into) => void crypto.getRandomValues(into),
      log: () => undefined, metric: () => undefined,
    };
    const stubs = {};
    for (const { module: from, name } of WebAssembly.Module.imports(module)) {
      (stubs[from] ??= {})[name] = () => 0;
    }
    let from = performance.now();
    new WebAssembly.Instance(module, stubs).exports._initialize();
    instantiated.push(performance.now() - from);
    from = performance.now();
    new Instance(module, platform, boot);
    booted.push(performance.now() - from);
    from = performance.now();
    const { status } = await host.request(requestOf(i, 1024));
    first.push(performance.now() - from);
    if (status !== 200) throw new Error(`the first webhook was answered ${status}`);
  }
  return { instantiated: median(instantiated), booted: median(booted), first: median(first),
    firstEver: first[0], instantiatedFirst: instantiated[0] };
}

/** In a process that has never run the module: nothing of it is compiled yet. */
function coldStart(path) {
  const child = spawnSync(process.execPath, [fileURLToPath(import.meta.url), '--cold', path],
    { encoding: 'utf8' });
  return JSON.parse(child.stdout);
}

export async function run({ modules }) {
  const path = join(modules, 'sluice.wasm');
  const bytes = readFileSync(path);
  const module = new WebAssembly.Module(bytes);
  const cold = coldStart(path);
  const cases = [
    { name: '1 KiB, routed by a header', manifest: byHeader, size: 1024, limit: 25 },
    { name: '8 KiB, routed by a JSON pointer', manifest: byPointer, size: 8192, limit: 120 },
  ];
  const rows = [];
  for (const one of cases) {
    const { total, cpu, calls } = await measure(module, one.manifest, one.size);
    const { wasm, crossings } = await insideModule(module, one.manifest, one.size);
    rows.push({ ...one, total, cpu, wasm, crossings, calls });
  }
  const warm = await start(module);
  const gzip = gzipSync(bytes, { level: 9 }).length;
  return {
    title: 'webhook: one webhook through the core',
    tables: [
      {
        title: 'Microseconds, store in memory',
        columns: ['webhook', 'whole', 'CPU of the thread', 'in wasm', 'in JavaScript', 'crossings',
          'get', 'commit', 'rows put'],
        rows: rows.map(({ name, total, cpu, wasm, crossings, calls }) => [
          name, figure(total), figure(cpu), figure(wasm), figure(total - wasm), figure(crossings),
          calls.get, calls.commit, calls.put]),
      },
      {
        title: 'A start, milliseconds',
        columns: ['', 'first in a process', 'median of later ones'],
        rows: [
          ['compile the module', figure(cold.compiled), '-'],
          ['instantiate', figure(cold.instantiated), figure(warm.instantiated)],
          ['instantiate and boot, manifest read', figure(cold.booted), figure(warm.booted)],
          ['first webhook: front and two cells boot', figure(cold.first), figure(warm.first)],
        ],
      },
      {
        title: 'The module, bytes',
        columns: ['', 'size'],
        rows: [['raw', figure(bytes.length)], ['gzip -9', figure(gzip)]],
      },
    ],
    targets: [
      ...rows.map(({ name, total, limit }) => target(name, '<=', limit, total, ' us')),
      target('instantiation, first in a process', '<=', 1, cold.instantiated, ' ms'),
      target('the module compressed', '<=', 250_000, gzip, ' bytes'),
    ],
    notes: [`One at a time, ${kPerRound} a round; the lower quartile of ${kRounds} rounds.`],
  };
}

if (process.argv[2] === '--cold') {
  const bytes = readFileSync(process.argv[3]);
  const from = performance.now();
  const module = new WebAssembly.Module(bytes);
  const compiled = performance.now() - from;
  const host = new MemoryHost({ module, manifest: byHeader, variables });
  const stubs = {};
  for (const { module: of, name } of WebAssembly.Module.imports(module)) {
    (stubs[of] ??= {})[name] = () => 0;
  }
  const second = performance.now();
  new WebAssembly.Instance(module, stubs).exports._initialize();
  const instantiated = performance.now() - second;
  const third = performance.now();
  const { status } = await host.request(requestOf(1, 1024));
  const first = performance.now() - third;
  process.stdout.write(JSON.stringify({ compiled, instantiated, first, status, booted: NaN }));
}
