// SPDX-License-Identifier: GPL-3.0-or-later
//
// Two participants through the embedded server: each decodes the other's right
// picture, moving, and hears the right tone; names and chat arrive; both leave cleanly.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import test from 'node:test';

import { CAST, Stage, joined, leaves, perceives } from '../harness/alcove.mjs';

const [mei, ada] = CAST;

test('two participants see and hear each other', async (t) => {
  const stage = new Stage(t);
  const server = await stage.server();
  const first = stage.headless(mei, server.url);
  const firstId = await joined(first);
  const second = stage.headless(ada, server.url);
  const secondId = await joined(second);
  assert.notEqual(firstId, secondId);

  // The newcomer offers.
  assert.equal((await first.event('peer-joined', { peer: secondId })).offers, false);
  assert.equal((await second.event('peer-joined', { peer: firstId })).offers, true);

  await first.event('connected', { peer: secondId });
  await second.event('connected', { peer: firstId });
  for (const [program, peer] of [[first, secondId], [second, firstId]]) {
    const frame = await program.event('first-frame', { peer });
    assert.ok(frame.width > 0 && frame.height > 0, 'the first frame has a size');
  }

  await perceives(first, secondId, ada);
  await perceives(second, firstId, mei);

  // SkyRTC has no names of its own: they travel between Alcoves.
  await first.event('stats', { peer: secondId, name: ada.name });
  await second.event('stats', { peer: firstId, name: mei.name });

  first.command({ command: 'chat', text: 'hello, 你好 <b>' });
  const chat = await second.event('chat', { peer: firstId });
  assert.equal(chat.text, 'hello, 你好 <b>');

  await leaves(second);
  await first.event('peer-left', { peer: secondId });
  await leaves(first);
  for (const program of [first, second])
    assert.deepEqual(program.events.filter(({ event }) => event === 'error'), []);
});

test('a camera that can’t be used is told as one that is off', async (t) => {
  const stage = new Stage(t);
  const server = await stage.server();
  const without = stage.headless({ ...mei, video: `file:${join(stage.dir, 'gone.mkv')}` },
    server.url);
  const withoutId = await joined(without);
  await without.event('error', { code: 'file' });
  const second = stage.headless(ada, server.url);
  await second.event('stats', ({ peer, camera_off: off, frames_decoded: frames }) =>
    peer === withoutId && off && frames > 0);
  assert.ok(!second.has('stale'));
  await leaves(second);
  await leaves(without);
});

test('a camera that is off is a still picture that never goes stale', async (t) => {
  const stage = new Stage(t);
  const server = await stage.server();
  const off = stage.headless({ ...mei, video: 'none' }, server.url);
  const offId = await joined(off);
  const second = stage.headless(ada, server.url);
  const from = { peer: offId, camera_off: true };

  // Two pictures a second are sent, and all of them arrive.
  const begin = await second.event('stats', from);
  const end = await second.event('stats',
    (event) => event.peer === offId && event.t > begin.t + 9000);
  const frames = end.frames_decoded - begin.frames_decoded;
  assert.ok(frames >= (end.t - begin.t) / 1000 * 1.5,
    `${frames} pictures in ${end.t - begin.t} ms`);
  assert.equal(second.events.find(({ event }) => event === 'stale'), undefined);
});

test('muting is silence, and is told', async (t) => {
  const stage = new Stage(t);
  const server = await stage.server();
  const first = stage.headless(mei, server.url);
  const firstId = await joined(first);
  const second = stage.headless(ada, server.url);
  await second.event('stats', ({ peer, tone_hz }) => peer === firstId
    && Math.abs(tone_hz - mei.tone) < 25);

  let since = second.mark;
  first.command({ command: 'mute' });
  await second.event('stats', { peer: firstId, muted: true, tone_hz: null }, { since });

  since = second.mark;
  first.command({ command: 'unmute' });
  await second.event('stats', ({ peer, muted, tone_hz }) => peer === firstId && !muted
    && Math.abs(tone_hz - mei.tone) < 25, { since });
});
