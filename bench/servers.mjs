// Servers under measurement, each a process of its own with its output thrown away.

import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { connect, createServer } from 'node:net';

const kStartMs = 60_000;
const kStopMs = 15_000;

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

export async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

async function accepts(port) {
  return new Promise((answer) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => { socket.destroy(); answer(true); });
    socket.once('error', () => answer(false));
  });
}

/**
 * Starts a command and waits until its port takes connections.
 * @param {{ command: string, args: string[], port: number, env?: Record<string, string>,
 *           log?: string }} options  `log` keeps what it says on stderr.
 */
export async function startServer({ command, args, port, env = {}, log = '/dev/null' }) {
  const errors = openSync(log, 'w');
  const child = spawn(command, args, {
    stdio: ['ignore', 'ignore', errors],
    env: { ...process.env, ...env },
  });
  closeSync(errors);
  running.add(child);
  const exited = new Promise((done) => child.once('exit', (code) => {
    running.delete(child);
    done(code);
  }));
  child.once('error', () => running.delete(child));
  for (const end = Date.now() + kStartMs; !(await accepts(port));) {
    if (child.exitCode !== null || Date.now() > end) {
      child.kill('SIGKILL');
      throw new Error(`${command} does not listen on port ${port}; see ${log}`);
    }
    await pause(5);
  }
  const stop = async () => {
    child.kill('SIGTERM');
    await Promise.race([exited, pause(kStopMs)]);
    child.kill('SIGKILL');
    await exited;
  };
  return { pid: child.pid, port, stop };
}
