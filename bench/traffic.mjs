// Webhooks as bytes on the wire, prepared and signed before the clock starts, and the load that
// sends them.

import { execFile } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import { promisify } from 'node:util';

import { cpuTime } from './machine.mjs';

const kWarmSeconds = 1;
const kBatch = 2000;

export const secret = 'a-secret-of-the-sender-shared-with-the-receiver';
export const adminToken = 'a-token-of-the-operator-for-measurements';
/** What the manifest's `env:NAME` means. */
export const variables = {
  BENCH_SECRET: secret,
  BENCH_ENDPOINT_SECRET: `whsec_${Buffer.alloc(32, 'k').toString('base64')}`,
  BENCH_ADMIN_TOKEN: adminToken,
};
export const requestTarget = '/in/github';

/** One source, one route, one endpoint. */
export function manifest({ url = 'https://crm.example/hooks', when } = {}) {
  return JSON.stringify({
    slug: 'bench',
    sources: { github: { scheme: 'github', secrets: ['env:BENCH_SECRET'] } },
    routes: [{
      from: 'github', to: ['crm'], when: when ?? { 'header:x-github-event': ['issues'] },
    }],
    endpoints: {
      crm: { url, signing: { scheme: 'standard', secrets: ['env:BENCH_ENDPOINT_SECRET'] } },
    },
    admin: { tokens: ['env:BENCH_ADMIN_TOKEN'] },
    development: { private_hosts: ['127.0.0.1'] },
  });
}

/** A JSON body of exactly `size` bytes; no two of one `run` are equal. */
export function body(run, number, size) {
  const head = `{"action":"opened","run":"${run}","number":${number},"repository":{"id":`
    + `${number % 1000}},"text":"`;
  return `${head}${'x'.repeat(Math.max(0, size - head.length - 2))}"}`;
}

export function signature(bytes) {
  return `sha256=${createHmac('sha256', secret).update(bytes).digest('hex')}`;
}

/** What GitHub sends with a body. */
export function headersOf(bytes, number) {
  return {
    'content-type': 'application/json',
    'user-agent': 'GitHub-Hookshot/bench',
    'x-github-delivery': `72d3162e-cc78-11e3-81ab-${number.toString(16).padStart(12, '0')}`,
    'x-github-event': 'issues',
    'x-hub-signature-256': signature(bytes),
  };
}

function request(port, bytes, number) {
  const headers = Object.entries({
    host: `127.0.0.1:${port}`,
    ...headersOf(bytes, number),
    'content-length': String(bytes.length),
  });
  const head = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return `POST ${requestTarget} HTTP/1.1\r\n${head}\r\n${bytes}`;
}

/** Writes `count` requests, each sent once by `load`. */
export function writeRequests(path, { run, port, count, size = 1024 }) {
  const file = openSync(path, 'w');
  for (let at = 0; at < count; at += kBatch) {
    let text = '';
    for (let i = at; i < Math.min(at + kBatch, count); ++i) {
      const bytes = request(port, body(run, i, size), i);
      text += `${bytes.length}\n${bytes}`;
    }
    writeSync(file, text);
  }
  closeSync(file);
}

/**
 * Warms the server up, then measures it.
 * @param {{ program: string, directory: string, pid: number, port: number, connections: number,
 *           seconds: number, ratePerSecond: number, onMeasured?: () => Promise<void> }} options
 *     The rate bounds what is prepared; `onMeasured` is called between warming up and measuring.
 */
export async function drive(options) {
  const { program, directory, pid, port, connections, seconds, ratePerSecond } = options;
  const prepared = `${directory}/requests`;
  const send = async (run, duration, onPrepared) => {
    const count = Math.ceil(ratePerSecond * duration);
    writeRequests(prepared, { run: `${run}-${process.hrtime.bigint()}`, port, count });
    await onPrepared?.();
    const before = cpuTime(pid);
    const args = ['127.0.0.1', String(port), String(connections), String(duration), prepared];
    const { stdout } = await promisify(execFile)(program, args);
    const answers = JSON.parse(stdout);
    return { ...answers, cpu_us: (cpuTime(pid) - before) / Math.max(1, answers.ok) };
  };
  await send('warm', kWarmSeconds);
  return send('measured', seconds, options.onMeasured);
}
