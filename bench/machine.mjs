// The machine that figures were taken on: without it they mean little.

import { spawnSync } from 'node:child_process';
import {
  closeSync, fdatasyncSync, mkdirSync, openSync, readFileSync, rmSync, writeSync,
} from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { join } from 'node:path';

import { percentile } from './measure.mjs';

const kSyncs = 200;
const kTick = Number(spawnSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }).stdout) || 100;

/** Microseconds of one 4 KiB append that reaches the disk, in the folder where stores live. */
export function probeSync(directory) {
  mkdirSync(directory, { recursive: true });
  const path = join(directory, 'sync-probe');
  const file = openSync(path, 'w');
  const page = Buffer.alloc(4096, 1);
  const took = [];
  for (let i = 0; i < kSyncs; ++i) {
    const from = performance.now();
    writeSync(file, page);
    fdatasyncSync(file);
    took.push((performance.now() - from) * 1000);
  }
  closeSync(file);
  rmSync(path);
  return { p50: Math.round(percentile(took, 50)), p99: Math.round(percentile(took, 99)) };
}

export function machine(directory) {
  return {
    at: new Date().toISOString().slice(0, 16).replace('T', ' '),
    cores: availableParallelism(),
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    load: loadavg()[0]?.toFixed(2) ?? '',
    node: process.version,
    sync_us: probeSync(directory),
  };
}

export function describeMachine({ at, cores, cpu, load, node, sync_us: sync }) {
  return `${at} UTC, ${cores} cores (${cpu}), load ${load}, Node ${node}, 4 KiB write and `
    + `fdatasync ${sync.p50} us (p99 ${sync.p99} us)`;
}

/** CPU time that a process has used, user and system, in microseconds. */
export function cpuTime(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1e6) / kTick;
}

/** Resident and peak memory in MiB. */
export function memory(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const of = (name) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) / 1024;
  return { now: of('VmRSS'), peak: of('VmHWM') };
}
