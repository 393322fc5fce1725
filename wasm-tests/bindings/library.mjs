// The package as it is built, by the entry that Node would take.
import { readFileSync } from 'node:fs';

const home = new URL('../../build/sluice-webhooks/', import.meta.url);

export const manifest = JSON.parse(readFileSync(new URL('package.json', home), 'utf8'));
export const entry = new URL(manifest.exports['.'].node.default, home);
export const moduleFile = new URL('sluice_webhooks.wasm', home);
export const verifyOnlyEntry = new URL(manifest.exports['./verify'].node.default, home);
export const verifyOnlyFile = new URL('sluice_verify.wasm', home);

/** @type {import('../../bindings/js/src/node.ts')} */
export const library = await import(entry.href);

/** @type {import('../../bindings/js/src/verify_node.ts')} */
export const verifyOnly = await import(verifyOnlyEntry.href);
