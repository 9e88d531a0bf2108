// SPDX-License-Identifier: GPL-3.0-or-later
//
// Three in a room, a fourth in another room of the same server; everybody sees the
// right others and nobody else, and the two that stay go on when one leaves.

import assert from 'node:assert/strict';
import test from 'node:test';

import { CAST, Stage, flows, joined, leaves, perceives } from '../harness/alcove.mjs';
import { stoodStill } from '../harness/machine.mjs';

test('a mesh of three', async (t) => {
  const stage = new Stage(t);
  const server = await stage.server();
  const programs = [];
  const ids = [];
  for (const who of CAST.slice(0, 3)) {
    const program = stage.headless(who, server.url);
    programs.push(program);
    ids.push(await joined(program));
  }
  const stranger = stage.headless(CAST[3], server.url, { room: 'elsewhere' });
  const strangerId = await joined(stranger);

  for (const [i, program] of programs.entries()) {
    for (const [k, who] of CAST.slice(0, 3).entries()) {
      if (i !== k)
        await perceives(program, ids[k], who);
    }
    assert.ok(!program.has('peer-joined', { peer: strangerId }), 'rooms are apart');
  }
  assert.ok(!stranger.has('peer-joined'), 'rooms are apart');

  await leaves(programs[2]);
  const since = programs.map((program) => program.mark);
  await programs[0].event('peer-left', { peer: ids[2] });
  await programs[1].event('peer-left', { peer: ids[2] });
  await flows(programs[0], ids[1]);
  await flows(programs[1], ids[0]);
  assert.ok(!stoodStill(programs[0], ids[1], since[0]), 'the pair was not disturbed');
  assert.ok(!stoodStill(programs[1], ids[0], since[1]), 'the pair was not disturbed');

  await Promise.all([leaves(programs[0]), leaves(programs[1]), leaves(stranger)]);
});
