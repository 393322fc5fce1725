// Timing of things that take microseconds, and the figures made of it.
//
// Contenders take turns in short rounds, so that whatever else the machine does hits all alike; a
// contender's figure is the median of its rounds.

const kRounds = 31;
const kRoundMs = 20;

/** @param {number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** @param {number[]} values */
export function percentile(values, percent) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))];
}

const us = (fromMs, count) => ((performance.now() - fromMs) * 1000) / count;

/** How many calls fill a round. */
async function calibrate(contender) {
  for (let count = 1; ; count *= 2) {
    const took = await round(contender, count) * count;
    if (took > kRoundMs * 250) return Math.max(1, Math.round((count * kRoundMs * 1000) / took));
  }
}

/** Microseconds of one call. */
async function round({ run, isAsync }, count) {
  const from = performance.now();
  if (isAsync) for (let i = 0; i < count; ++i) await run();
  else for (let i = 0; i < count; ++i) run();
  return us(from, count);
}

/**
 * @param {Record<string, { run: () => unknown, isAsync?: boolean }>} contenders
 * @returns {Promise<Record<string, number>>} Microseconds of one call.
 */
export async function race(contenders, rounds = kRounds) {
  const runners = [];
  for (const [name, contender] of Object.entries(contenders)) {
    runners.push({ name, contender, count: await calibrate(contender), rounds: [] });
  }
  for (let i = 0; i < rounds; ++i) {
    for (const runner of runners) runner.rounds.push(await round(runner.contender, runner.count));
  }
  return Object.fromEntries(runners.map(({ name, rounds: all }) => [name, median(all)]));
}

/** Three digits that count. */
export function figure(value) {
  if (value === undefined || !Number.isFinite(value)) return '-';
  if (value >= 1000) return Math.round(value).toLocaleString('en-US');
  return String(Number(value.toPrecision(3)));
}
