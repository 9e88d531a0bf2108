// SPDX-License-Identifier: GPL-3.0-or-later
//
// How long a newcomer waits for the first picture of somebody who is there: a person who
// presses Join in the lobby, where everything is ready, and a program that starts and joins at
// once, which makes its certificate meanwhile. It measures and asserts no time: a slow machine
// is no fault of the program.

import test from 'node:test';

import { CAST, Stage, joined, leaves } from '../harness/alcove.mjs';
import { pressKey, windowOf } from '../harness/screen.mjs';

const JOINS = 7;

const median = (values) => values.toSorted?.((a, b) => a - b)[values.length >> 1]
  ?? [...values].sort((a, b) => a - b)[values.length >> 1];

function report(what, values) {
  console.log(`measured: ${what}: median ${median(values)} ms, worst ${Math.max(...values)} ms `
    + `of ${values.length}`);
}

// Both lines bear the time of one clock in one process.
const stamp = (program, pattern) => program.until(`line ${pattern}`, () => {
  const line = program.errors.find((text) => pattern.test(text));
  return line && Number(line.split(' ')[0]);
});

test('from the lobby', async (t) => {
  const stage = new Stage(t);
  const server = await stage.server();
  // the room that the lobby proposes; with a room on the command line it would be passed over
  const host = stage.headless(CAST[0], server.url, { room: 'alcove' });
  const times = [];
  await joined(host);

  for (let i = 0; i < JOINS; i++) {
    const alcove = stage.own('alcove', ['--server', server.url, '--name', 'Lin',
      '--video', 'test:12', '--audio', 'test:440', '--playout', 'none'],
    { env: { ALCOVE_DEBUG: 'timing' } });
    const window = await windowOf(alcove);
    await stamp(alcove, /warmed up/);
    await pressKey(window, 'ctrl+Return');
    const pressed = await stamp(alcove, /timing: joining/);
    times.push(await stamp(alcove, /first frame/) - pressed);
    await pressKey(window, 'ctrl+q');
    await alcove.exited;
  }
  report('join in the lobby to first remote frame', times);
});

test('from nothing', async (t) => {
  const stage = new Stage(t);
  const server = await stage.server();
  const host = stage.headless(CAST[0], server.url);
  const hostId = await joined(host);
  const fromJoin = [];
  const fromStart = [];

  for (let i = 0; i < JOINS; i++) {
    const guest = stage.headless(CAST[1], server.url);
    const asked = await guest.event('signalling', { state: 'connecting' });
    const frame = await guest.event('first-frame', { peer: hostId });
    fromJoin.push(frame.t - asked.t);
    fromStart.push(frame.t);
    await leaves(guest);
  }
  report('start and join to first remote frame', fromJoin);
  report('start of the program to first remote frame', fromStart);
});
