// SPDX-License-Identifier: GPL-3.0-or-later
//
// Whether this machine could do in time what it was asked to. A virtual one whose host gives its
// processors to others can't, and then says nothing of the programs on it.

import { readFileSync } from 'node:fs';

// Of the processors' time, in percent.
const MOST_STOLEN = 2;

// What the suites say where something could not be judged.
const SKIPPED = 77;

/** By the first line of /proc/stat. */
export function parseTicks(text) {
  const [user, nice, system, idle, wait, irq, softirq, stolen] = text.split('\n')[0].trim()
    .split(/\s+/).slice(1).map(Number);
  return { stolen: stolen ?? 0,
    all: user + nice + system + idle + wait + irq + softirq + (stolen ?? 0) };
}

export const ticks = () => parseTicks(readFileSync('/proc/stat', 'utf8'));

/** What became of the time between two of them: `stolen` in percent, and `inTime`. */
export function between(before, after) {
  const stolen = (after.stolen - before.stolen) * 100 / Math.max(after.all - before.all, 1);
  return { stolen, inTime: stolen <= MOST_STOLEN };
}

/**
 * Watches from now on; the function that it returns tells. Where the machine was not in time, the
 * suite counts as skipped, not as passed.
 */
export function watchMachine() {
  const before = ticks();
  return () => {
    const { stolen, inTime } = between(before, ticks());
    if (!inTime) {
      console.log(`measured: ${stolen.toFixed(0)} % of the time was taken by the machine's host: how `
        + 'late things were is told and not judged');
      process.exitCode = SKIPPED;
    }
    return inTime;
  };
}
