// SPDX-License-Identifier: GPL-3.0-or-later
//
// A relay between the participants changes the fingerprint of their certificates, as
// somebody would who wants to sit between them: the pair must fail, before any
// picture is shown. Without that relay's change the same way in works.

import assert from 'node:assert/strict';
import test from 'node:test';

import { CAST, Stage, joined } from '../harness/alcove.mjs';
import { relay } from '../harness/wires.mjs';

const FINGERPRINT = /^(a=fingerprint:\S+ )(..)/gim;
const HAS_FINGERPRINT = /^a=fingerprint:/im;

/** Applies `alter (sdp)` to every description that passes in one of the `directions`. */
function changing(alter, directions, count) {
  return (message, direction) => {
    const description = message.data?.sdp;
    if (directions.includes(direction) && typeof description?.sdp === 'string'
        && HAS_FINGERPRINT.test(description.sdp)) {
      description.sdp = alter(description.sdp);
      count.changed++;
    }
    return message;
  };
}

const swapped = (sdp) => sdp.replace(FINGERPRINT,
  (line, start, byte) => start + (byte.toUpperCase() === '00' ? '01' : '00'));
const removed = (sdp) => sdp.replace(/^a=fingerprint:.*\r?\n/gim, '');

async function through(t, change) {
  const stage = new Stage(t);
  const server = await stage.server();
  const first = stage.headless(CAST[0], server.url);
  const firstId = await joined(first);
  const second = stage.headless(CAST[1], await relay(stage, server.url, change));
  const secondId = await joined(second);
  return { first, firstId, second, secondId };
}

test('the way in is a good one', async (t) => {
  const { first, firstId, second, secondId } = await through(t, (message) => message);
  await first.event('first-frame', { peer: secondId });
  await second.event('first-frame', { peer: firstId });
});

for (const [what, directions] of [
  ['both descriptions', ['up', 'down']],
  ['the offer alone', ['up']],
  ['the answer alone', ['down']],
]) {
  test(`another certificate in ${what}`, async (t) => {
    const count = { changed: 0 };
    const { first, firstId, second, secondId } = await through(t,
      changing(swapped, directions, count));
    // Who got the altered description finds out; the other one loses the connection.
    const deceived = [];
    if (directions.includes('up'))
      deceived.push([first, secondId]);
    if (directions.includes('down'))
      deceived.push([second, firstId]);
    for (const [program, peer] of deceived) {
      const error = await program.event('error', { code: 'fingerprint-mismatch' });
      assert.equal(error.peer, peer);
      assert.ok(!program.has('first-frame'), `${program.label} showed a stranger's picture`);
    }
    assert.ok(count.changed > 0, 'the relay did its work');
  });
}

test('no fingerprint at all', async (t) => {
  const count = { changed: 0 };
  const { first, second } = await through(t, changing(removed, ['up', 'down'], count));
  await first.event('error', { code: 'sdp-no-fingerprint' });
  assert.ok(count.changed > 0, 'the relay did its work');
  for (const program of [first, second])
    assert.ok(!program.has('first-frame'), `${program.label} showed a picture`);
});
