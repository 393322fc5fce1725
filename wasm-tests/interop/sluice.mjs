// The command `sluice verify` and `sluice sign`, as programs use them.

import { spawn } from 'node:child_process';

import { binary } from '../../examples/relay/server.mjs';

/** @returns {Promise<{code: number, json: any, err: string}>} */
function run(args, body) {
  return new Promise((resolve, reject) => {
    const child = spawn(binary, args, { timeout: 20_000 });
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk) => { out += chunk; });
    child.stderr.on('data', (chunk) => { err += chunk; });
    child.on('error', reject);
    child.on('close', (code) => {
      try {
        resolve({ code: code ?? -1, json: JSON.parse(out), err });
      } catch {
        reject(new Error(`sluice ${args.join(' ')}: exit ${code}, ${out}${err}`));
      }
    });
    child.stdin.on('error', () => {});  // It may end before it has read everything.
    child.stdin.end(body);
  });
}

function options({ scheme, secrets, headers = {}, nowMs, url, method }) {
  const list = Object.entries(headers).flatMap(([name, value]) => [value].flat()
    .flatMap((one) => ['--header', `${name}: ${one}`]));
  return [
    '--scheme', scheme, ...secrets.flatMap((secret) => ['--secret', secret]), ...list,
    ...(method ? ['--method', method] : []), ...(url ? ['--url', url] : []),
    ...(nowMs === undefined ? [] : ['--now', String(nowMs)]), '--body', '-', '--json',
  ];
}

/** `{ok, secret}` or `{ok, reason}`; the exit code says the same. */
export async function verify(request) {
  const { code, json, err } = await run(['verify', ...options(request)], request.body);
  if ((code === 0) !== json.ok || code > 1) throw new Error(`exit ${code}, ${err}`);
  return json;
}

/** `{headers, url, body}` of the signed request; URL and body where the scheme changes them. */
export async function signed(request) {
  const { code, json, err } = await run(['sign', ...options(request)], request.body);
  if (code !== 0) throw new Error(`exit ${code}, ${err}`);
  return json;
}

/** The headers that sign the request. */
export const sign = async (request) => (await signed(request)).headers;
