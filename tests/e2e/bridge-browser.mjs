// SPDX-License-Identifier: GPL-3.0-or-later
//
// A SkyRTC page in a real browser meets an Alcove of each protocol in one room of the embedded
// server: there before them, and coming after them.

import assert from 'node:assert/strict';
import test from 'node:test';

import { Browser } from '../browser/browser.mjs';
import { Stage, joined, perceives } from '../harness/alcove.mjs';
import { BRIDGE_ROOM, POLYGLOTS, knownBy, startPolyglot } from '../harness/bridge.mjs';
import { PAGE, PAGE_OPTIONS, pageSees } from '../harness/browser.mjs';

// One of the page's own protocol is another suite's.
const FOREIGNERS = POLYGLOTS.filter(({ protocol }) => protocol !== 'skyrtc');

async function face(page, program, who) {
  const id = await knownBy(program, PAGE);
  if (who.role === 'dispatcher')
    program.command({ command: 'call', peer: id });
  await perceives(program, id, PAGE);
  const { id: here } = await page.peer(`a picture of ${who.name}`,
    ({ mark }) => mark?.picture === who.picture);
  await pageSees(page, here, who);
  return id;
}

async function enter(stage, server) {
  const people = [];
  for (const who of FOREIGNERS) {
    const program = startPolyglot(stage, server, who);
    await joined(program);
    people.push({ who, program });
  }
  return people;
}

test('the page is there first', async (t) => {
  const stage = new Stage(t);
  const server = await stage.server();
  const page = await Browser.start(stage);
  await page.join({ server: server.url, room: BRIDGE_ROOM, ...PAGE_OPTIONS });
  const people = await enter(stage, server);
  await Promise.all(people.map(({ program, who }) => face(page, program, who)));
  assert.deepEqual((await page.state()).errors, []);
});

test('the page comes last, and is killed', async (t) => {
  const stage = new Stage(t);
  const server = await stage.server();
  const people = await enter(stage, server);
  const page = await Browser.start(stage);
  await page.join({ server: server.url, room: BRIDGE_ROOM, ...PAGE_OPTIONS });
  const ids = await Promise.all(people.map(({ program, who }) => face(page, program, who)));
  assert.deepEqual((await page.state()).errors, []);
  await page.kill();
  await Promise.all(people.map(({ program }, i) =>
    program.event('peer-left', { peer: ids[i] })));
});
