// Does the time of a refusal tell a stranger anything? See timing.cc. Not a test: a machine that
// does something else can be taken for a leak, and a leak below its noise for none.

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

import { figure } from './measure.mjs';
import { target } from './report.mjs';

const kLimit = 4.5;
const kMeaning = {
  compare: 'digests that differ in their first or last byte',
  control: 'the same, by a comparison that ends early',
  refusal: 'a wrong secret: the installation exists, or does not',
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
      columns: ['', 'measurements', 'median ns', 'difference ns', 'largest |t|'],
      rows: rows.map((row) => [kMeaning[row.name], row.measurements.toLocaleString('en-US'),
        figure(row.median_ns), row.difference_ns.toFixed(3), row.t.toFixed(1)]),
    }],
    targets: rows.map(({ name, t }) => (name === 'control'
      ? target(`|t|, ${kMeaning[name]}: has to be noticed`, '>=', kLimit, t)
      : target(`|t|, ${kMeaning[name]}`, '<=', kLimit, t))),
    notes: [`The larger of five percentiles counts. Above ${kLimit} the classes differ.`],
  };
}
