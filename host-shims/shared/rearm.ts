// When an alarm has to run again although its event did not ask for it.
//
// An alarm that leaves its wake where it was has failed: it trapped, or could not commit. It runs
// again after 2, 4, 8, ... seconds, at most 300 apart, so that one broken row cannot spin a cell.

const SECONDS_MAX = 300;

export class Rearm {
  #failures = 0;

  /** The time to set an alarm for that is not set, or nothing when the cell sleeps. */
  next(
    wakeBefore: number | undefined,
    wakeAfter: number | undefined,
    nowMs: number,
  ): number | undefined {
    if (wakeAfter === undefined || wakeAfter !== wakeBefore) {
      this.#failures = 0;
      return wakeAfter;
    }
    this.#failures += 1;
    const delayMs = Math.min(2 ** this.#failures, SECONDS_MAX) * 1000;
    return Math.max(wakeAfter, nowMs + delayMs);
  }
}
