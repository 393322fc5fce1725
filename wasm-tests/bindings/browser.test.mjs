// The entry that browsers take, under Node: no browser runs. The module, WebAssembly and `Response`
// are real; what is simulated is `fetch` of a file beside the entry, which Node has no server for.
// Each test imports the entry anew, as a page does.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';

import { entry, library, manifest, moduleFile } from './library.mjs';

const file = new URL(manifest.exports['.'].browser.default, entry);
const bytes = readFileSync(moduleFile);
const config = { scheme: 'stripe', secrets: ['whsec_1'] };
const body = '{"id":"evt_1"}';
const signed = library.sign({ headers: {}, body }, config);
const request = { headers: signed.headers, body };

let pages = 0;
const page = () => import(`${file.href}?page=${++pages}`);

async function works(browser) {
  assert.equal(browser.verify(request, config).identity, 'evt_1');
  const changed = { ...request, body: `${body} ` };
  assert.equal(browser.verify(changed, config).reason, 'signature_mismatch');
}

function reply(type = 'application/wasm', status = 200, content = bytes) {
  return new Response(content, { status, headers: { 'content-type': type } });
}

describe('the entry of browsers', () => {
  test('is what an unknown runtime takes, too', () => {
    assert.deepEqual(manifest.exports['.'].default, manifest.exports['.'].browser);
  });

  test('says what it waits for', async () => {
    const browser = await page();
    for (const call of [() => browser.verify(request, config), () => browser.presets()]) {
      assert.throws(call, /await init/);
    }
  });

  const sources = {
    'bytes': () => bytes,
    'a buffer': () => new Uint8Array(bytes).buffer,
    'a compiled module': () => new WebAssembly.Module(bytes),
    'a response': () => reply(),
    'a response on its way': () => Promise.resolve(reply()),
    'a response of another type': () => reply('application/octet-stream'),
  };
  for (const [name, source] of Object.entries(sources)) {
    test(`is made of ${name}`, async () => {
      const browser = await page();
      await browser.init(source());
      await works(browser);
      await browser.init(source());
      await works(browser);
    });
  }

  test('fetches the module from beside itself', async (t) => {
    const asked = [];
    t.mock.method(globalThis, 'fetch', async (url) => {
      asked.push(new URL(url).pathname);
      return reply();
    });
    const browser = await page();
    await browser.init();
    await works(browser);
    await browser.init();
    assert.deepEqual(asked, [moduleFile.pathname]);
  });

  test('a failure is told, and init may be called again', async () => {
    const browser = await page();
    await assert.rejects(browser.init(reply('text/html', 404, '<html>')), /TypeError.*404/s);
    await assert.rejects(browser.init(reply('text/html', 200, '<html>')), WebAssembly.CompileError);
    assert.throws(() => browser.presets(), /await init/);
    await browser.init(bytes);
    await works(browser);
  });
});
