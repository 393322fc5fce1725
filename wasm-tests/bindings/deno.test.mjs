// The package as a program under Deno imports it: by its name, through its own list of exports.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, test } from 'node:test';

const root = new URL('../../', import.meta.url);
const home = new URL('build/deno/', root);

const program = `
import { presets, sign, verify } from 'sluice-webhooks';
import { verify as verifyOnly } from 'sluice-webhooks/verify';
const config = { scheme: 'standard', secrets: ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'] };
const body = '{"type":"invoice.paid"}';
const { headers } = sign({ id: 'msg_1', headers: {}, body }, config);
const accepted = verify({ headers, body }, config);
const refused = verify({ headers, body: body + ' ' }, config);
const alone = verifyOnly({ headers, body }, config);
console.log(JSON.stringify({ accepted, alone, refused, presets: presets().length,
  deno: typeof Deno.version.deno }));
`;

describe('under Deno', () => {
  test('what is signed verifies, and what was changed does not', () => {
    rmSync(home, { recursive: true, force: true });
    mkdirSync(new URL('node_modules/', home), { recursive: true });
    symlinkSync(fileURLToPath(new URL('build/sluice-webhooks', root)),
      new URL('node_modules/sluice-webhooks', home));
    writeFileSync(new URL('package.json', home), '{"type":"module"}\n');
    writeFileSync(new URL('program.js', home), program);
    const said = JSON.parse(execFileSync(
      fileURLToPath(new URL('node_modules/.bin/deno', root)),
      ['run', '--quiet', '--no-remote', '--node-modules-dir=manual', '--allow-read', 'program.js'],
      { cwd: home, encoding: 'utf8', timeout: 60_000, env: { ...process.env, NO_COLOR: '1' } }));
    assert.equal(said.deno, 'string');
    assert.equal(said.accepted.ok, true);
    assert.equal(said.accepted.identity, 'msg_1');
    assert.deepEqual(said.alone, said.accepted);
    assert.deepEqual([said.refused.ok, said.refused.reason], [false, 'signature_mismatch']);
    assert.ok(said.presets >= 100);
  });
});
