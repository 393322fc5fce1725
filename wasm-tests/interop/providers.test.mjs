// What the command signs the providers' libraries accept, and the other way round.

import assert from 'node:assert/strict';
import test from 'node:test';

import { providers } from './providers.mjs';
import { signed, verify } from './sluice.mjs';

for (const provider of providers) {
  const { scheme, library, url } = provider;

  test(`what we sign as ${scheme} is accepted by ${library}, and by us`, async () => {
    const keys = provider.keys();
    const made = await signed({
      scheme, secrets: [keys.ours], headers: provider.headers, body: provider.body, url,
    });
    const request = {
      headers: { ...provider.headers, ...made.headers },
      body: made.body ?? provider.body,
      url: made.url ?? url,
    };
    assert.equal(await provider.verify(keys.theirs, request), true, JSON.stringify(request));
    const verdict = await verify({ scheme, secrets: [keys.ours], ...request });
    assert.deepEqual({ ok: verdict.ok, secret: verdict.secret }, { ok: true, secret: 0 });

    const other = provider.keys();
    assert.equal(await provider.verify(other.theirs, request), false);
    assert.equal((await verify({ scheme, secrets: [other.ours], ...request })).ok, false);
  });

  if (!provider.sign) continue;
  test(`what ${library} signs is accepted as ${scheme}`, async () => {
    const keys = provider.keys();
    const headers = { ...provider.headers, ...await provider.sign(keys.theirs, provider.body) };
    const request = { scheme, secrets: [keys.ours], headers, body: provider.body, url };
    assert.equal((await verify(request)).ok, true);
    const changed = { ...request, body: provider.body.replace(/1/, '2') };
    assert.equal((await verify(changed)).ok, false);
    assert.equal(await provider.verify(keys.theirs, changed), false);
  });
}
