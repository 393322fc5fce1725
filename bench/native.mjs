// Webhooks per second that `sluice serve` accepts durably, beside two servers written by hand for
// the same job with the same group commit: evhttp and SQLite in C++ (bench/native_baseline.cc), and
// Node with better-sqlite3 (bench/node_baseline.mjs).
//
// Accept only: the endpoint is paused, messages are queued and stay. With delivery: the endpoint is
// a receiver on this machine, which counts; memory and backlog are looked at when the load ends,
// and the backlog is then waited for.

import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { memory, probeSync } from './machine.mjs';
import { figure, median } from './measure.mjs';
import { ratio, target } from './report.mjs';
import { freePort, startServer } from './servers.mjs';
import { adminToken, drive, manifest, secret, variables } from './traffic.mjs';

const kConnections = [1, 8, 64];
const kDelivering = [8, 64];
const kRateMax = 25_000;
const kDeliverSecondsMin = 8;
const kDrainSecondsMax = 60;
const kMemoryMax = 256;
const kNode = fileURLToPath(new URL('node_baseline.mjs', import.meta.url));

function commands({ binary, programs }, folder, port) {
  const database = join(folder, 'store.db');
  return {
    sluice: {
      command: binary,
      args: ['serve', '--manifest', join(folder, 'sluice.json'), '--data', join(folder, 'data'),
        '--listen', `127.0.0.1:${port}`, '--log', 'error'],
    },
    'by hand, C++': {
      command: join(programs, 'native_baseline'), args: [String(port), database, secret],
    },
    'by hand, Node': {
      command: process.execPath, args: [kNode, String(port), database, secret],
    },
  };
}

async function startVariant(name, context, url) {
  const folder = join(context.directory, 'store');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'sluice.json'), manifest({ url }));
  const port = await freePort();
  const server = await startServer({
    ...commands(context, folder, port)[name], port, env: variables,
  });
  if (name === 'sluice' && url === undefined) await pauseEndpoint(port);
  return { ...server, folder };
}

async function pauseEndpoint(port) {
  const response = await fetch(`http://127.0.0.1:${port}/v1/endpoints/crm/pause`, {
    method: 'POST', headers: { authorization: `Bearer ${adminToken}` },
  });
  if (response.status !== 200) throw new Error(`pausing was answered ${response.status}`);
}

function driveServer(server, context, connections, seconds, onMeasured) {
  return drive({
    program: join(context.programs, 'load'), directory: context.directory,
    pid: server.pid, port: server.port, connections, seconds, ratePerSecond: kRateMax, onMeasured,
  });
}

async function accept(name, context, connections) {
  const server = await startVariant(name, context);
  const measured = await driveServer(server, context, connections, context.seconds);
  const peak = memory(server.pid).peak;
  await server.stop();
  if (measured.refused + measured.broken > 0) {
    throw new Error(`${name}: ${JSON.stringify(measured)}`);
  }
  return { ...measured, peak };
}

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

async function deliver(context, connections, url) {
  const taken = async () => Number(await (await fetch(url)).text());
  const server = await startVariant('sluice', context, url);
  const began = await taken();
  let before = began;
  const seconds = Math.max(context.seconds, kDeliverSecondsMin);
  const measured = await driveServer(server, context, connections, seconds, async () => {
    before = await taken();
  });
  const delivered = (await taken()) - before;
  const peak = memory(server.pid).peak;
  const from = performance.now();
  let last = await taken();
  for (const end = from + kDrainSecondsMax * 1000; performance.now() < end;) {
    await pause(1000);
    const now = await taken();
    if (now === last) break;
    last = now;
  }
  const drained = last - before - delivered;
  const drainSeconds = (performance.now() - from) / 1000;
  const after = memory(server.pid).peak;
  await server.stop();
  return { ...measured, delivered, share: delivered / Math.max(1, measured.ok), peak, after,
    drained, drainSeconds };
}

/** The median of each figure over rounds in which the variants take turns. */
async function rounds(count, names, one) {
  const all = new Map(names.map((name) => [name, []]));
  for (let i = 0; i < count; ++i) {
    for (const name of names) all.get(name).push(await one(name));
  }
  return Object.fromEntries([...all].map(([name, results]) => [
    name,
    Object.fromEntries(Object.keys(results[0]).map((key) => [
      key, median(results.map((result) => result[key]))])),
  ]));
}

const milliseconds = (us) => figure(us / 1000);

export async function run(context) {
  const names = ['sluice', 'by hand, C++', 'by hand, Node'];
  const accepted = [];
  for (const connections of kConnections) {
    const sync = probeSync(context.directory);
    const figures = await rounds(
      context.rounds, names, (name) => accept(name, context, connections));
    accepted.push({ connections, sync, ...figures });
  }

  const port = await freePort();
  const sink = await startServer({
    command: join(context.programs, 'sink'), args: [String(port)], port,
  });
  const delivered = [];
  for (const connections of kDelivering) {
    const figures = await rounds(
      1, ['sluice'], () => deliver(context, connections, `http://127.0.0.1:${port}/`));
    delivered.push({ connections, ...figures.sluice });
  }
  await sink.stop();
  return report(names, accepted, delivered, statSync(context.binary).size);
}

function report(names, accepted, delivered, size) {
  const at = (connections) => accepted.find((row) => row.connections === connections);
  const rate = (row, name) => row[name].per_second;
  return {
    title: 'native: webhooks per second of `sluice serve`',
    tables: [
      {
        title: '1 KiB webhooks accepted durably, nothing delivered',
        columns: ['connections', '', 'per second', 'CPU us each', 'p50 ms', 'p99 ms', 'peak MiB',
          'sluice to it', 'sync probe us'],
        rows: accepted.flatMap((row) => names.map((name) => {
          const one = row[name];
          return [row.connections, name, figure(one.per_second), figure(one.cpu_us),
            milliseconds(one.p50_us), milliseconds(one.p99_us), figure(one.peak),
            ratio(rate(row, 'sluice'), one.per_second), row.sync.p50];
        })),
      },
      {
        title: 'Sluice while a receiver on this machine takes what is delivered',
        columns: ['connections', 'accepted per second', 'delivered per second', 'delivered share',
          'p99 ms', 'peak MiB', 'backlog at the end', 'drained in s', 'peak MiB after'],
        rows: delivered.map((row) => [row.connections, figure(row.per_second),
          figure(row.delivered / row.seconds), `${(row.share * 100).toFixed(1)} %`,
          milliseconds(row.p99_us), figure(row.peak), figure(row.drained),
          figure(row.drainSeconds), figure(row.after)]),
      },
    ],
    targets: [
      ...accepted.map((row) => target(
        `accepted at ${row.connections}, times C++ by hand`, '>=', 0.6,
        rate(row, 'sluice') / rate(row, 'by hand, C++'))),
      ...accepted.map((row) => target(
        `accepted at ${row.connections}, times Node by hand`, '>=', 1,
        rate(row, 'sluice') / rate(row, 'by hand, Node'))),
      target('accepted at 64 connections', '>=', 12_000, rate(at(64), 'sluice'), '/s'),
      ...delivered.map(({ connections, share }) => target(
        `delivered under full ingest, ${connections} connections`, '>=', 30, share * 100, ' %')),
      target('peak memory with delivery on', '<=', kMemoryMax,
        Math.max(...delivered.map(({ after }) => after)), ' MiB'),
    ],
    notes: [
      `The binary has ${figure(size)} bytes with its debugging information; logs at level error `
        + 'to /dev/null; the load runs on the same cores.',
    ],
  };
}
