// The package itself: what it holds, what its README promises, and that types and code agree.

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';

import {
  entry, library, manifest, moduleFile, verifyOnly, verifyOnlyEntry, verifyOnlyFile,
} from './library.mjs';

const readme = readFileSync(new URL('README.md', entry), 'utf8');

describe('the package', () => {
  test('every file that is exported is there', () => {
    const files = JSON.stringify(Object.values(manifest.exports)).match(/\.\/[\w.]+/g);
    assert.ok(files.length >= 20);
    for (const file of files) assert.ok(existsSync(new URL(file, entry)), file);
  });

  test('it depends on nothing', () => {
    assert.equal(manifest.dependencies, undefined);
    const imported = readdirSync(new URL('.', entry))
      .filter((name) => name.endsWith('.js'))
      .map((name) => readFileSync(new URL(name, entry), 'utf8'))
      .flatMap((source) => source.match(/from ["'][^"']+/g) ?? []);
    for (const from of imported) assert.match(from, /^from ["'](\.\/|node:fs$)/);
  });

  test('an instance of one\'s own is made of a module', () => {
    const module = new WebAssembly.Module(readFileSync(moduleFile));
    assert.deepEqual(WebAssembly.Module.imports(module), []);
    const own = library.createVerifier(module);
    assert.deepEqual(own.presets(), library.presets());
  });

  test('verifying alone has a module of its own, and a type', () => {
    const module = new WebAssembly.Module(readFileSync(verifyOnlyFile));
    assert.deepEqual(WebAssembly.Module.imports(module), []);
    const names = WebAssembly.Module.exports(module).map(({ name }) => name);
    for (const name of ['sluice_sign', 'sluice_handshake', 'sluice_presets']) {
      assert.ok(!names.includes(name), name);
    }
    assert.deepEqual(Object.keys(verifyOnly).sort(), ['createVerifier', 'init', 'verify']);
    const body = '{"id":"evt_1"}';
    const config = { scheme: 'stripe', secrets: ['whsec_1'] };
    const request = { headers: library.sign({ headers: {}, body }, config).headers, body };
    const own = verifyOnly.createVerifier(module);
    assert.equal(own.verify(request, config).identity, 'evt_1');
    assert.throws(() => library.createVerifier(module), /only verifies; sluice_webhooks\.wasm/);
    const whole = new WebAssembly.Module(readFileSync(moduleFile));
    assert.equal(verifyOnly.createVerifier(whole).verify(request, config).identity, 'evt_1');
  });

  test('the example of the README runs', async () => {
    const example = /```js\n([\s\S]*?)```/.exec(readme)?.[1];
    assert.ok(example, 'the README has an example');
    const source = example.replace("'sluice-webhooks/verify'", `'${verifyOnlyEntry.href}'`);
    const { default: worker } = await import(`data:text/javascript,${encodeURIComponent(source)}`);
    const body = '{"id":"evt_1"}';
    const at = Math.floor(Date.now() / 1000);
    const post = (secret) => new Request('https://hooks.example/stripe', {
      method: 'POST',
      body,
      headers: {
        'stripe-signature':
          `t=${at},v1=${createHmac('sha256', secret).update(`${at}.${body}`).digest('hex')}`,
      },
    });
    const env = { STRIPE_SECRET: 'whsec_1' };
    const accepted = await worker.fetch(post('whsec_1'), env);
    assert.equal(accepted.status, 200);
    assert.equal(await accepted.text(), 'evt_1');
    assert.equal((await worker.fetch(post('whsec_2'), env)).status, 401);
  });
});
