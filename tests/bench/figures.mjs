// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is made of the readings: medians, slopes, and the table. Nothing here asks the machine.

export function percentile(values, part) {
  if (values.length === 0)
    return null;
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * part;
  const low = Math.floor(at);
  const high = Math.ceil(at);
  return sorted[low] + (sorted[high] - sorted[low]) * (at - low);
}

export const median = (values) => percentile(values, 0.5);

/** Half the distance between the quartiles: how far rounds differ, whatever one of them did. */
export function spread(values) {
  return values.length < 2 ? 0 : (percentile(values, 0.75) - percentile(values, 0.25)) / 2;
}

/** The line through `points`, [x, y] each, by least squares: `{slope, offset}`, or null. */
export function fit(points) {
  const n = points.length;
  const mean = (index) => points.reduce((sum, point) => sum + point[index], 0) / n;
  const x = mean(0);
  const y = mean(1);
  const square = points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0);
  if (n < 2 || square === 0)
    return null;
  const slope = points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0) / square;
  return { slope, offset: y - slope * x };
}

/**
 * Whether memory stays flat: what it grew by, by the fitted line over the whole time, is within two
 * standard errors of that. What one reading says the next one says in part as well, so that there
 * are fewer of them than it seems.
 */
export function isFlat(points) {
  const line = points.length < 3 ? null : fit(points);
  if (line === null)
    return null;
  const mean = points.reduce((sum, [x]) => sum + x, 0) / points.length;
  const rest = points.map(([x, y]) => y - line.offset - line.slope * x);
  const squares = rest.reduce((sum, value) => sum + value * value, 0);
  const follow = rest.slice(1).reduce((sum, value, i) => sum + value * rest[i], 0);
  const alike = squares === 0 ? 0 : Math.min(Math.max(follow / squares, 0), 0.95);
  const variance = squares / (points.length - 2)
    / points.reduce((sum, [x]) => sum + (x - mean) ** 2, 0);
  const span = Math.max(...points.map(([x]) => x)) - Math.min(...points.map(([x]) => x));
  const growth = line.slope * span;
  const error = Math.sqrt(variance * (1 + alike) / (1 - alike)) * span;
  return { ...line, growth, error, flat: growth <= 2 * error };
}

/** How old the shown frame got: at each change, since what was there till now was sent. */
export function ages(changes, sentAt) {
  const result = [];
  for (let i = 1; i < changes.length; i++)
    result.push(changes[i].time - sentAt(changes[i - 1].counter, changes[i - 1].time));
  return result;
}

/**
 * When the far end `index` sent the frame that bears `counter`, as seen at `time`: the recording
 * goes round, so it is the last time before.
 */
export function sentBefore({ start, step, fps, frames, ahead }, index, counter, time) {
  const k = ((counter - index * ahead) % frames + frames) % frames;
  const round = frames * 1000 / fps;
  const first = start + index * step + k * 1000 / fps;
  return first + Math.floor((time - first) / round) * round;
}

/** Which of the far ends a tile shows: the one whose frames would be the freshest of all. */
export function whose(schedule, changes) {
  let best = null;
  for (let index = 0; index < schedule.farEnds; index++) {
    const delay = median(changes.map(({ counter, time }) =>
      time - sentBefore(schedule, index, counter, time)));
    if (delay !== null && (best === null || delay < best.delay))
      best = { index, delay };
  }
  return best;
}

/** The time since a stamp of `bits` bits of the wall clock's milliseconds. */
export function sinceStamp(time, stamp, bits = 24) {
  const period = 2 ** bits;
  return ((time - stamp) % period + period) % period;
}

/** Where a steady tone begins in 16-bit samples: the index, or -1. */
export function onsets(samples, rate, { threshold = 2000, quiet = 0.15 } = {}) {
  const found = [];
  let silentSince = -Infinity;
  let silent = false;
  for (let i = 0; i < samples.length; i++) {
    if (Math.abs(samples[i]) >= threshold) {
      if (silent)
        found.push(i);
      silent = false;
      silentSince = i;
    } else if (!silent && i - silentSince >= quiet * rate) {
      silent = true;
    }
  }
  return found;
}

/** For each onset on the one side the first on the other that follows within `limit`. */
export function delays(sent, heard, limit) {
  return sent.flatMap((time) => {
    const next = heard.find((other) => other >= time && other - time <= limit);
    return next === undefined ? [] : [next - time];
  });
}

const MISSING = '–';

/** `0.29`, `43.1`, `318`: three figures are all that a reading here is worth. */
export function figure(value, unit = '') {
  if (value === null || value === undefined || Number.isNaN(value))
    return MISSING;
  const size = Math.abs(value);
  const digits = size >= 100 || Number.isInteger(value) ? 0 : size >= 10 ? 1 : 2;
  return value.toFixed(digits) + (unit && ` ${unit}`);
}

/**
 * A row: `{measure, alcove, chromium, unit, limit, atMost, ratioLimit, note, why}`. With
 * `ratioLimit` the ratio must not exceed it; with `atMost` or `atLeast` Alcove's own value is
 * held against it; `more`: Alcove's must be larger than Chromium's. `extra`: a further condition
 * and whether it holds. `why`: it was not measured, and why. `apart`: it was, but the two sides
 * did not do the same. A row without any limit is told for what it is worth.
 */
export function judge(row) {
  const known = (value) => value !== null && value !== undefined && !Number.isNaN(value);
  const reach = [];
  const held = [];
  const ratio = known(row.alcove) && known(row.chromium) && row.chromium !== 0
    ? row.alcove / row.chromium : null;
  const claim = (text, value, fits) => {
    reach.push(text);
    held.push(value === null ? null : fits);
  };
  if (row.ratioLimit !== undefined)
    claim(`≤ ${row.ratioLimit} × Chromium`, ratio, ratio <= row.ratioLimit);
  if (row.atMost !== undefined)
    claim(`≤ ${figure(row.atMost, row.unit)}`, known(row.alcove) ? row.alcove : null,
      row.alcove <= row.atMost);
  if (row.atLeast !== undefined)
    claim(`≥ ${figure(row.atLeast, row.unit)}`, known(row.alcove) ? row.alcove : null,
      row.alcove >= row.atLeast);
  if (row.more)
    claim('more than Chromium', known(row.alcove) && known(row.chromium) ? row.alcove : null,
      row.alcove > row.chromium);
  if (row.extra !== undefined)
    claim(row.extra.text, known(row.alcove) ? row.alcove : null, row.extra.holds);
  let reached = '';
  if (row.why)
    reached = `not measured: ${row.why}`;
  else if (row.extra?.holds === false)
    reached = 'missed';
  else if (row.apart && held.length > 0)
    reached = `not comparable: ${row.apart}`;
  else if (held.length > 0)
    reached = held.includes(null) ? 'not measured' : held.every(Boolean) ? 'reached' : 'missed';
  if (row.note)
    reached = [reached, row.note].filter(Boolean).join('; ');
  return { ...row, ratio, reach: reach.join(', '), reached };
}

export function table(rows) {
  const head = ['measure', 'Alcove', 'Chromium', 'ratio', 'reach', 'reached'];
  const cells = rows.map(judge).map((row) => [row.measure, figure(row.alcove, row.unit),
    figure(row.chromium, row.unit), figure(row.ratio), row.reach || MISSING,
    row.reached || MISSING]);
  const widths = head.map((_, i) => Math.max(...[head, ...cells].map((line) => line[i].length)));
  const line = (texts) => `| ${texts.map((text, i) => (i === texts.length - 1
    ? text : text.padEnd(widths[i]))).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(Math.min(width, 24)))),
    ...cells.map(line)].join('\n');
}
