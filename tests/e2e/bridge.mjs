// SPDX-License-Identifier: GPL-3.0-or-later
//
// One room of the embedded server, one participant of each protocol in it. Everybody sees the
// right moving picture of everybody else and hears the right tone, in both orders of arrival, so
// that each two protocols meet with either of them there first.

import assert from 'node:assert/strict';
import test from 'node:test';

import { Stage, joined, leaves, perceives } from '../harness/alcove.mjs';

// Far enough apart to be told by ear and by eye.
const CAST = [
  { protocol: 'skyrtc', name: 'Sky', picture: 1, tone: 330 },
  { protocol: 'webrtcroom', name: 'Wen', picture: 2, tone: 550 },
  { protocol: 'rtcmesh', name: 'Mei', picture: 3, tone: 770 },
  { protocol: 'rtcsignal', name: 'Sig', picture: 4, tone: 990 },
  { protocol: 'dispatch', name: 'Dis', picture: 5, tone: 1210, role: 'dispatcher' },
];

// Twenty pictures are decoded at once: small ones do.
const SMALL = ['--size', '320x240', '--fps', '10'];
const FIRST_LOOK = 40000;

function enter(stage, server, who) {
  const role = who.role ? ['--role', who.role] : [];
  // The last of two equal options counts.
  return stage.headless(who, server.url, {
    room: '六 rooms', args: ['--protocol', who.protocol, ...role, ...SMALL],
  });
}

// Ids are another one in each protocol, and a dispatcher knows those of others by numbers only.
async function known(program, { picture }) {
  const { peer } = await program.event('stats', { picture }, { timeout: FIRST_LOOK });
  return peer;
}

async function meets(one, other) {
  const id = await known(one.program, other.who);
  // A dispatcher sends to a guest only while it calls it.
  if (one.who.role === 'dispatcher')
    one.program.command({ command: 'call', peer: id });
  return id;
}

async function pair(first, newcomer) {
  const ids = await Promise.all([meets(first, newcomer), meets(newcomer, first)]);
  await Promise.all([
    perceives(first.program, ids[0], newcomer.who),
    perceives(newcomer.program, ids[1], first.who),
  ]);
  const { offers } = await newcomer.program.event('peer-joined', { peer: ids[1] });
  const here = await first.program.event('peer-joined', { peer: ids[0] });
  assert.notEqual(offers, here.offers, 'exactly one offers');
  return offers ? 'the newcomer offers' : 'the first offers';
}

for (const cast of [CAST, [...CAST].reverse()]) {
  test(`everybody meets everybody, ${cast[0].protocol} first`, async (t) => {
    const stage = new Stage(t);
    const server = await stage.server();
    const people = [];
    for (const who of cast) {
      const program = enter(stage, server, who);
      await joined(program);
      people.push({ who, program });
    }

    const met = [];
    people.forEach((first, i) => people.slice(i + 1).forEach((newcomer) => met.push(
      pair(first, newcomer).then(
        (how) => ({ what: `${first.who.protocol}, then ${newcomer.who.protocol}: ${how}` }),
        (error) => ({ what: `${first.who.protocol}, then ${newcomer.who.protocol}: NO`, error })))));
    const results = await Promise.all(met);
    for (const { what } of results)
      console.log(`measured: bridge: ${what}`);
    assert.deepEqual(results.filter(({ error }) => error).map(({ what, error }) =>
      `${what}: ${error.message.split('\n')[0]}`), []);

    for (const { program, who } of people) {
      assert.deepEqual(program.events.filter(({ event }) => event === 'error'), [], who.protocol);
      // The mesh counts on liveness where no leave is heard of; nobody has to wait for that.
      if (who !== cast[0])
        await leaves(program);
    }
    await leaves(people[0].program);
  });
}
