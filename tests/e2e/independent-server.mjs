// SPDX-License-Identifier: GPL-3.0-or-later
//
// Through a SkyRTC server that shares no code with ours, in both of the dialects
// that exist: the one with ids in the path, and the one that gives ids out.

import assert from 'node:assert/strict';
import test from 'node:test';

import { CAST, Stage, flows, joined, leaves, perceives } from '../harness/alcove.mjs';
import { independentServer } from '../harness/wires.mjs';

for (const variant of ['python', 'node']) {
  test(`three participants, the ${variant} variant`, async (t) => {
    const stage = new Stage(t);
    const server = await independentServer(stage, variant);
    const first = stage.headless(CAST[0], server.url);
    const firstId = await joined(first);
    const second = stage.headless(CAST[1], server.url);
    const secondId = await joined(second);
    await perceives(first, secondId, CAST[1]);
    await perceives(second, firstId, CAST[0]);

    const third = stage.headless(CAST[2], server.url);
    const thirdId = await joined(third);
    await perceives(third, firstId, CAST[0]);
    await perceives(third, secondId, CAST[1]);
    await perceives(first, thirdId, CAST[2]);

    await leaves(third);
    await first.event('peer-left', { peer: thirdId });
    await second.event('peer-left', { peer: thirdId });
    await flows(first, secondId);

    // Killed rather than leaving: the server notices by the connection.
    second.signal('SIGKILL');
    await first.event('peer-left', { peer: secondId });
    await leaves(first);
    assert.equal(server.exitStatus, null, 'the server lives');
  });
}
