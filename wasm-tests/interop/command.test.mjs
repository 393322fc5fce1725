// The providers' libraries against the command: each verifies what the other signs.

import assert from 'node:assert/strict';
import test from 'node:test';

import { bodies, officials } from './official.mjs';
import { sign, verify } from './sluice.mjs';

const minute = 60_000;

test('a refusal says what would have verified, and a forgery has nothing to say', async () => {
  const body = '{"n":1}';
  const headers = await sign({ scheme: 'github', secrets: ['s3cret'], body });
  const hints = async (changes) => {
    const request = { scheme: 'github', secrets: ['s3cret'], headers, body, ...changes };
    const verdict = await verify(request);
    assert.equal(verdict.reason, 'signature_mismatch');
    return verdict.hints.map(({ kind, text }) => [kind, text.includes('s3cret')]);
  };
  assert.deepEqual(await hints({ body: `${body}\n` }), [['body_changed', false]]);
  assert.deepEqual(await hints({ secrets: ['s3cret\t'] }), [['secret_space', false]]);
  assert.deepEqual(await hints({ secrets: ['guessed'] }), []);
});

for (const library of officials) {
  const { scheme, title, signature } = library;

  test(`what ${title} signs is accepted`, async () => {
    for (const body of bodies) {
      const secret = library.secret();
      const headers = await library.sign(secret, body, new Date());
      const verdict = await verify({ scheme, secrets: [secret], headers, body });
      assert.deepEqual({ ok: verdict.ok, secret: verdict.secret }, { ok: true, secret: 0 });
    }
  });

  test(`what ${title} signs with the second secret is accepted as such`, async () => {
    const secrets = [library.secret(), library.secret()];
    const headers = await library.sign(secrets[1], bodies[1], new Date());
    const verdict = await verify({ scheme, secrets, headers, body: bodies[1] });
    assert.deepEqual({ ok: verdict.ok, secret: verdict.secret }, { ok: true, secret: 1 });
  });

  test(`what ${title} signs is refused when anything of it was changed`, async () => {
    const secret = library.secret();
    const body = bodies[1];
    const headers = await library.sign(secret, body, new Date());
    const refused = async (changes) => {
      const request = { scheme, secrets: [secret], headers, body, ...changes };
      const { ok, reason } = await verify(request);
      assert.equal(ok, false);
      assert.equal(await library.verify(request.secrets[0], request.body,
        flat(request.headers)), false, 'the library refuses it too');
      return reason;
    };
    assert.equal(await refused({ body: `${body} ` }), 'signature_mismatch');
    assert.equal(await refused({ secrets: [library.secret()] }), 'signature_mismatch');
    const value = headers[signature];
    const last = value.at(-3);
    const changed = value.slice(0, -3) + (last === '0' ? '1' : '0') + value.slice(-2);
    assert.equal(await refused({ headers: { ...headers, [signature]: changed } }),
      'signature_mismatch');
    const without = { ...headers };
    delete without[signature];
    assert.equal(await refused({ headers: without }), 'header_missing');
  });

  test(`a signature header that comes twice is refused, whatever ${title} would do`, async () => {
    const secret = library.secret();
    const headers = await library.sign(secret, bodies[0], new Date());
    const twice = { ...headers, [signature]: [headers[signature], headers[signature]] };
    const { reason } = await verify({ scheme, secrets: [secret], headers: twice, body: bodies[0] });
    assert.equal(reason, 'header_duplicate');
  });

  test(`what we sign is accepted by ${title}`, async () => {
    for (const body of bodies) {
      const secret = library.secret();
      const headers = await sign({ scheme, secrets: [secret], body });
      assert.equal(await library.verify(secret, body, headers), true, JSON.stringify(headers));
      assert.equal(await library.verify(secret, `${body} `, headers), false);
      assert.equal(await library.verify(library.secret(), body, headers), false);
    }
  });

  test(`the two sign alike: ${title}`, async () => {
    const secret = library.secret();
    const at = new Date(Math.floor(Date.now() / 1000) * 1000);
    const theirs = await library.sign(secret, bodies[2], at);
    const signed = { ...theirs };
    delete signed[signature];
    const ours = await sign({
      scheme, secrets: [secret], headers: signed, body: bodies[2], nowMs: at.getTime(),
    });
    // Stripe's library adds nothing but v1 to the time, and neither do we.
    assert.equal(ours[signature], theirs[signature]);
  });

  if (!library.timed) continue;
  test(`times of ${title} have two edges`, async () => {
    const secret = library.secret();
    const at = new Date(Math.floor(Date.now() / 1000) * 1000);
    const headers = await library.sign(secret, bodies[0], at);
    const reason = async (nowMs) => (await verify({
      scheme, secrets: [secret], headers, body: bodies[0], nowMs,
    })).reason;
    assert.equal(await reason(at.getTime()), undefined);
    assert.equal(await reason(at.getTime() + 4 * minute), undefined);
    assert.equal(await reason(at.getTime() + 6 * minute), 'timestamp_too_old');
    assert.equal(await reason(at.getTime() - 60 * minute), 'timestamp_too_new');
  });
}

/** Headers as the libraries read them: one value each. */
function flat(headers) {
  return Object.fromEntries(Object.entries(headers).map(([k, v]) => [k, [v].flat().join(', ')]));
}
