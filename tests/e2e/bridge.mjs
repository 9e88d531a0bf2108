// SPDX-License-Identifier: GPL-3.0-or-later
//
// One room of the embedded server, one participant of each protocol in it. Everybody sees the
// right moving picture of everybody else and hears the right tone, in both orders of arrival, so
// that each two protocols meet with either of them there first.

import assert from 'node:assert/strict';
import test from 'node:test';

import { Stage, joined, leaves, perceives } from '../harness/alcove.mjs';
import { POLYGLOTS, knownBy, startPolyglot } from '../harness/bridge.mjs';

async function meets(one, other) {
  const id = await knownBy(one.program, other.who);
  // A dispatcher need not send to a guest that it does not call.
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
  // A dispatcher's server has to call them something, but they say their names themselves.
  await first.program.event('stats', { peer: ids[0], name: newcomer.who.name });
  await newcomer.program.event('stats', { peer: ids[1], name: first.who.name });
  const { offers } = await newcomer.program.event('peer-joined', { peer: ids[1] });
  const here = await first.program.event('peer-joined', { peer: ids[0] });
  assert.notEqual(offers, here.offers, 'exactly one offers');
  return offers ? 'the newcomer offers' : 'the first offers';
}

for (const cast of [POLYGLOTS, [...POLYGLOTS].reverse()]) {
  test(`everybody meets everybody, ${cast[0].protocol} first`, async (t) => {
    const stage = new Stage(t);
    const server = await stage.server();
    const people = [];
    for (const who of cast) {
      const program = startPolyglot(stage, server, who);
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

    // Words travel on Alcove's own channel, whatever the protocol's pages write on theirs.
    for (const { program, who } of people)
      program.command({ command: 'chat', text: `${who.name} <b>` });
    await Promise.all(people.flatMap((one) => people.filter((other) => other !== one)
      .map(({ who }) => one.program.event('chat', { text: `${who.name} <b>` }))));

    for (const { program, who } of people) {
      assert.deepEqual(program.events.filter(({ event }) => event === 'error'), [], who.protocol);
      // The mesh counts on liveness where no leave is heard of; nobody has to wait for that.
      if (who !== cast[0])
        await leaves(program);
    }
    await leaves(people[0].program);
  });
}
