// SPDX-License-Identifier: GPL-3.0-or-later
//
// The real program on a display: the right number of live tiles, each with the right
// moving picture; one that freezes, one that leaves; and an end without a leak.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { CAST, Stage, joined, sourceDir } from '../harness/alcove.mjs';
import { keepScreen, live, marks, pressKey, untilScreen, windowOf } from '../harness/screen.mjs';

// Our own tile is mirrored, as people expect of themselves, or says that there is no camera.
const OWN_PICTURE = 12;

const joinOptions = (url) => ['--protocol', 'skyrtc', '--server', url, '--room', 'atrium',
  '--name', 'Lin', '--video', `test:${OWN_PICTURE}`, '--audio', 'test:440'];

async function inARoom(t, { command } = {}) {
  const stage = new Stage(t);
  const server = await stage.server();
  const cast = [];
  for (const who of CAST.slice(0, 3)) {
    const program = stage.headless(who, server.url);
    cast.push({ who, program, id: await joined(program) });
  }
  const alcove = command === undefined
    ? stage.own('alcove', joinOptions(server.url))
    : stage.start(command, joinOptions(server.url), { label: 'alcove' });
  alcove.ours = true;
  const window = await windowOf(alcove);
  return { stage, server, cast, alcove, window };
}

test('a room of four', async (t) => {
  const { cast, alcove, window } = await inARoom(t);
  const others = [OWN_PICTURE];

  const seen = await live([1, 2, 3], alcove, { others });
  await keepScreen('window-room');
  const cells = seen.filter(({ picture }) => !others.includes(picture)).map(({ cell }) => cell);
  assert.ok(Math.max(...cells) - Math.min(...cells) <= 1, `tiles of one size: ${cells}`);

  // The three see the window's picture too.
  for (const { program } of cast)
    await program.event('stats', { picture: OWN_PICTURE });

  // One freezes: its picture is no longer shown as live; the others go on.
  cast[1].program.signal('SIGSTOP');
  await cast[0].program.event('stale', { peer: cast[1].id });
  const frozen = (await marks()).find(({ picture }) => picture === 2)?.counter;
  const still = (all) => {
    const mark = all.find(({ picture }) => picture === 2);
    return mark === undefined || mark.counter === frozen;
  };
  for (const picture of [1, 3]) {
    const before = (await marks()).find((mark) => mark.picture === picture)?.counter;
    await untilScreen(`picture ${picture} going on`, (all) => still(all)
      && all.some((mark) => mark.picture === picture && mark.counter !== before), alcove);
  }
  await keepScreen('window-stale');
  cast[1].program.signal('SIGCONT');
  await live([1, 2, 3], alcove, { others });

  // One leaves: its tile goes.
  cast[2].program.command({ command: 'leave' });
  await cast[2].program.end();
  await live([1, 2], alcove, { others });

  await pressKey(window, 'ctrl+q');
  assert.deepEqual(await alcove.end(), { code: 0, signal: null });
  for (const { program } of cast.slice(0, 2))
    await program.event('peer-left');
});

test('the lobby opens, and closes', async (t) => {
  const stage = new Stage(t);
  const alcove = stage.own('alcove', []);
  const window = await windowOf(alcove);
  await keepScreen('window-lobby');
  await pressKey(window, 'ctrl+q');
  assert.deepEqual(await alcove.end(), { code: 0, signal: null });
});

test('an end without a leak', async (t) => {
  const sanitized = join(process.env.ALCOVE_ASAN_BUILD_DIR ?? join(sourceDir, '_build-asan'),
    'src/alcove');
  assert.ok(existsSync(sanitized), `${sanitized} is not built`);
  const { cast, alcove, window } = await inARoom(t, { command: sanitized });
  await live([1, 2, 3], alcove, { others: [OWN_PICTURE] });
  cast[2].program.command({ command: 'leave' });
  await live([1, 2], alcove, { others: [OWN_PICTURE] });
  await pressKey(window, 'ctrl+q');
  const status = await alcove.end();
  assert.deepEqual(status, { code: 0, signal: null }, alcove.report());
});
