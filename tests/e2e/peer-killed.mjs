// SPDX-License-Identifier: GPL-3.0-or-later
//
// A participant that ends without a word, and one that freezes and comes back. The
// third one's picture goes on all the while.

import assert from 'node:assert/strict';
import test from 'node:test';

import { CAST, Stage, flows, joined, perceives } from '../harness/alcove.mjs';
import { stoodStill } from '../harness/machine.mjs';

async function threesome(t) {
  const stage = new Stage(t);
  const server = await stage.server();
  const programs = [];
  const ids = [];
  for (const who of CAST.slice(0, 3)) {
    const program = stage.headless(who, server.url);
    programs.push(program);
    ids.push(await joined(program));
  }
  for (const program of programs) {
    for (const id of ids) {
      if (id !== ids[programs.indexOf(program)])
        await program.event('first-frame', { peer: id });
    }
  }
  return { stage, server, programs, ids };
}

test('one is killed', async (t) => {
  const { programs: [watcher, bystander, victim], ids } = await threesome(t);
  const since = watcher.mark;

  victim.signal('SIGKILL');
  await watcher.event('peer-left', { peer: ids[2] }, { since });
  await bystander.event('peer-left', { peer: ids[2] });
  await flows(watcher, ids[1]);
  await flows(bystander, ids[0]);
  assert.ok(!stoodStill(watcher, ids[1], since), 'the other pair was not disturbed');
  assert.ok(!watcher.has('peer-left', { peer: ids[1] }, since), 'the other pair was not disturbed');
});

test('one freezes and thaws', async (t) => {
  const { programs: [watcher, bystander, victim], ids } = await threesome(t);
  const since = watcher.mark;

  victim.signal('SIGSTOP');
  await watcher.event('stale', { peer: ids[2] }, { since });
  await bystander.event('stale', { peer: ids[2] });
  await flows(watcher, ids[1]);

  const thaw = watcher.mark;
  victim.signal('SIGCONT');
  await watcher.event('repaired', { peer: ids[2] }, { since: thaw });
  await perceives(watcher, ids[2], CAST[2], thaw);
  assert.ok(!stoodStill(watcher, ids[1], since), 'the other pair was not disturbed');
});
