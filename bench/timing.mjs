// Does the time of a refusal tell a stranger anything? See timing.cc. Not a test: a machine that
// does something else can be taken for a leak, and a leak below its noise for none.

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

import { figure } from './measure.mjs';
import { target } from './report.mjs';

const kLimit = 4.5;
const kNoticed = ['control', 'memcmp'];  // A check that misses these would miss a leak.
const kMeaning = {
  compare: 'digests that differ in their first or last byte',
  control: 'the same, by a comparison that ends early',
  memcmp: 'the same, by memcmp of 4 KiB',
  refusal: 'a wrong secret: the installation exists, or does not',
  digit: 'a wrong signature: its first or its last digit is wrong',
  nothing: 'the same refusal twice',
  token: 'a wrong token: it begins like the secret, or does not',
};

export async function run({ programs, seconds }) {
  const measurements = Math.round(100_000 * seconds);
  const rows = JSON.parse(execFileSync(
    join(programs, 'timing'), [String(measurements)], { encoding: 'utf8' }));
  return {
    title: 'timing: what the time of a refusal tells',
    tables: [{
      title: "Welch's t-test of two classes that take turns at random",
      columns: ['', 'measurements', 'median ns', 'difference ns', 'largest t'],
      rows: rows.map((row) => [kMeaning[row.name], row.measurements.toLocaleString('en-US'),
        figure(row.median_ns), row.difference_ns.toFixed(3), row.t.toFixed(1)]),
    }],
    targets: rows.map(({ name, t }) => (kNoticed.includes(name)
      ? target(`t, ${kMeaning[name]}: has to be noticed`, '>=', kLimit, t)
      : target(`t, ${kMeaning[name]}`, '<=', kLimit, t))),
    notes: [`The largest of six percentiles counts. Above ${kLimit} the classes differ.`],
  };
}
