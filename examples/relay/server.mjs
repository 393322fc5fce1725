// Sluice as a process that can be killed: the Worker in the local edge runtime, or the binary.
//
// A kill goes to the whole process group: wrangler starts workerd, and a workerd that outlives it
// would keep serving. What a killed server had promised is in its data directory, and `start`
// after `kill` finds it there.

import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** The binary; another build of it, such as one with sanitizers, by SLUICE_BINARY. */
export const binary = process.env.SLUICE_BINARY ?? join(root, 'build/native/sluice');

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** Groups that still run; none survives this process. @type {Set<number>} */
const groups = new Set();
process.on('exit', () => {
  for (const group of groups) killGroup(group, 'SIGKILL');
});

function killGroup(group, signal) {
  try {
    process.kill(-group, signal);
  } catch {
    // It is gone already.
  }
}

/** JSON with comments and trailing commas, as wrangler's configuration is written. */
export function parseJsonc(text) {
  const string = /"(?:[^"\\]|\\.)*"/.source;
  const noComments = text.replace(
    new RegExp(`(${string})|//[^\\n]*|/\\*[\\s\\S]*?\\*/`, 'g'), (_, kept) => kept ?? '');
  return JSON.parse(
    noComments.replace(new RegExp(`(${string})|,(?=\\s*[}\\]])`, 'g'), (_, kept) => kept ?? ''));
}

/**
 * @typedef {object} ServerOptions
 * @property {'worker' | 'native'} runtime
 * @property {string} directory            Data, configuration and log.
 * @property {object} manifest
 * @property {Record<string, string>} environment  What `env:NAME` means.
 * @property {number} port
 * @property {string[]} [prefix]           A command that runs the server's, such as `prlimit`.
 */

export class Server {
  /** @param {ServerOptions} options */
  constructor(options) {
    this.options = options;
    this.url = `http://127.0.0.1:${options.port}`;
    this.log = join(options.directory, 'server.log');
    /** @type {number[]} */
    this.kills = [];
    this.starts = 0;
    /** @type {import('node:child_process').ChildProcess | undefined} */
    this.child = undefined;
  }

  /** Starts it and waits until it can store. */
  async start(timeoutMs = 90_000) {
    mkdirSync(this.options.directory, { recursive: true });
    const [command, ...args] = [...(this.options.prefix ?? []), ...this.#command()];
    const log = openSync(this.log, 'a');
    const child = spawn(command, args, {
      cwd: this.options.directory,
      detached: true,
      stdio: ['ignore', log, log],
      env: { ...process.env, ...this.#environment() },
    });
    this.child = child;
    this.starts += 1;
    if (child.pid !== undefined) groups.add(child.pid);
    /** @type {Promise<number>} */
    this.exited = new Promise((done) => {
      child.once('error', () => done(-1));
      child.once('exit', (code) => {
        if (child.pid !== undefined) groups.delete(child.pid);
        done(code ?? -1);
      });
    });
    await this.#ready(timeoutMs);
    return this;
  }

  /** SIGKILL to the whole group, as a power cut would. */
  async kill() {
    const group = this.child?.pid;
    if (group === undefined) return;
    this.kills.push(Date.now());
    killGroup(group, 'SIGKILL');
    await this.exited;
    this.child = undefined;
  }

  /** Asks it to finish, and insists after a while. Its exit code. */
  async stop() {
    const group = this.child?.pid;
    if (group === undefined) return 0;
    killGroup(group, 'SIGTERM');
    const insist = setTimeout(() => killGroup(group, 'SIGKILL'), 15_000);
    const code = await this.exited;
    clearTimeout(insist);
    killGroup(group, 'SIGKILL');  // Also what it left behind.
    this.child = undefined;
    return code;
  }

  /** The local edge runtime has no clock for cron: somebody has to call. */
  async tick() {
    if (this.options.runtime !== 'worker') return;
    try {
      const url = `${this.url}/cdn-cgi/handler/scheduled`;
      await (await fetch(url, { signal: AbortSignal.timeout(10_000) })).arrayBuffer();
    } catch {
      // It is being restarted; the next tick finds it.
    }
  }

  tail(lines = 20) {
    if (!existsSync(this.log)) return '';
    return readFileSync(this.log, 'utf8').split('\n').slice(-lines).join('\n');
  }

  async #ready(timeoutMs) {
    const end = Date.now() + timeoutMs;
    let ended = false;
    this.exited?.then(() => { ended = true; });
    while (Date.now() < end && !ended) {
      try {
        const response = await fetch(`${this.url}/readyz`, { signal: AbortSignal.timeout(5000) });
        await response.arrayBuffer();
        if (response.status === 200) return;
      } catch {
        // Not listening yet.
      }
      await pause(50);
    }
    const why = ended ? 'ended before it was ready' : `was not ready within ${timeoutMs} ms`;
    throw new Error(`the server ${why}; the end of ${this.log}:\n${this.tail()}`);
  }

  #environment() {
    if (this.options.runtime === 'native') return this.options.environment;
    return {
      CI: '1',
      NO_COLOR: '1',
      WRANGLER_SEND_METRICS: 'false',
      WRANGLER_HIDE_BANNER: 'true',
      CLOUDFLARE_CF_FETCH_ENABLED: 'false',
      WRANGLER_LOG_PATH: join(this.options.directory, 'wrangler-logs'),
    };
  }

  #command() {
    const { directory, manifest, port } = this.options;
    if (this.options.runtime === 'native') {
      const file = join(directory, 'sluice.json');
      writeFileSync(file, JSON.stringify(manifest, null, 2));
      const data = join(directory, 'data');
      mkdirSync(data, { recursive: true });
      return [binary, 'serve', '--manifest', file, '--data', data,
        '--listen', `127.0.0.1:${port}`];
    }
    const file = join(directory, 'wrangler.json');
    writeFileSync(file, JSON.stringify(this.#wranglerConfig(), null, 2));
    return [process.execPath, join(root, 'node_modules/wrangler/bin/wrangler.js'), 'dev',
      '-c', file, '--port', String(port), '--ip', '127.0.0.1', '--inspector-port', '0',
      '--persist-to', join(directory, 'data'), '--show-interactive-dev-session=false'];
  }

  // The Worker's own configuration, with this manifest and these secrets.
  #wranglerConfig() {
    const home = join(root, 'wrangler');
    const config = parseJsonc(readFileSync(join(home, 'wrangler.jsonc'), 'utf8'));
    delete config.$schema;
    return {
      ...config,
      main: resolve(home, config.main),
      vars: {
        ...config.vars,
        ...this.options.environment,
        SLUICE_MANIFEST: JSON.stringify(this.options.manifest),
      },
    };
  }
}
