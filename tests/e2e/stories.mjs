// SPDX-License-Identifier: GPL-3.0-or-later
//
// What happens in any room, in each of the protocols, through our server: the same steps with
// the same expectations. People are told apart by their pictures, since ids are another matter
// in each protocol, and change when somebody returns.

import assert from 'node:assert/strict';
import test, { describe } from 'node:test';

import { CAST, Stage, freePort, joined, leaves, perceives } from '../harness/alcove.mjs';
import { hadTime } from '../harness/machine.mjs';
import { line } from '../harness/wires.mjs';

const PROTOCOLS = ['skyrtc', 'webrtcroom', 'rtcmesh', 'rtcsignal', 'dispatch'];
const SMALL = ['--size', '320x240', '--fps', '10'];
const CHINESE = '会议 室 一号';
const LONG = 'a-room-with-a-name-that-has-exactly-sixty-four-characters-in-it.';
// Where a person who returns can have the id of before: by the uuid that is kept, or by the name.
const SAME_ID = ['rtcmesh', 'dispatch'];
const FRESH_MS = 3000;

assert.equal(LONG.length, 64);

/** A participant; in dispatch the first one of a room is its dispatcher. */
async function enter(stage, protocol, server, who, room, isRoot = false, id = null) {
  const own = id !== null && protocol !== 'dispatch' ? ['--id', id] : [];
  const role = protocol === 'dispatch' ? ['--role', isRoot ? 'dispatcher' : 'member'] : [];
  const program = stage.headless(who, server.url,
    { room, args: ['--protocol', protocol, ...role, ...own, ...SMALL] });
  await joined(program);
  return { program, who, isRoot: protocol === 'dispatch' && isRoot };
}

/** Waits until `one` sees and hears `other` after `since`, and returns its id there. */
async function sees(one, other, since = 0) {
  const fits = ({ picture, frame_age_ms: age }) => picture === other.who.picture
    && age !== null && age < FRESH_MS;
  const { peer } = await one.program.event('stats', fits, { since });
  // A dispatcher sends to a guest only while it calls it.
  if (one.isRoot)
    one.program.command({ command: 'call', peer });
  await perceives(one.program, peer, other.who, since);
  return peer;
}

const meet = (one, other, since = [0, 0]) =>
  Promise.all([sees(one, other, since[0]), sees(other, one, since[1])]);

/** The same picture as before, over the same link: nobody has seen anything of it. */
function undisturbed({ program }, other, since) {
  const judged = hadTime();
  // Over another link they would be connected anew; a picture that stood and went on is repaired.
  const signs = ['connected', 'first-frame', 'peer-left', 'hung-up', 'error',
    ...judged ? ['stale', 'repaired'] : []];
  // Only of the server may there be something to complain about.
  assert.deepEqual(program.events.slice(since).filter(({ event, peer }) => signs.includes(event)
    && peer !== undefined), [], `${program.label} saw something of it`);
  const pictures = ({ event, picture }) => event === 'stats' && picture === other.who.picture;
  const frames = [program.events.slice(0, since).findLast(pictures),
    ...program.events.slice(since).filter(pictures)].map(({ frames_decoded: n }) => n);
  assert.ok(frames.length > 1 && frames.at(-1) > frames[0]
    && frames.every((n, i) => i === 0 || (judged ? n > frames[i - 1] : n >= frames[i - 1])),
    `${program.label}: the count of pictures goes on: ${frames}`);
}

function stories(protocol) {
  test(`${protocol}: a room`, async (t) => {
    const step = (name, run) => t.test(`${protocol}: ${name}`, run);
    const stage = new Stage(t);
    const server = await stage.server();
    const guestsMeet = protocol !== 'dispatch';
    let first, second, third, ids, thirdId;

    await step('join', async () => {
      first = await enter(stage, protocol, server, CAST[0], CHINESE, true);
      second = await enter(stage, protocol, server, CAST[1], CHINESE);
    });
    await step('offer and candidates', async () => {
      ids = await meet(first, second);
      const one = await first.program.event('peer-joined', { peer: ids[0] });
      const other = await second.program.event('peer-joined', { peer: ids[1] });
      assert.notEqual(one.offers, other.offers, 'exactly one offers');
    });
    await step('chat', async () => {
      for (const [from, to, text] of [[first, second, '早上好 <b>'], [second, first, 'morning']]) {
        from.program.command({ command: 'chat', text });
        assert.equal((await to.program.event('chat', { text })).name, from.who.name);
      }
    });
    await step('three', async () => {
      third = await enter(stage, protocol, server, CAST[2], CHINESE);
      [thirdId] = await meet(first, third);
      if (guestsMeet)
        await meet(second, third);
    });
    await step('another room with a long name', async () => {
      const stranger = await enter(stage, protocol, server, CAST[3], LONG, true);
      const mark = first.program.mark;
      await first.program.event('stats', {}, { since: mark });
      // The mesh servers know no rooms: all who are connected are in one.
      if (protocol === 'rtcmesh') {
        await stranger.program.event('peer-joined');
      } else {
        assert.ok(!stranger.program.has('peer-joined'), 'nobody of the other room is seen');
        assert.ok(!first.program.has('peer-joined', {}, mark), 'nor is the stranger');
      }
      await leaves(stranger.program);
    });
    await step('leave', async () => {
      const marks = [first.program.mark, second.program.mark];
      await leaves(third.program);
      await first.program.event('peer-left', { peer: thirdId }, { since: marks[0] });
      await meet(first, second, marks);
    });
    await step('rejoin', async () => {
      const mark = first.program.mark;
      third = await enter(stage, protocol, server, CAST[2], CHINESE);
      [thirdId] = await meet(first, third, [mark, 0]);
    });
    if (SAME_ID.includes(protocol)) {
      await step('rejoin under the same id', async () => {
        let mark = first.program.mark;
        const id = thirdId;
        await leaves(third.program);
        await first.program.event('peer-left', { peer: id }, { since: mark });
        mark = first.program.mark;
        third = await enter(stage, protocol, server, CAST[2], CHINESE, false, id);
        [thirdId] = await meet(first, third, [mark, 0]);
        assert.equal(thirdId, id);
      });
    }
    await step('drop', async () => {
      const mark = first.program.mark;
      second.program.signal('SIGKILL');
      await first.program.event('peer-left', { peer: ids[0] }, { since: mark });
      second = await enter(stage, protocol, server, CAST[1], CHINESE);
      await meet(first, second, [first.program.mark, 0]);
    });
    for (const { program } of [second, third, first]) {
      assert.deepEqual(program.events.filter(({ event }) => event === 'error'), []);
      await leaves(program);
    }
  });

  test(`${protocol}: the server dies and comes back`, async (t) => {
    const stage = new Stage(t);
    const port = await freePort();
    let server = await stage.server({ port });
    const wire = await line(stage, server.url);
    const first = await enter(stage, protocol, server, CAST[0], CHINESE, true);
    const second = await enter(stage, protocol, wire, CAST[1], CHINESE);
    await meet(first, second);

    const people = [first, second];
    let marks = people.map(({ program }) => program.mark);
    await t.test(`${protocol}: reconnect`, async () => {
      wire.cut();
      const { self } = await second.program.event('joined', {}, { since: marks[1] });
      // The same picture under the id of now.
      await first.program.event('stats', { peer: self, picture: second.who.picture },
        { since: first.program.mark });
      await second.program.event('stats', { picture: first.who.picture },
        { since: second.program.mark });
      undisturbed(first, second, marks[0]);
      undisturbed(second, first, marks[1]);
    });

    marks = people.map(({ program }) => program.mark);
    await t.test(`${protocol}: restart`, async () => {
      await server.kill();
      await Promise.all(people.map(({ program }, i) =>
        program.event('signalling', { state: 'reconnecting' }, { since: marks[i] })));
      // Pictures need no server.
      await meet(first, second, people.map(({ program }) => program.mark));

      server = await stage.server({ port });
      await Promise.all(people.map(({ program }, i) =>
        program.event('joined', {}, { since: marks[i] })));
      await meet(first, second, people.map(({ program }) => program.mark));
      undisturbed(first, second, marks[0]);
      undisturbed(second, first, marks[1]);
    });
    for (const { program } of people)
      await leaves(program);
  });
}

// They wait for each other most of the time.
describe('in each protocol', { concurrency: 2 }, () => PROTOCOLS.forEach(stories));
