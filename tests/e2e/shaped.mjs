// SPDX-License-Identifier: GPL-3.0-or-later
//
// Two participants at the ends of a path that becomes narrow, far and lossy, and good again: the
// picture stays live at whatever size it fits through, the sound is whole throughout, and all
// comes back.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { CAST, Stage, buildDir, joined, leaves, sourceDir } from '../harness/alcove.mjs';
import { judgeInTime } from '../harness/machine.mjs';
import { heardFor, judge, tell } from '../harness/perceived.mjs';

const SKIPPED = 77;

const GOOD = { rate: 0, delay: 5, loss: 0, queue: 500 };
const BAD = { rate: 300_000, delay: 150, loss: 0.03, queue: 500 };

// What one of our pictures of this size wants is more than twice as much as the bad path bears.
const SIZE = { width: 640, height: 360 };
const FRAMES = 90;

// What is silent in the sound that comes lowers its pitch as measured: this is less than a hundredth.
const TONE_TOLERANCE_HZ = 3;

// While an end still sends what the good path bore, most of it is lost, and a little passes before
// it can know. After so much of the sound it has adapted, and is looked at for so much more.
const ADAPTING_MS = 10_000;
const LOOKED_AT_MS = 30_000;

// The picture may stand still once meanwhile, for so long, and then no more.
const LATE_MS = 5_000;
const OLDEST_MS = 2_000;

// Opus has a test tone for music, of which no packet bears a copy of the one before: what is lost is
// guessed, and not more than that. Nothing of the rest comes too late to be heard.
const GUESSED = 0.05;
const MISSED = 0.01;

// Of the sound that is due in the span, some is on its way at either end.
const ABSENT = 0.03;

// A machine that is busy with much else gets there in the end.
const PATIENCE = 180_000;

/** What a camera sees, with the mark of `picture`: a test card would fit through anything. */
async function film(stage, picture) {
  const path = join(stage.dir, `film-${picture}.y4m`);
  const maker = join(buildDir, 'tests', 'bench', 'bench-content');
  assert.ok(existsSync(maker), `${maker} is not built`);
  const program = stage.start(maker, ['--width', String(SIZE.width), '--height',
    String(SIZE.height), '--fps', '30', '--frames', String(FRAMES), '--picture',
    String(picture), '--video', path]);
  assert.deepEqual(await program.end(), { code: 0, signal: null });
  return path;
}

/** Starts one of our programs at an end of the path. */
function startAt(stage, end, name, args, label) {
  const program = stage.start('nsenter',
    [...end.enter, join(buildDir, 'src', name), ...args], { label });
  program.ours = true;
  return program;
}

/** `count` statistics of `peer` in a row, of `since` on, that all fit. */
function inARow(program, peer, what, fits, count, since, name = 'stats') {
  return program.until(`${count} statistics in a row: ${what}`, () => {
    let row = [];
    for (const event of program.events.slice(since)) {
      if (event.event !== name || event.peer !== peer)
        continue;
      row = fits(event, row.at(-1)) ? [...row, event] : [];
      if (row.length >= count)
        return row;
    }
    return null;
  }, { timeout: PATIENCE });
}

/** The right picture, moving, and the right tone. */
const live = (who) => (event, before) => event.picture === who.picture
  && Math.abs(event.tone_hz - who.tone) <= TONE_TOLERANCE_HZ
  && event.fps_in > 0
  && (before === undefined || (event.frames_decoded > before.frames_decoded
    && event.picture_counter !== before.picture_counter));

const describe = ({ estimate_kbps: estimate, kbps_out: out, rung, loss, rtt_ms: rtt }) =>
  `bears ${Math.round(estimate)} kbit/s, sends ${Math.round(out)} kbit/s`
  + `${rung ? ` of ${rung}` : ''}, loss ${((loss ?? 0) * 100).toFixed(1)} %, `
  + `round trip ${Math.round(rtt ?? -1)} ms`;

/** The path, and a server at its first end; nothing where no such path can be made. */
async function open(t) {
  const stage = new Stage(t);
  const path = stage.start('python3', [join(sourceDir, 'tests', 'harness', 'shaped-link.py')]);
  const ready = await path.until('the two ends', () => path.events[0], { mayEnd: true });
  if (!ready.ready) {
    console.log(`No networks of our own can be made here: ${ready.why}`);
    process.exitCode = SKIPPED;
    t.skip(ready.why);
    return null;
  }

  const shape = async (how) => {
    const since = path.mark;
    path.command(how);
    return path.until('the answer of the path', () => path.events.slice(since)[0]?.was);
  };
  await shape(GOOD);

  const server = startAt(stage, ready.ends[0], 'alcove-server',
    ['--port', '0', '--listen', ready.ends[0].address]);
  const [, url] = await server.line(/^listening on (.*)$/);
  const startAlcove = async (end, who) => startAt(stage, ready.ends[end], 'alcove-headless',
    ['--protocol', 'skyrtc', '--server', url, '--room', 'atrium', '--name', who.name, '--video',
      `file:${await film(stage, who.picture)}`, '--audio', `test:${who.tone}`,
      '--size', `${SIZE.width}x${SIZE.height}`], `headless ${who.name}`);
  return { stage, shape, url, ends: ready.ends, startAlcove };
}

test('a path that becomes bad and good again', (t) => judgeInTime(async (wasInTime) => {
  const opened = await open(t);
  if (opened === null)
    return;
  const { shape, startAlcove } = opened;
  const cast = CAST.slice(0, 2);
  const programs = [];
  for (const [i, who] of cast.entries())
    programs.push(await startAlcove(i, who));
  const ids = await Promise.all(programs.map(joined));

  // Each end, the other one's id, and who that is.
  const sides = programs.map((program, i) => ({ program, peer: ids[1 - i], who: cast[1 - i] }));
  const both = (callback) => Promise.all(sides.map(callback));

  const good = await both(async ({ program, peer, who }) => (await inARow(program, peer,
    'all is well', (event, before) => live(who)(event, before)
      && event.estimate_kbps > BAD.rate / 1000 && event.width === SIZE.width,
    2, 0)).at(-1));
  console.log(`measured: good path: ${describe(good[0])}`);

  let since = programs.map((program) => program.mark);
  await shape(BAD);
  const bad = await both(async ({ program, peer, who }, i) => {
    const rows = await heardFor(program, peer, ADAPTING_MS + LOOKED_AT_MS, since[i],
      { timeout: PATIENCE });
    const adapted = rows.findIndex(({ sound_ms: sound }) =>
      sound - rows[0].sound_ms >= ADAPTING_MS);
    const told = program.events.slice(since[i], program.events.indexOf(rows[adapted]))
      .filter(({ event }) => event === 'stale');
    const limits = { toneHz: TONE_TOLERANCE_HZ, ageMs: OLDEST_MS };
    return { rows, told, last: rows.at(-1), adapting: judge(rows.slice(0, adapted + 1), who, limits),
      adapted: judge(rows.slice(adapted), who, limits), from: program.events.indexOf(rows[adapted]) };
  });
  console.log(`measured: bad path: ${describe(bad[0].last)}`);
  for (const [i, { adapting, adapted }] of bad.entries()) {
    console.log(`measured: ${cast[i].name} while it adapts: ${tell(adapting)}`);
    console.log(`measured: ${cast[i].name} on the bad path: ${tell(adapted)}`);
  }

  const through = await shape(GOOD);
  assert.ok(through.kbps.every((rate) => rate <= BAD.rate / 1000 * 1.1),
    `no more than it bears went through: ${through.kbps}`);
  since = programs.map((program) => program.mark);
  const again = await both(async ({ program, peer, who }, i) => (await inARow(program, peer,
    'as before', (event, before) => live(who)(event, before)
      && event.estimate_kbps > 1.5 * BAD.rate / 1000 && event.width === SIZE.width
      && event.kbps_out > 1.2 * BAD.rate / 1000,
    2, since[i])).at(-1));
  console.log(`measured: good path again: ${describe(again[0])}`);

  for (const { adapting, adapted } of bad) {
    assert.deepEqual(adapting.otherPictures, []);
    assert.deepEqual(adapted.otherPictures, []);
  }
  const inTime = wasInTime();
  for (const { adapting, adapted, told, last } of inTime ? bad : []) {
    assert.ok(last.rtt_ms >= BAD.delay && last.kbps_out <= BAD.rate / 1000);
    assert.ok(adapted.guessed <= GUESSED, 'no more is guessed than what the path loses');
    assert.ok(told.length <= 1 && adapting.oldestMs <= LATE_MS, 'late once, and not for long');
    assert.equal(adapted.standstills, 0, 'the picture moves');
    assert.deepEqual(adapted.offTone, []);
    assert.ok(adapted.missed <= MISSED, 'nothing comes too late to be heard');
    assert.ok(adapted.absent <= ABSENT, 'all of the sound comes');
  }
  for (const [i, program] of programs.entries()) {
    const named = (name, from) => program.events.slice(from).filter(({ event }) => event === name);
    assert.deepEqual(named('error', 0), []);
    if (inTime)
      assert.deepEqual(named('stale', bad[i].from), []);
    assert.equal(named('connected', 0).length, 1, 'the connection held');
  }
  await both(({ program }) => leaves(program));
}));

test('the same with a browser at the other end', (t) => judgeInTime(async () => {
  // Where the first could not be judged, neither can this.
  if (process.exitCode === SKIPPED)
    return;
  const opened = await open(t);
  if (opened === null)
    return;
  const { stage, shape, startAlcove, url, ends } = opened;
  const [mei, ada] = CAST;
  const program = await startAlcove(0, mei);
  const id = await joined(program);
  const page = stage.start('nsenter', [...ends[1].enter, process.execPath,
    join(sourceDir, 'tests', 'harness', 'page-at-end.mjs'), url, 'atrium',
    await film(stage, ada.picture)], { label: 'page' });
  const pageId = await joined(page);

  /** Picture and sound both ways, with as much as each end takes the path to bear. */
  const both = (what, ours, theirs, count) => {
    const [programSince, pageSince] = [program.mark, page.mark];
    return Promise.all([
      inARow(program, pageId, what, (event, before) => event.fps_in > 0 && event.tone_hz > 0
        && ours(event.estimate_kbps)
        && (before === undefined || event.frames_decoded > before.frames_decoded),
      count, programSince),
      inARow(page, id, what, (event, before) => event.picture === mei.picture
        && theirs(event.bears)
        && (before === undefined || (event.framesDecoded > before.framesDecoded
          && event.audioEnergy > before.audioEnergy)), count, pageSince, 'seen'),
    ]);
  };
  const rate = BAD.rate / 1000;

  await both('all is well', (bears) => bears > rate, (bears) => bears > rate, 2);
  await shape(BAD);
  const [[first], [second]] = await both('live on the bad path',
    (bears) => bears !== null && bears <= rate, (bears) => bears <= rate, 3);
  console.log(`measured: bad path to a browser: ${describe(first)}; `
    + `the browser says ${Math.round(second.bears)} kbit/s`);
  await shape(GOOD);
  await both('as before', (bears) => bears > 1.5 * rate, (bears) => bears > 1.5 * rate, 2);
  assert.deepEqual(program.events.filter(({ event }) => event === 'error'), []);
  assert.equal(program.events.filter(({ event }) => event === 'connected').length, 1);
  page.child.stdin.end();
  await page.end();
  await leaves(program);
}));
