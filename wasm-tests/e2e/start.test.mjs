// What must be right before anything starts.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { relayManifest, secrets } from '../../examples/relay/relay.mjs';
import { freePort } from '../../examples/relay/ports.mjs';
import { binary, root, Server } from '../../examples/relay/server.mjs';
import { ask, directory, runtime } from './lane.mjs';

const ports = { server: 1, receiver: 2, api: 3 };
const skip = runtime !== 'native' && 'the command is native';

function sluice(args, environment = {}) {
  const result = spawnSync(binary, args, {
    encoding: 'utf8', env: { PATH: process.env.PATH, ...environment }, timeout: 20_000,
  });
  return { code: result.status, out: result.stdout, err: result.stderr };
}

function written(name, manifest) {
  mkdirSync(directory('start'), { recursive: true });
  const file = join(directory('start'), `${name}.json`);
  writeFileSync(file, typeof manifest === 'string' ? manifest : JSON.stringify(manifest));
  return file;
}

test('serve refuses to start without a secret, and names it', { skip }, () => {
  const { CRM_SECRET: _, ...environment } = secrets();
  const result = sluice(['serve', '--manifest', written('no-secret', relayManifest(ports)),
    '--data', directory('start'), '--listen', '127.0.0.1:0'], environment);
  assert.equal(result.code, 1);
  assert.match(result.err, /CRM_SECRET/);
  for (const value of Object.values(environment)) assert.ok(!result.err.includes(value));
});

test('serve refuses a directory that it cannot write', { skip }, () => {
  const result = sluice(['serve', '--manifest', written('good', relayManifest(ports)),
    '--data', '/proc/sluice', '--listen', '127.0.0.1:0'], secrets());
  assert.equal(result.code, 1);
  assert.match(result.err, /\/proc\/sluice/);
});

test('the Worker without a secret accepts nothing', { skip: runtime !== 'worker' && 'edge only' },
  async () => {
    const port = await freePort();
    const { CRM_SECRET: _, ...environment } = secrets();
    const server = new Server({
      runtime, directory: directory('no-secret'), manifest: relayManifest(ports), environment, port,
    });
    // Its readiness never comes.
    await assert.rejects(server.start(12_000), /not ready/);
    try {
      const answer = await ask(`${server.url}/in/github`, { method: 'POST', body: '{}' });
      assert.equal(answer.status, 503);
      assert.ok(server.tail(200).includes('CRM_SECRET'), 'the log names it');
    } finally {
      await server.stop();
    }
  });

test('check passes the example and warns of its private host', { skip }, () => {
  const result = sluice(['check', join(root, 'examples/relay/sluice.json'), '--json']);
  assert.equal(result.code, 0, result.out + result.err);
  assert.equal(JSON.parse(result.out).ok, true);
});

test('check refuses an endpoint at every spelling of a private address', { skip }, () => {
  const hosts = ['127.0.0.1', '127.1', '2130706433', '0x7f000001', '0177.0.0.1', '10.0.0.1',
    '192.168.1.1', '172.16.0.1', '169.254.169.254', '100.64.0.1', '0.0.0.0', '[::1]', '[::]',
    '[::ffff:127.0.0.1]', '[fd00::1]', '[fe80::1]', '[64:ff9b::7f00:1]', 'localhost', 'intranet',
    'a.localhost', '127.0.0.1.', '\uff11\uff12\uff17.0.0.1', 'user@127.0.0.1'];
  for (const host of hosts) {
    const manifest = relayManifest(ports);
    delete manifest.development;
    manifest.endpoints = { crm: { ...manifest.endpoints.crm, url: `https://${host}/hook` } };
    manifest.routes = [];
    manifest.steps = {};
    manifest.links = {};
    const result = sluice(['check', written('private', manifest), '--json']);
    assert.equal(result.code, 1, host);
    const { ok, errors } = JSON.parse(result.out);
    assert.equal(ok, false, host);
    assert.ok(errors.some((error) => error.at === '/endpoints/crm/url'), host);
  }
});

test('check says where, what and what was meant', { skip }, () => {
  const manifest = relayManifest(ports);
  manifest.sources.github.scheme = 'gihtub';
  manifest.routes[0].to = ['crn'];
  manifest.endpoints.crm.timeout = 5;
  const { code, out } = sluice(['check', written('typos', manifest), '--json']);
  assert.equal(code, 1);
  const found = Object.fromEntries(JSON.parse(out).errors.map((one) => [one.at, one.message]));
  assert.match(found['/sources/github/scheme'] ?? '', /github/);
  assert.match(found['/routes/0/to/0'] ?? '', /crm/);
  assert.match(found['/endpoints/crm/timeout'] ?? '', /timeout_ms/);
});

test('a manifest that is no manifest is an error, not a crash', { skip }, () => {
  const texts = ['', '{', '[]', 'null', '"x"', '{"slug":1,"sources":[],"routes":{},"endpoints":7}',
    '['.repeat(100_000), '{"a":1,"a":2}', '\u0000', '<html>'];
  for (const text of texts) {
    const { code, out } = sluice(['check', written('broken', text), '--json']);
    assert.equal(code, 1, text.slice(0, 20));
    assert.equal(JSON.parse(out).ok, false, text.slice(0, 20));
  }
});

test('usage errors exit with 2', { skip }, () => {
  assert.equal(sluice(['serve']).code, 2);
  assert.equal(sluice(['no-such-command']).code, 2);
  assert.equal(sluice(['verify', '--scheme']).code, 2);
});
