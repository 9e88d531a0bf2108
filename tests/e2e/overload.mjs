// SPDX-License-Identifier: GPL-3.0-or-later
//
// A machine that can't encode as much as it is asked to: rate and size of the picture go down in
// steps, the sound stays whole, and all comes back with the power. The steps are told once each.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import test from 'node:test';

import { CAST, Stage, buildDir, joined, leaves } from '../harness/alcove.mjs';
import { judgeInTime } from '../harness/machine.mjs';
import { heardFor, judge, samples, tell } from '../harness/perceived.mjs';
import { Group, keepToOne, steps, usedBy } from '../harness/starved.mjs';

const SIZE = { width: 640, height: 360 };
const FRAMES = 90;

// Of what the sender takes without a bound: too little for the whole picture, more than enough for
// the smallest and the sound.
const SHARE = 0.65;

// Sound over which it is measured what the sender takes, and over which it is looked at.
const MEASURED_MS = 6_000;
const LOOKED_AT_MS = 24_000;

const TONE_TOLERANCE_HZ = 3;
const OLDEST_MS = 2_000;
const SPOILED = 0.02;

// Of the sound that is due in the span, some is on its way at either end.
const ABSENT = 0.03;

// Each step up takes some seconds, and the more if it was tried too early.
const PATIENCE = 120_000;

async function film(stage, picture) {
  const path = join(stage.dir, 'film.y4m');
  const program = stage.start(join(buildDir, 'tests', 'bench', 'bench-content'), ['--width',
    String(SIZE.width), '--height', String(SIZE.height), '--fps', '30', '--frames', String(FRAMES),
    '--picture', String(picture), '--video', path]);
  assert.deepEqual(await program.end(), { code: 0, signal: null });
  return path;
}

test('a sender that can’t encode as much as it is asked to', (t) => judgeInTime(async (wasInTime) => {
  const stage = new Stage(t);
  const group = Group.forTest(stage, t);
  if (group === null)
    return;

  const [who, other] = CAST;
  const server = await stage.server();
  const sender = stage.headless({ ...who, video: `file:${await film(stage, who.picture)}` },
    server.url, { args: ['--size', `${SIZE.width}x${SIZE.height}`] });
  const receiver = stage.headless(other, server.url, { args: ['--size', '160x90'] });
  const [senderId, receiverId] = await Promise.all([sender, receiver].map(joined));

  const isWhole = () => {
    const seen = samples(receiver, senderId, 0).at(-1);
    return samples(sender, receiverId, 0).at(-1)?.load_step === 0
      && seen.width === SIZE.width && seen.picture === who.picture ? seen : null;
  };
  await receiver.event('stats', ({ peer, width }) => peer === senderId && width === SIZE.width);
  await receiver.until('the whole picture', isWhole, { timeout: PATIENCE });
  const before = usedBy(sender.pid);
  const calm = await heardFor(receiver, senderId, MEASURED_MS, receiver.mark, { timeout: PATIENCE });
  const seconds = (calm.at(-1).t - calm[0].t) / 1000;
  const used = (usedBy(sender.pid) - before) / seconds;
  const rate = (rows) => (rows.at(-1).frames_decoded - rows[0].frames_decoded)
    / (rows.at(-1).sound_ms - rows[0].sound_ms) * 1000;
  console.log(`measured: with all it takes: ${tell(judge(calm, who,
    { toneHz: TONE_TOLERANCE_HZ, ageMs: OLDEST_MS }))}`);

  const release = keepToOne(String(sender.pid));
  group.add(sender.pid);
  group.limit(used * SHARE);
  let since = sender.mark;
  await sender.event('stats', ({ load_step: step }) => step > 0, { since, timeout: PATIENCE });
  const rows = await heardFor(receiver, senderId, LOOKED_AT_MS, receiver.mark,
    { timeout: PATIENCE });
  const starved = judge(rows, who, { toneHz: TONE_TOLERANCE_HZ, ageMs: OLDEST_MS });
  console.log(`measured: with ${SHARE} of it: ${tell(starved)}, steps ${steps(sender, 'Encoding')}`);
  assert.ok(rate(rows) < 0.9 * rate(calm) || rows.some(({ width }) => width < SIZE.width),
    'the picture is smaller or comes more seldom');
  assert.deepEqual(starved.otherPictures, []);
  assert.ok(starved.guessed <= SPOILED, 'the sound comes');

  group.limit();
  release();
  since = receiver.mark;
  await receiver.until('the whole picture again', () => isWhole()
    && samples(receiver, senderId, since).at(-1)?.width === SIZE.width, { timeout: PATIENCE });
  const again = await heardFor(receiver, senderId, MEASURED_MS, receiver.mark);

  const told = steps(sender, 'Encoding');
  console.log(`measured: the steps of the sender: ${told}`);
  assert.ok(Math.max(...told) > 0);
  assert.equal(told.at(-1), 0);
  for (const [i, step] of told.entries())
    assert.equal(Math.abs(step - (told[i - 1] ?? 0)), 1, `each step is told once: ${told}`);
  const seen = new Set(samples(sender, receiverId, 0).map(({ load_step: step }) => step));
  for (const step of seen)
    assert.ok(step === 0 || told.includes(step), `step ${step} was told`);
  for (const program of [sender, receiver])
    assert.ok(!program.has('error'));
  if (wasInTime()) {
    assert.equal(starved.standstills, 0, 'the picture moves');
    assert.deepEqual(starved.offTone, []);
    assert.ok(starved.guessed + starved.missed <= SPOILED, 'the sound is whole');
    assert.ok(starved.absent <= ABSENT, 'all of the sound comes');
    assert.ok(rate(again) > 0.9 * rate(calm), 'pictures come as often as before');
    for (const program of [sender, receiver])
      assert.ok(!program.has('stale'));
  }
  await leaves(sender);
  await leaves(receiver);
}));
