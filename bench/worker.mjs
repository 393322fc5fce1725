// Webhooks per second that the Worker accepts durably, in workerd itself, beside the same Worker
// written by hand without Sluice (bench/baseline_worker.ts). Never through `wrangler dev`, whose
// proxy hides the difference.
//
// Both write the same five rows for each event, one object on a disk; a 200 means that the platform
// let the answer out, and so that the rows are stored. Accept only: the endpoint is paused, and
// messages are queued and stay. With delivery: the endpoint is a receiver on this machine, which
// counts.

import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join, resolve } from 'node:path';

import { parseJsonc } from '../examples/relay/server.mjs';
import { memory } from './machine.mjs';
import { figure, median } from './measure.mjs';
import { ratio, target } from './report.mjs';
import { freePort, startServer } from './servers.mjs';
import {
  adminToken, body, drive, headersOf, manifest, requestTarget, variables,
} from './traffic.mjs';

const kConnections = [1, 8, 32, 64];
const kDelivering = [8, 32];
const kRateMax = 6000;

/** A Worker as a folder that `workerd serve` runs. */
class Variant {
  constructor(name, root, directory, port) {
    Object.assign(this, { name, root, directory, port });
    this.objects = join(directory, 'objects');
    mkdirSync(this.objects, { recursive: true });
  }

  /** A fresh store each time, so that both sides meet tables of the same size. */
  async start() {
    rmSync(this.objects, { recursive: true, force: true });
    mkdirSync(this.objects, { recursive: true });
    return startServer({
      command: join(this.root, 'node_modules/workerd/bin/workerd'),
      args: ['serve', '--experimental', this.config],
      port: this.port,
      env: variables,
    });
  }

  get url() {
    return `http://127.0.0.1:${this.port}`;
  }
}

/** Sluice: what host-shims/cloudflare/serve.mjs makes of the Worker, run without it. */
class SluiceVariant extends Variant {
  constructor(context, directory, port, endpoint) {
    super('sluice', context.root, directory, port);
    this.pauses = endpoint === undefined;
    const file = join(directory, 'sluice.json');
    writeFileSync(file, manifest({ url: endpoint }));
    this.config = join(directory, 'bundle/config.capnp');
    this.serve = [join(context.root, 'host-shims/cloudflare/serve.mjs'), '--data', directory,
      '--config', this.#wranglerConfig(context), '--manifest', file,
      '--listen', `127.0.0.1:${port}`, '--private'];
  }

  /** The product's Worker and its configuration, around the module that is measured. */
  #wranglerConfig({ root, modules }) {
    const home = join(root, 'wrangler');
    const config = parseJsonc(readFileSync(join(home, 'wrangler.jsonc'), 'utf8'));
    delete config.$schema;
    writeFileSync(join(this.directory, 'index.ts'), `
import module from ${JSON.stringify(resolve(modules, 'sluice.wasm'))};
import { defineWorker } from ${JSON.stringify(join(root, 'host-shims/cloudflare/index.ts'))};
const worker = defineWorker({ module, manifest: '' });
export default worker.front;
export const Cell = worker.Cell;
export const Courier = worker.Courier;
`);
    const path = join(this.directory, 'wrangler.json');
    writeFileSync(path, JSON.stringify({ ...config, main: 'index.ts' }));
    return path;
  }

  async build() {
    const child = await startServer({
      command: process.execPath, args: this.serve, port: this.port, env: variables,
    });
    await child.stop();
  }

  async prepare() {
    if (!this.pauses) return;
    const response = await fetch(`${this.url}/v1/endpoints/crm/pause`, {
      method: 'POST', headers: { authorization: `Bearer ${adminToken}` },
    });
    if (response.status !== 200) throw new Error(`pausing was answered ${response.status}`);
  }
}

class BaselineVariant extends Variant {
  constructor(root, directory, port, endpoint) {
    super('by hand', root, directory, port);
    this.config = join(directory, 'config.capnp');
    this.endpoint = endpoint;
  }

  async build() {
    const source = readFileSync(join(this.root, 'bench/baseline_worker.ts'), 'utf8');
    writeFileSync(join(this.directory, 'worker.js'), stripTypeScriptTypes(source));
    const endpoint = this.endpoint === undefined
      ? '' : `, (name = "BENCH_ENDPOINT", text = "${this.endpoint}")`;
    writeFileSync(this.config, `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .worker),
    (name = "objects", disk = (path = "${this.objects}", writable = true)),
    (name = "internet", network = (allow = ["public", "private"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${this.port}", http = (), service = "main")],
);
const worker :Workerd.Worker = (
  modules = [(name = "worker.js", esModule = embed "worker.js")],
  compatibilityDate = "2026-10-01",
  durableObjectNamespaces = [(className = "Cell", uniqueKey = "cell", enableSql = true)],
  durableObjectStorage = (localDisk = "objects"),
  bindings = [
    (name = "CELL", durableObjectNamespace = "Cell"),
    (name = "BENCH_SECRET", fromEnvironment = "BENCH_SECRET"),
    (name = "BENCH_ENDPOINT_SECRET", fromEnvironment = "BENCH_ENDPOINT_SECRET")${endpoint},
  ],
);
`);
  }

  async prepare() {}
}

async function variants(context, endpoint) {
  const { root, directory } = context;
  const kind = endpoint === undefined ? 'accept' : 'deliver';
  const list = [
    new SluiceVariant(context, join(directory, `sluice-${kind}`), await freePort(), endpoint),
    new BaselineVariant(root, join(directory, `baseline-${kind}`), await freePort(), endpoint),
  ];
  for (const variant of list) await variant.build();
  return list;
}

/** Milliseconds from the process to its first answered webhook, and of that webhook alone. */
async function firstRequest(variant) {
  const from = performance.now();
  const server = await variant.start();
  const listening = performance.now();
  const text = body('first', process.hrtime()[1], 1024);
  const response = await fetch(`${variant.url}${requestTarget}`, {
    method: 'POST', headers: headersOf(text, 1), body: text,
  });
  await response.arrayBuffer();
  const end = performance.now();
  await server.stop();
  if (response.status !== 200) throw new Error(`the first webhook: ${response.status}`);
  return { whole: end - from, request: end - listening };
}

async function accept(variant, context, connections) {
  const server = await variant.start();
  await variant.prepare();
  const measured = await drive({
    program: join(context.programs, 'load'), directory: context.directory,
    pid: server.pid, port: variant.port, connections, seconds: context.seconds,
    ratePerSecond: kRateMax,
  });
  const peak = memory(server.pid).peak;
  await server.stop();
  if (measured.refused + measured.broken > 0) {
    throw new Error(`${variant.name}: ${JSON.stringify(measured)}`);
  }
  return { ...measured, peak };
}

/** What the receiver took while the load ran, beside what was accepted. */
async function deliver(variant, context, connections, sink) {
  const taken = async () => Number(await (await fetch(sink)).text());
  const server = await variant.start();
  let before = 0;
  const measured = await drive({
    program: join(context.programs, 'load'), directory: context.directory,
    pid: server.pid, port: variant.port, connections, seconds: context.seconds,
    ratePerSecond: kRateMax, onMeasured: async () => { before = await taken(); },
  });
  const delivered = (await taken()) - before;
  const peak = memory(server.pid).peak;
  await server.stop();
  return { ...measured, delivered, share: delivered / Math.max(1, measured.ok), peak };
}

/** The median of each figure over rounds in which the variants take turns. */
async function rounds(count, list, one) {
  const all = new Map(list.map((variant) => [variant.name, []]));
  for (let i = 0; i < count; ++i) {
    for (const variant of list) all.get(variant.name).push(await one(variant));
  }
  return Object.fromEntries([...all].map(([name, results]) => [
    name,
    Object.fromEntries(Object.keys(results[0]).map((key) => [
      key, median(results.map((result) => result[key]))])),
  ]));
}

const milliseconds = (us) => figure(us / 1000);

export async function run(context) {
  const accepting = await variants(context);
  const starts = await rounds(context.rounds, accepting, firstRequest);
  const accepted = [];
  for (const connections of kConnections) {
    const figures = await rounds(
      context.rounds, accepting, (variant) => accept(variant, context, connections));
    accepted.push({ connections, ...figures });
  }

  const port = await freePort();
  const sink = await startServer({
    command: join(context.programs, 'sink'), args: [String(port)], port,
  });
  const url = `http://127.0.0.1:${port}/`;
  const delivering = await variants(context, url);
  const delivered = [];
  for (const connections of kDelivering) {
    const figures = await rounds(
      context.rounds, delivering, (variant) => deliver(variant, context, connections, url));
    delivered.push({ connections, ...figures });
  }
  await sink.stop();
  return report({ starts, accepted, delivered, version: workerdVersion(context.root) });
}

function workerdVersion(root) {
  const { stdout } = spawnSync(join(root, 'node_modules/workerd/bin/workerd'), ['--version'],
    { encoding: 'utf8' });
  return stdout.trim();
}

function report({ starts, accepted, delivered, version }) {
  const names = ['sluice', 'by hand'];
  const at = (connections) => accepted.find((row) => row.connections === connections);
  const share = (row) => row.sluice.per_second / row['by hand'].per_second;
  return {
    title: 'worker: webhooks per second in workerd',
    tables: [
      {
        title: '1 KiB webhooks accepted durably, nothing delivered',
        columns: ['connections', '', 'per second', 'CPU us each', 'p50 ms', 'p99 ms', 'peak MiB',
          'to by hand'],
        rows: accepted.flatMap((row) => names.map((name) => {
          const one = row[name];
          return [row.connections, name, figure(one.per_second), figure(one.cpu_us),
            milliseconds(one.p50_us), milliseconds(one.p99_us), figure(one.peak),
            ratio(one.per_second, row['by hand'].per_second)];
        })),
      },
      {
        title: 'The same while a receiver on this machine takes what is delivered',
        columns: ['connections', '', 'accepted per second', 'delivered per second',
          'delivered share', 'CPU us per accepted', 'p99 ms', 'peak MiB'],
        rows: delivered.flatMap((row) => names.map((name) => {
          const one = row[name];
          return [row.connections, name, figure(one.per_second),
            figure(one.delivered / one.seconds), `${(one.share * 100).toFixed(1)} %`,
            figure(one.cpu_us), milliseconds(one.p99_us), figure(one.peak)];
        })),
      },
      {
        title: 'A start, milliseconds',
        columns: ['', 'process to first answer', 'the first webhook alone'],
        rows: names.map((name) => [
          name, figure(starts[name].whole), figure(starts[name].request)]),
      },
    ],
    targets: [
      target('accepted at 1 connection, times by hand', '>=', 0.9, share(at(1))),
      target('accepted at 32 connections, times by hand', '>=', 1, share(at(32))),
      ...delivered.map(({ connections, sluice }) => (
        target(`delivered under full ingest, ${connections} connections`, '>=', 30,
          sluice.share * 100, ' %'))),
    ],
    notes: [`${version}; one object; the load runs on the same cores.`],
  };
}
