// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the bench makes of its readings.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as figures from './figures.mjs';
import * as processes from './processes.mjs';
import { Load } from './rows-load.mjs';
import { steps, stepsNote, turns } from './rows-time.mjs';
import { wallRow } from './rows-wall.mjs';

test('median and other parts', () => {
  assert.equal(figures.median([]), null);
  assert.equal(figures.median([3]), 3);
  assert.equal(figures.median([9, 1, 5]), 5);
  assert.equal(figures.median([1, 2, 3, 10]), 2.5);
  assert.equal(figures.percentile([0, 10, 20, 30, 40], 0.95), 38);
  assert.equal(figures.spread([1]), 0);
  assert.equal(figures.spread([0, 1, 2, 3, 4]), 1);
});

test('one failure does not take the other readings with it', async () => {
  const said = [];
  const options = { say: (text) => said.push(text) };
  const once = (side, round) => {
    if (side === 'chromium' && round === 1)
      throw new Error('no picture\nand more');
    return Promise.resolve(side === 'alcove' ? round : null);
  };
  const found = await turns(options, 'join', 3, once);
  assert.deepEqual(found.alcove, [0, 1, 2]);
  assert.deepEqual(found.chromium, []);
  assert.equal(found.failures, '1 of 3 readings of chromium failed');
  assert.ok(said.includes('join, chromium: no picture'));
  assert.equal((await turns(options, 'join', 1, () => Promise.resolve(1))).failures, undefined);
  await assert.rejects(turns(options, 'join', 2, () => Promise.reject(new Error('never'))), /never/);
});

test('a wall grows until two readings of three fail', async () => {
  const asked = [];
  // 8 fails once on the one side, always on the other
  const measure = (_, side, count) => {
    const before = asked.filter((one) => one === `${side} ${count}`).length;
    asked.push(`${side} ${count}`);
    if (side === 'chromium' && count === 8 && before === 1)
      return Promise.reject(new Error('no window'));
    const late = count === 16 || count === 8 && (side === 'chromium' || before === 0);
    return Promise.resolve({ count, live: count, age: late ? 300 : 100 });
  };
  const row = await wallRow({ posts: [4, 8, 16, 20], say: () => {} }, measure);
  assert.equal(row.alcove, 8);
  assert.equal(row.chromium, 4);
  assert.deepEqual(asked, ['alcove 4', 'chromium 4', 'alcove 8', 'alcove 8', 'alcove 8',
    'chromium 8', 'chromium 8', 'alcove 16', 'alcove 16']);
});

test('a line through points', () => {
  assert.equal(figures.fit([[1, 5]]), null);
  assert.equal(figures.fit([[1, 5], [1, 7]]), null);
  const { slope, offset } = figures.fit([[1, 12], [3, 18], [6, 27]]);
  assert.ok(Math.abs(slope - 3) < 1e-9);
  assert.ok(Math.abs(offset - 9) < 1e-9);
});

test('flat within noise', () => {
  const noise = (i) => (i * 7 % 5 - 2) * 0.5;
  const flat = figures.isFlat(Array.from({ length: 30 }, (_, i) => [i, 100 + noise(i)]));
  assert.equal(flat.flat, true);
  const growing = figures.isFlat(Array.from({ length: 30 }, (_, i) => [i, 100 + i + noise(i)]));
  assert.equal(growing.flat, false);
  assert.ok(growing.growth > 25 && growing.growth < 32);
  // a growth no larger than the scatter is one all the same, where there are enough readings
  const slow = figures.isFlat(Array.from({ length: 140 }, (_, i) => [i / 5, 100 + i / 50 + noise(i)]));
  assert.equal(slow.flat, false);
  assert.ok(slow.error < 1);
  // what wanders to and fro is none: a reading is much like the one before
  const wave = figures.isFlat(Array.from({ length: 140 }, (_, i) =>
    [i / 5, 100 + 2 * Math.sin(i / 10)]));
  assert.equal(wave.flat, true);
  assert.equal(figures.isFlat([[0, 1], [1, 2]]), null);
});

test('when a frame was sent, and by whom', () => {
  const schedule = { start: 1_000_000, step: 10, fps: 15, frames: 300, ahead: 75, farEnds: 4 };
  const seen = (index, k, late) => ({
    counter: (k + index * schedule.ahead) % schedule.frames,
    time: schedule.start + index * schedule.step + k * 1000 / schedule.fps + late,
  });
  for (const k of [0, 1, 299, 300, 4567]) {
    for (let index = 0; index < 4; index++) {
      const { counter, time } = seen(index, k, 42);
      assert.ok(Math.abs(time - figures.sentBefore(schedule, index, counter, time) - 42) < 1e-6);
    }
  }
  const changes = Array.from({ length: 20 }, (_, i) => seen(2, 600 + i, 30 + i % 3));
  assert.equal(figures.whose(schedule, changes).index, 2);
  assert.equal(figures.whose(schedule, []), null);

  // what is on the screen is as old as it was when it came, and one picture older at the end
  const found = figures.ages(changes, (counter, time) =>
    figures.sentBefore(schedule, 2, counter, time));
  assert.equal(found.length, 19);
  assert.ok(found.every((age) => age > 30 + 60 && age < 35 + 70));
});

test('stamps of 24 bits go round', () => {
  assert.equal(figures.sinceStamp(2 ** 24 + 5, 1), 4);
  assert.equal(figures.sinceStamp(2 ** 24 * 3 + 10, 2 ** 24 - 20), 30);
});

test('onsets of a tone', () => {
  const rate = 1000;
  const samples = new Int16Array(3000);
  for (const start of [500, 1500, 2100]) {
    for (let i = 0; i < 100; i++)
      samples[start + i] = 9000 * Math.sin(i + 1);
  }
  assert.deepEqual(figures.onsets(samples, rate), [500, 1500, 2100]);
  // a gap that is shorter than silence belongs to the same tone
  samples.fill(0, 540, 560);
  assert.deepEqual(figures.onsets(samples, rate), [500, 1500, 2100]);
  assert.deepEqual(figures.delays([0, 1000, 2000], [80, 2090], 500), [80, 90]);
});

test('figures', () => {
  assert.equal(figures.figure(null), '–');
  assert.equal(figures.figure(NaN, '%'), '–');
  assert.equal(figures.figure(0.2871), '0.29');
  assert.equal(figures.figure(43.14, '%'), '43.1 %');
  assert.equal(figures.figure(318.4, 'MiB'), '318 MiB');
  assert.equal(figures.figure(16), '16');
});

test('a row is reached, missed, or not measured', () => {
  const row = { measure: 'x', alcove: 30, chromium: 100, unit: '%' };
  assert.equal(figures.judge({ ...row, ratioLimit: 0.35 }).reached, 'reached');
  assert.equal(figures.judge({ ...row, ratioLimit: 0.35 }).ratio, 0.3);
  assert.equal(figures.judge({ ...row, ratioLimit: 0.2 }).reached, 'missed');
  assert.equal(figures.judge({ ...row, atMost: 30 }).reached, 'reached');
  assert.equal(figures.judge({ ...row, atMost: 29 }).reached, 'missed');
  assert.equal(figures.judge({ ...row, atLeast: 31 }).reached, 'missed');
  assert.equal(figures.judge({ ...row, more: true }).reached, 'missed');
  assert.equal(figures.judge({ ...row, alcove: 101, more: true, atLeast: 16 }).reached, 'reached');
  assert.equal(figures.judge({ ...row, alcove: 0, chromium: 0, more: true }).reached, 'missed');
  assert.equal(figures.judge({ ...row, ratioLimit: 0.35,
    extra: { text: 'all at 30', holds: false } }).reached, 'missed');
  assert.equal(figures.judge({ ...row, chromium: null, ratioLimit: 0.35 }).reached, 'not measured');
  assert.equal(figures.judge({ measure: 'x', why: 'no GPU' }).reached, 'not measured: no GPU');
  assert.equal(figures.judge({ ...row, ratioLimit: 0.35, apart: 'half the pictures' }).reached,
    'not comparable: half the pictures');
  // that the other side did less is no excuse for what does not hold by itself
  assert.equal(figures.judge({ ...row, ratioLimit: 0.35, apart: 'half the pictures',
    extra: { text: 'all at 30', holds: false } }).reached, 'missed');
  assert.equal(figures.judge(row).reached, '');
});

test('the table', () => {
  const lines = figures.table([
    { measure: 'CPU', alcove: 30, chromium: 100, unit: '%', ratioLimit: 0.35 },
    { measure: 'GPU', why: 'there is none' },
  ]).split('\n');
  assert.equal(lines.length, 4);
  assert.match(lines[2], /^\| CPU +\| 30 % +\| 100 % +\| 0\.30 +\| ≤ 0\.35 × Chromium \| reached \|$/);
  assert.match(lines[3], /not measured: there is none/);
});

const stat = (pid, name, parent, ticks) => `${pid} (${name}) S ${parent} 1 1 0 -1 4194560 1 2 3 4 `
  + `${ticks.join(' ')} 20 0 5 0 12345 1000 200 184 1 1 0 0 0 0 0 0 0 0 0 0 17 0 0 0 0 0 0 0\n`;

test('a line of /proc/PID/stat', () => {
  const found = processes.parseStat(stat(42, 'a) S (b', 7, [10, 20, 3, 4]));
  assert.deepEqual(found, { pid: 42, name: 'a) S (b', parent: 7, ticks: 37, ended: false });
  assert.equal(processes.parseStat('nothing'), null);
});

test('a tree of processes', () => {
  const list = [[1, 0], [10, 1], [11, 10], [12, 11], [20, 1], [13, 10]]
    .map(([pid, parent]) => processes.parseStat(stat(pid, 'x', parent, [1, 0, 0, 0])));
  assert.deepEqual(processes.descendants(list, 10).map(({ pid }) => pid).sort(), [10, 11, 12, 13]);
  assert.deepEqual(processes.descendants(list, 99), []);
});

test('memory and the machine', () => {
  assert.equal(processes.parsePss('Rss:  100 kB\nPss:                  42 kB\nPss_Dirty: 7 kB\n'),
    42 * 1024);
  assert.equal(processes.parsePss(''), null);
  assert.equal(processes.parseAnonymous('Pss_Anon: 5 kB\nAnonymous:   42 kB\nKSM: 0 kB\n'), 42 * 1024);
  assert.equal(processes.parseAnonymous(''), null);
  assert.ok(processes.anonymousMemory(process.pid) > 0);
  assert.deepEqual(processes.parseMachine('cpu  10 1 5 100 4 2 3 1 0 0\ncpu0 1\n'),
    { busy: 22, total: 126 });
});

test('a profile by libraries', () => {
  const text = `# Overhead  Shared Object
#
    31.25%  libvpx.so.7.1.0
     9.50%  [kernel.kallsyms]
     4.00%  [vdso]
    12.00%  /usr/lib/libgstreamer-1.0.so.0.2200.0
`;
  assert.deepEqual(processes.parseProfile(text), [
    { name: 'libvpx', percent: 31.25 },
    { name: 'kernel', percent: 13.5 },
    { name: 'libgstreamer-1.0', percent: 12 },
  ]);
  assert.deepEqual(processes.parseProfile(''), []);
});

test('this process is in /proc', () => {
  assert.ok(processes.tree(process.pid).some(({ pid }) => pid === process.pid));
  assert.ok(processes.cpuSeconds(process.pid) >= 0);
  assert.ok(processes.memory(process.pid) > 1024 * 1024);
  const { cores, memoryGiB } = processes.machine();
  assert.ok(cores >= 1 && memoryGiB >= 1);
});

test('where a side could not keep the rate', () => {
  const load = new Load({});
  const add = (side, count, cpu, fps, out = fps, width = 640) =>
    load.results.push({ kind: 'headless', side, count, cpu, fpsIn: [fps], farEndsSaw: out,
      widthOut: [640, width] });
  for (const [count, alcove, chromium, fps] of [[1, 30, 80, 30], [2, 40, 120, 30], [3, 50, 160, 30],
    [6, 80, 170, 24]]) {
    add('alcove', count, alcove, 30);
    add('chromium', count, chromium, fps);
  }
  const counts = [1, 2, 3, 6];
  const slope = load.slopeRow('headless', counts, 0.35);
  assert.equal(slope.measure, 'one more peer, no window, over N = 1, 2, 3');
  assert.ok(Math.abs(slope.alcove - 10) < 1e-9 && Math.abs(slope.chromium - 40) < 1e-9);
  assert.equal(load.demand('headless', 3, counts), null);
  assert.equal(load.demand('headless', 6, counts),
    'for 30 fps Chromium would take 280 % by its N = 1, 2, 3: ratio 0.29');
  const row = load.cpuRow('headless', 6, counts, 0.35);
  assert.equal(row.apart, 'Chromium did not keep 30 fps both ways');
  assert.match(row.note, /^30\/30 and 24\/24 fps in\/out/);
  assert.match(row.note, /ratio 0\.29$/);
  assert.equal(load.slopeRow('headless', [1, 6], 0.35).alcove, undefined);
});

test('who sends less than was asked for has less to do', () => {
  const apart = (out, width) => {
    const load = new Load({});
    const result = { kind: 'headless', count: 6, cpu: 100, fpsIn: [30] };
    load.results.push({ ...result, side: 'alcove', farEndsSaw: 30, widthOut: [640] },
      { ...result, side: 'chromium', farEndsSaw: out, widthOut: [640, width] });
    return load.cpuRow('headless', 6, [6], 0.35);
  };
  assert.equal(apart(30, 640).apart, undefined);
  assert.equal(apart(21, 640).apart, 'Chromium did not keep 30 fps both ways');
  assert.equal(apart(30, 480).apart, 'Chromium did not keep 30 fps both ways');
  const load = new Load({});
  const result = { kind: 'headless', count: 6, cpu: 100, fpsIn: [30], farEndsSaw: 30 };
  load.results.push({ ...result, side: 'alcove', fpsIn: [20] }, { ...result, side: 'chromium' });
  assert.equal(figures.judge(load.cpuRow('headless', 6, [6], 0.35)).reached.split(';')[0], 'missed');
  assert.match(apart(30, 480).note, /30\/30 and 30\/30 \(480 wide\) fps/);
});

test('where the time of a join goes', () => {
  assert.deepEqual(steps(100, [106, 130, 180, 220], 240), [6, 24, 50, 40, 20]);
  assert.equal(steps(100, [106, undefined, 180, 220], 240), null);
  assert.equal(stepsNote({ alcove: [], chromium: [] }), undefined);
  assert.match(stepsNote({ alcove: [[6, 24, 50, 40, 20]], chromium: [[4, 22, 51, 30, 9]] }),
    /^the server 6 and 4, offer and answer 24 and 22, .*, to draw it 20 and 9$/);
});
