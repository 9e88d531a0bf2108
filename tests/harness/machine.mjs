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

// With more, also in percent, even a program that works may show nothing for seconds.
const MUCH_STOLEN = 10;

const atStart = ticks();

/** Whether the machine had much of its time for this test: else it is told that it had not. */
export function hadTime() {
  const { stolen } = between(atStart, ticks());
  if (stolen > MUCH_STOLEN)
    console.log(`measured: ${stolen.toFixed(0)} % of the time was taken by the machine's host: `
      + 'that a picture stood for seconds is not judged');
  return stolen <= MUCH_STOLEN;
}

/** Whether `program` saw the picture of `peer` stand, and not for want of time. */
export const stoodStill = (program, peer, since) => program.has('stale', { peer }, since) && hadTime();

/**
 * Runs `body`, which may ask its argument whether the machine was in time so far. Where it was not,
 * the suite counts as skipped whatever came of it: neither as passed nor as failed.
 */
export async function judgeInTime(body) {
  const before = ticks();
  const wasInTime = () => {
    const { stolen, inTime } = between(before, ticks());
    if (!inTime) {
      console.log(`measured: ${stolen.toFixed(0)} % of the time was taken by the machine's host: `
        + 'this is told and not judged');
      process.exitCode = SKIPPED;
    }
    return inTime;
  };
  try {
    await body(wasInTime);
  } catch (error) {
    if (wasInTime())
      throw error;
    console.log(error.message.split('\n')[0]);
  }
}
