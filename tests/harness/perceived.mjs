// SPDX-License-Identifier: GPL-3.0-or-later
//
// What one participant saw and heard of another over a span, by every statistic of it. Spans are
// those of the sound itself, which comes as fast as it was made.

/** The statistics of `peer` from the mark `since` on. */
export const samples = (program, peer, since) => program.events.slice(since)
  .filter(({ event, peer: of }) => event === 'stats' && of === peer);

/** Waits for all statistics of `peer` from `since` on over so much of its sound. */
export function heardFor(program, peer, milliseconds, since, options) {
  return program.until(`${milliseconds} ms of sound`, () => {
    const rows = samples(program, peer, since);
    const end = rows.findIndex(({ sound_ms: sound }) => sound - rows[0].sound_ms >= milliseconds);
    return end > 0 ? rows.slice(0, end + 1) : null;
  }, options);
}

/**
 * What is wrong with these statistics in a row, of somebody whose picture and tone are those of
 * `who`. The decoder fills what is lost, so that pitch and length alone would tell little.
 */
export function judge(rows, who, { toneHz, ageMs }) {
  const [first, last] = [rows[0], rows.at(-1)];
  const share = (name) => (last[name] - first[name]) / (last.sound_ms - first.sound_ms);
  return {
    // Of the sound.
    guessed: share('sound_guessed_ms'),
    missed: share('sound_missed_ms'),
    // Of the time in which it was due: `t` is the listener's clock.
    absent: 1 - (last.sound_ms - first.sound_ms) / (last.t - first.t),
    oldestMs: Math.max(...rows.map(({ frame_age_ms: age }) => age)),
    offTone: rows.map(({ tone_hz: tone }) => tone)
      .filter((tone) => tone === null || Math.abs(tone - who.tone) > toneHz),
    otherPictures: rows.map(({ picture }) => picture).filter((picture) => picture !== who.picture),
    // Nothing new since the one before.
    standstills: rows.slice(1).filter((row, i) => row.frames_decoded <= rows[i].frames_decoded
      || row.frame_age_ms > ageMs).length,
  };
}

export const tell = ({ guessed, missed, absent, oldestMs, standstills, offTone }) =>
  `${(guessed * 100).toFixed(1)} % of the sound guessed, ${(missed * 100).toFixed(1)} % too late, `
  + `${(absent * 100).toFixed(1)} % absent, off its pitch ${offTone.length} times; picture no older `
  + `than ${Math.round(oldestMs)} ms, ${standstills} standstills`;
