// SPDX-License-Identifier: GPL-3.0-or-later
//
// Whether this machine could do in time what it was asked to. A virtual one whose host gives its
// processors to others can't, and then says nothing of the programs on it.

import { readFileSync } from 'node:fs';

// Of the processors' time, in percent.
const MOST_STOLEN = 2;
const LEAST_IDLE = 10;

/** By the first line of /proc/stat. */
export function parseTicks(text) {
  const [user, nice, system, idle, wait, irq, softirq, stolen] = text.split('\n')[0].trim()
    .split(/\s+/).slice(1).map(Number);
  return { idle: idle + wait, stolen: stolen ?? 0,
    all: user + nice + system + idle + wait + irq + softirq + (stolen ?? 0) };
}

export const ticks = () => parseTicks(readFileSync('/proc/stat', 'utf8'));

/** What became of the time between two of them: `{ stolen, idle }` in percent, and `inTime`. */
export function between(before, after) {
  const share = (name) => (after[name] - before[name]) * 100 / Math.max(after.all - before.all, 1);
  const [stolen, idle] = [share('stolen'), share('idle')];
  return { stolen, idle, inTime: stolen <= MOST_STOLEN && idle >= LEAST_IDLE };
}

/** Watches from now on; the function that it returns tells, and prints where it was not in time. */
export function watchMachine() {
  const before = ticks();
  return () => {
    const { stolen, idle, inTime } = between(before, ticks());
    if (!inTime)
      console.log(`measured: the machine was not in time itself: ${stolen.toFixed(0)} % taken by `
        + `its host, ${idle.toFixed(0)} % idle; how late things were is told and not judged`);
    return inTime;
  };
}
