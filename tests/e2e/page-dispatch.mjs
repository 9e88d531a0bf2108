// SPDX-License-Identifier: GPL-3.0-or-later
//
// The dispatch platform with a real browser: Alcove as a guest of the dispatcher's page, and as
// the dispatcher of guests' pages; being seen, called, hung up on and sent away.

import assert from 'node:assert/strict';
import test from 'node:test';

import { Browser } from '../browser/browser.mjs';
import { CAST, Stage, joined, leaves, perceives } from '../harness/alcove.mjs';
import { PAGE, PAGE_OPTIONS, openServer, pageSees } from '../harness/browser.mjs';
import { peersServer } from '../harness/wires.mjs';

const [mei, ada] = CAST;
const ROOM = '0915';
const ROOT = 'root';
const GUEST = { room: ROOM, args: ['--protocol', 'dispatch'] };
const DISPATCHER = { room: ROOM, args: ['--protocol', 'dispatch', '--role', 'dispatcher'] };

const independent = (stage) => peersServer(stage, 'dispatch-server.py');

async function enter(stage, server, options) {
  const page = await Browser.start(stage, 'dispatch');
  await page.join({ server: server.url, direct: true, room: ROOM, ...PAGE_OPTIONS, ...options });
  return page;
}

/** The page has a moving picture of `id` and sound, while it need not send anything itself. */
async function pageGets(page, id, who) {
  const fits = (peer) => peer.id === id && peer.state === 'connected'
    && peer.mark?.picture === who.picture && peer.audioEnergy > 0;
  const first = await page.peer(`the picture of ${who.name}`, fits);
  return page.peer(`the moving picture of ${who.name}`, (peer) => fits(peer)
    && peer.mark.counter > first.mark.counter && peer.audioEnergy > first.audioEnergy);
}

/** Chromium no longer shows the picture of a connection on which it took an offer back. */
async function pageDecodes(page, id) {
  const first = await page.peer('the connection', (peer) => peer.id === id);
  await page.peer('more pictures and sound, both ways', (peer) => peer.id === id
    && peer.framesDecoded > first.framesDecoded && peer.audioEnergy > first.audioEnergy
    && peer.framesSent > first.framesSent);
}

/** Picture and sound of the page arrive at the program, which neither shows nor plays them. */
async function ignores(program, id, since) {
  const arrives = (event) => event.peer === id && event.kbps_in > 20;
  const first = await program.event('stats', arrives, { since });
  for (const event of [first, await program.event('stats', arrives, { since: program.mark })]) {
    assert.deepEqual([event.picture, event.tone_hz], [null, null]);
    assert.equal(event.frames_decoded, first.frames_decoded);
  }
}

/** Statistics of two rounds from now on, in which nothing is received. */
async function getsNothing(program, id) {
  const next = (since) => program.event('stats', { peer: id }, { since });
  const first = await next(program.mark);
  const { frames_decoded: frames, tone_hz: tone } = await next(program.mark);
  assert.equal(frames, first.frames_decoded, 'no picture comes');
  assert.equal(tone, null, 'no sound comes');
}

for (const [which, makeServer] of [['our server', openServer],
  ['an independent server', independent]]) {
  test(`a guest of the dispatcher's page, ${which}`, async (t) => {
    const stage = new Stage(t);
    const server = await makeServer(stage);
    const page = await enter(stage, server, { role: ROOT });
    const program = stage.headless(mei, server.url, GUEST);
    const id = await joined(program);
    assert.equal((await program.event('peer-joined', { peer: ROOT })).offers, true);
    await pageGets(page, id, mei);
    await getsNothing(program, ROOT);
    assert.ok(!program.has('called'));

    for (let i = 0; i < 2; i++) {
      let since = program.mark;
      await page.act('call', id);
      await program.event('called', { peer: ROOT }, { since });
      await perceives(program, ROOT, PAGE, since);
      if (i === 0)
        await pageSees(page, id, mei);
      else
        await pageDecodes(page, id);
      since = program.mark;
      await page.act('hangUp', id);
      await program.event('hung-up', { peer: ROOT }, { since });
      if (i === 0)
        await pageGets(page, id, mei);
    }

    // The end of the second call was an offer as well, and each offer got its answer.
    await page.until('the last answer',
      ({ codes }) => codes.filter((code) => code === 2003).length === 2);
    await page.act('dismiss', id);
    await page.until('its leaving', ({ left }) => left.includes(id));
    await program.end();
    assert.deepEqual((await page.state()).errors, []);
  });
}

test('the dispatcher of two guests\' pages', async (t) => {
  const stage = new Stage(t);
  const server = await openServer(stage);
  const program = stage.headless(mei, server.url, DISPATCHER);
  await joined(program);
  const bob = await enter(stage, server, { name: 'bob' });
  const cyd = await enter(stage, server, { name: 'cyd', picture: 8, hertz: 880 });
  for (const [id, who] of [['bob', PAGE], ['cyd', { name: 'cyd', picture: 8, tone: 880 }]]) {
    assert.equal((await program.event('peer-joined', { peer: id })).offers, false);
    await perceives(program, id, who);
  }
  const isSilent = async (page) => {
    const { peers: [peer] } = await page.state();
    assert.deepEqual([peer.shown, peer.framesDecoded, peer.audioBytes], [false, 0, 0]);
  };
  await isSilent(bob);
  await isSilent(cyd);

  for (let i = 0; i < 2; i++) {
    program.command({ command: 'call', peer: 'bob' });
    await bob.peer('the call', ({ shown }) => shown);
    await pageGets(bob, ROOT, mei);
    await isSilent(cyd);
    program.command({ command: 'hang-up', peer: 'bob' });
    const { framesDecoded } = await bob.peer('the end of the call', ({ shown }) => !shown);
    const since = program.mark;
    await perceives(program, 'bob', PAGE, since);
    const { peers: [after] } = await bob.state();
    // What was on its way at that moment may still have come.
    assert.ok(after.framesDecoded - framesDecoded < 15, 'nothing is sent any more');
  }

  program.command({ command: 'dismiss', peer: 'cyd' });
  await program.event('peer-left', { peer: 'cyd' });
  assert.ok((await cyd.state()).codes.includes(3002));
  assert.ok(!program.has('repaired'));
  assert.deepEqual(program.events.filter(({ event }) => event === 'error'), []);
  for (const page of [bob, cyd])
    assert.deepEqual((await page.state()).errors, []);

  await leaves(program);
  await bob.until('the end of the room', ({ left }) => left.includes(ROOT));
});

test('two guests of the dispatcher\'s page, one of which is called; the browser is killed',
  async (t) => {
    const stage = new Stage(t);
    const server = await openServer(stage);
    const page = await enter(stage, server, { role: ROOT });
    const programs = [mei, ada].map((who) => stage.headless(who, server.url, GUEST));
    for (const program of programs)
      await joined(program);
    await Promise.all([pageGets(page, 'Mei', mei), pageGets(page, 'Ada', ada)]);

    // Sent before the call, and still after it.
    let since = programs[1].mark;
    await page.act('send', 'Ada');
    await ignores(programs[1], ROOT, since);
    await page.act('ring', 'Ada');
    await perceives(programs[1], ROOT, PAGE);
    since = programs[1].mark;
    await page.act('ringOff', 'Ada');
    await programs[1].event('hung-up', { peer: ROOT }, { since });
    await ignores(programs[1], ROOT, programs[1].mark);

    await page.act('ring', 'Ada');
    await perceives(programs[1], ROOT, PAGE, programs[1].mark);
    await getsNothing(programs[0], ROOT);
    assert.ok(!programs[0].has('called'));

    await page.kill();
    for (const program of programs)
      await program.event('signalling', { state: 'reconnecting' });
  });
