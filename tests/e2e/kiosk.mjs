// SPDX-License-Identifier: GPL-3.0-or-later
//
// The wall: it opens without anybody at it, tries for ever while the server is
// away, and every post that was lost comes back by itself.

import assert from 'node:assert/strict';
import test from 'node:test';

import { CAST, Stage, freePort, joined } from '../harness/alcove.mjs';
import { keepScreen, live, untilScreen, windowOf } from '../harness/screen.mjs';

test('a wall', async (t) => {
  const stage = new Stage(t);
  const port = await freePort();
  const url = `ws://127.0.0.1:${port}/`;
  const wall = stage.own('alcove', ['--kiosk', '--protocol', 'skyrtc', '--server', url,
    '--room', 'atrium', '--name', 'Wall']);
  await windowOf(wall);
  await keepScreen('kiosk-waiting');

  let server = await stage.server({ port });
  const post = stage.headless(CAST[0], url);
  await joined(post);
  let second = stage.headless(CAST[1], url);
  const secondId = await joined(second);
  await live([1, 2], wall);
  await keepScreen('kiosk');

  // The wall sends no camera.
  await post.event('stats', ({ peer, camera_off: off }) => peer !== secondId && off);

  second.signal('SIGKILL');
  await untilScreen('the killed post gone, the other one on',
    (all) => !all.some(({ picture }) => picture === 2)
      && all.some(({ picture }) => picture === 1), wall);
  await live([1], wall);
  second = stage.headless(CAST[1], url);
  await live([1, 2], wall);

  // The server goes and comes back; so does everybody.
  await server.kill();
  await post.event('signalling', { state: 'reconnecting' });
  server = await stage.server({ port });
  await live([1, 2], wall);
  const third = stage.headless(CAST[2], url);
  await live([1, 2, 3], wall);
  assert.equal(third.exitStatus, null);
  assert.equal(wall.exitStatus, null, 'the wall never ended');

  wall.signal('SIGTERM');
  const status = await wall.end();
  assert.ok(status.code === 0 || status.signal === 'SIGTERM', 'it ends when told to');
});

test('a wall that could never join says so and ends', async (t) => {
  const stage = new Stage(t);
  for (const [options, sentence] of [
    [['alcove:join?room=atrium'], /no “protocol”/],
    [['--host', '--room', ' '], /name of a room/],
    [['--host'], /--room and --name/],
  ]) {
    const wall = stage.own('alcove', ['--kiosk', '--name', 'Wall', ...options]);
    assert.deepEqual(await wall.end(), { code: 2, signal: null });
    assert.match(wall.report(), sentence);
  }
});
