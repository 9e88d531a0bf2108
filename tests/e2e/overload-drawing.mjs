// SPDX-License-Identifier: GPL-3.0-or-later
//
// A wall that can't draw as much as comes: it shows fewer pictures of each, and then asks for smaller
// ones, in steps that are told once each; nobody's picture stands, and all comes back with the power.

import assert from 'node:assert/strict';
import test from 'node:test';

import { CAST, Stage, joined } from '../harness/alcove.mjs';
import { judgeInTime } from '../harness/machine.mjs';
import { live, windowOf } from '../harness/screen.mjs';
import { Group, keepToOne, steps, usedBy } from '../harness/starved.mjs';

const SIZE = '640x360';

// Of what the wall takes without a bound.
const SHARE = 0.5;

// Over which it is measured what it takes, in the statistics of a post, which come once a second.
const MEASURED = 5;

const STEPS_BACK = 240_000;

test('a wall that can’t draw as much as comes', (t) => judgeInTime(async (wasInTime) => {
  const stage = new Stage(t);
  const group = Group.forTest(stage, t);
  if (group === null)
    return;

  const server = await stage.server();
  const wall = stage.own('alcove', ['--kiosk', '--protocol', 'skyrtc', '--server', server.url,
    '--room', 'atrium', '--name', 'Wall']);
  await windowOf(wall);
  const cast = CAST.slice(0, 3);
  const posts = cast.map((who) => stage.headless(who, server.url,
    { args: ['--no-receive', '--size', SIZE] }));
  const ids = await Promise.all(posts.map(joined));
  const pictures = cast.map(({ picture }) => picture);
  await live(pictures, wall);

  const [first] = posts;
  const ofWall = (since) => first.events.slice(since)
    .filter(({ event, peer }) => event === 'stats' && !ids.includes(peer));
  const seconds = async (n) => {
    const since = first.mark;
    await first.until(`${n} statistics`, () => ofWall(since).length >= n);
    return ofWall(since);
  };
  const before = usedBy(wall.pid);
  const calm = await seconds(MEASURED + 1);
  const used = (usedBy(wall.pid) - before) * 1000 / (calm.at(-1).t - calm[0].t);
  console.log(`measured: the wall takes ${used.toFixed(2)} of a processor`);

  const told = () => steps(wall, 'Drawing');
  const begun = told().length;
  const release = keepToOne(String(wall.pid));
  group.add(wall.pid);
  group.limit(used * SHARE);
  await wall.until('a step down', () => told().slice(begun).some((step) => step > 0));
  await live(pictures, wall);

  group.limit();
  release();
  await wall.until('all steps taken back', () => told().at(-1) === 0, { timeout: STEPS_BACK });
  await live(pictures, wall);
  await first.until('the whole picture', () => ofWall(0).at(-1)?.rung === calm.at(-1).rung);

  console.log(`measured: the steps of the wall: ${told()}`);
  for (const [i, step] of told().entries())
    assert.equal(Math.abs(step - (told()[i - 1] ?? 0)), 1, `each step is told once: ${told()}`);
  for (const post of posts)
    assert.ok(!post.has('error'));
  if (wasInTime())
    for (const post of posts)
      assert.ok(!post.has('stale'));
}));
