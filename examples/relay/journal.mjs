// A journal: what one party saw, one JSON object a line, on disk before the party answers.
//
// The two ends of the relay keep a journal each, and neither reads the other's. The totals at the
// end come from comparing the two files, not from what Sluice says about itself.

import { createHash } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** @param {Uint8Array | string} bytes */
export const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

export class Journal {
  /** @param {string} path */
  constructor(path) {
    mkdirSync(dirname(path), { recursive: true });
    this.path = path;
    this.file = openSync(path, 'a');
    /** @type {Record<string, any>[]} */
    this.records = [];
  }

  /** @param {Record<string, any>} record */
  write(record) {
    const dated = { at: Date.now(), ...record };
    writeSync(this.file, `${JSON.stringify(dated)}\n`);
    this.records.push(dated);
    return dated;
  }

  close() {
    closeSync(this.file);
  }
}

/** @param {string} path */
export const readJournal = (path) =>
  readFileSync(path, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line));
