// The example of docs/library.md that fetches published keys, as it stands there. Its scheme alone
// is another: one whose keys can be made here.

import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';

import { body, keySet, keysUrl, scheme, token } from './issuer.mjs';
import { library } from './library.mjs';

const guide = readFileSync(new URL('../../docs/library.md', import.meta.url), 'utf8');
const example = [...guide.matchAll(/```js\n([\s\S]*?)```/g)]
  .map(([, code]) => code)
  .find((code) => code.includes('wanted'));

const other = generateKeyPairSync('rsa', { modulusLength: 2048 });
const request = (signer) => (
  { headers: { authorization: `Bearer ${token('k1', Date.now(), signer)}` }, body });

/** The example's `check`, with answers in place of the network. */
function made(answers) {
  assert.ok(example.includes("{ scheme: 'aws-sns' }"));
  const code = example.replace("{ scheme: 'aws-sns' }", '{ scheme }');
  const asked = [];
  const fetch = async (url, options) => {
    assert.equal(options.redirect, 'error');
    asked.push(url);
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const check = new Function('verify', 'fetch', 'scheme', `${code}\nreturn check;`)(
    library.verify, fetch, scheme);
  return { check, asked };
}

describe('the guide\'s example', () => {
  test('fetches a key set once', async () => {
    const { check, asked } = made([new Response(keySet('k1'))]);
    assert.equal((await check(request())).ok, true);
    assert.equal((await check(request())).ok, true);
    assert.deepEqual(asked, [keysUrl]);
  });

  const failures = {
    'no such page': () => new Response('<html>', { status: 404 }),
    'a page that is no key set': () => new Response('<html>'),
    'nothing at all': () => new TypeError('fetch failed'),
    'too much': () => new Response(' '.repeat(65_537)),
  };
  for (const [name, failure] of Object.entries(failures)) {
    test(`${name} is refused, and does no harm to the next request`, async () => {
      const { check, asked } = made([failure(), new Response(keySet('k1'))]);
      assert.deepEqual(await check(request()), { ok: false, reason: 'key_unavailable' });
      assert.equal((await check(request())).ok, true);
      assert.equal(asked.length, 2);
    });
  }

  test('what a stranger made it fetch is not kept', async () => {
    const { check, asked } = made([new Response(keySet('k1')), new Response(keySet('k1'))]);
    assert.equal((await check(request(other.privateKey))).reason, 'signature_mismatch');
    assert.equal((await check(request())).ok, true);
    assert.equal(asked.length, 2);
  });
});
