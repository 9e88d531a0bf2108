// SPDX-License-Identifier: GPL-3.0-or-later
//
// The signalling server dies. Pictures go on without it; when it is back on
// the same port the participants return, and newcomers find them.

import assert from 'node:assert/strict';
import test from 'node:test';

import { CAST, Stage, flows, freePort, joined, leaves } from '../harness/alcove.mjs';

test('the server dies and comes back', async (t) => {
  const stage = new Stage(t);
  const port = await freePort();
  let server = await stage.server({ port });
  const first = stage.headless(CAST[0], server.url);
  const firstId = await joined(first);
  const second = stage.headless(CAST[1], server.url);
  const secondId = await joined(second);
  await first.event('first-frame', { peer: secondId });
  await second.event('first-frame', { peer: firstId });

  const marks = [first.mark, second.mark];
  await server.kill();
  await first.event('signalling', { state: 'reconnecting' }, { since: marks[0] });
  await second.event('signalling', { state: 'reconnecting' }, { since: marks[1] });
  await flows(first, secondId);
  await flows(second, firstId);

  server = await stage.server({ port });
  const again = await first.event('joined', {}, { since: marks[0] });
  const back = await second.event('joined', {}, { since: marks[1] });

  // Each has the other's picture now, under whatever id it came back with.
  const sees = (program, who, since) => program.event('stats',
    ({ picture, picture_counter: counter, frame_age_ms: age }) => picture === who.picture
      && counter > 0 && age !== null && age < 3000, { since });
  await sees(first, CAST[1], first.mark);
  await sees(second, CAST[0], second.mark);

  const third = stage.headless(CAST[2], server.url);
  await joined(third);
  const firstSeen = await third.event('first-frame', { peer: again.self });
  const secondSeen = await third.event('first-frame', { peer: back.self });
  assert.ok(firstSeen && secondSeen);
  await sees(third, CAST[0], 0);
  await sees(third, CAST[1], 0);
  const known = new Set(third.events.filter(({ event }) => event === 'peer-joined')
    .map(({ peer }) => peer));
  assert.equal(known.size, 2, 'no ghost of before is in the room');

  await Promise.all([leaves(first), leaves(second), leaves(third)]);
});

test('a server that is not there yet', async (t) => {
  const stage = new Stage(t);
  const port = await freePort();
  const early = stage.headless(CAST[0], `ws://127.0.0.1:${port}/`);
  // A first join that nobody answers has failed, with the reason.
  const error = await early.event('error');
  assert.equal(error.code, 'refused');
  assert.deepEqual(await early.end(), { code: 1, signal: null });
});
