// SPDX-License-Identifier: GPL-3.0-or-later
//
// A wall of posts, and a day of joins and leaves in half an hour.

import { ages, figure, isFlat, median, percentile, sentBefore, whose } from './figures.mjs';
import { anonymousMemory, memory } from './processes.mjs';
import { Scene, pause, stamp } from './sides.mjs';

const POST_FPS = 15;
const MAX_AGE_MS = 200;
const WANTED_POSTS = 16;
const FAR_PICTURE = 1;
const MIB = 1024 * 1024;

/** How old the pictures of `count` posts get on a wall: `{age, live}`. */
async function wall(options, side, count) {
  const scene = new Scene(options.content);
  try {
    await scene.server();
    const { schedule } = await scene.farEnds(count, { fps: POST_FPS });
    const screen = await scene.screen();
    if (side === 'alcove') {
      const program = scene.window(screen, ['--kiosk', '--protocol', 'skyrtc', '--server',
        scene.serverUrl, '--room', 'alcove', '--name', 'wall', '--video', 'none',
        '--audio', 'none', '--playout', 'none']);
      await screen.fill(await screen.windowOf(program));
      await stamp(program, /timing: joining/);
    } else {
      const page = await scene.chromium({ screen });
      await page.join();
    }
    const places = await screen.untilPlaces(FAR_PICTURE, count);
    await pause(options.warmUp);
    const tiles = await screen.watch(places, options.seconds);
    const found = tiles.flatMap((changes) => {
      const one = whose(schedule, changes);
      return one === null ? [] : ages(changes, (counter, time) =>
        sentBefore(schedule, one.index, counter, time));
    });
    const live = tiles.filter((changes) =>
      changes.length >= options.seconds * POST_FPS / 2).length;
    return { count, live, shown: places.length, age: percentile(found, 0.95),
      middle: median(found), fps: median(tiles.map((changes) =>
        changes.length / options.seconds)) };
  } finally {
    await scene.end();
  }
}

const holds = ({ count, live, age }) => live === count && age !== null && age <= MAX_AGE_MS;

/** Both sides by turns, each until there are more posts than it shows. */
export async function wallRow(options, measure = wall) {
  const most = { alcove: 0, chromium: 0 };
  const readings = { alcove: [], chromium: [] };
  const once = async (side, count) => {
    const result = await measure(options, side, count).catch((error) =>
      ({ count, live: 0, age: null, error: error.message.split('\n')[0] }));
    readings[side].push(result);
    options.say(`wall, ${side}: ${JSON.stringify(result)}`);
    return holds(result);
  };
  let sides = ['alcove', 'chromium'];
  for (const count of options.posts) {
    for (const side of sides) {
      // One failure may be the machine's; two of three are not.
      if (await once(side, count) || await once(side, count) && await once(side, count))
        most[side] = count;
    }
    sides = sides.filter((side) => most[side] === count);
  }
  const end = Math.max(...options.posts);
  return { measure: `posts of 640×360 at ${POST_FPS} fps with a frame age ≤ ${MAX_AGE_MS} ms (95 %)`,
    alcove: most.alcove, chromium: most.chromium, unit: '', atLeast: WANTED_POSTS, more: true,
    ...most.alcove === end ? { note: `more than ${end} were not tried` } : {}, readings };
}

const MINUTE = 60;
const GUEST_SECONDS = 10;
const RESIDENTS = 3;

/** Somebody comes and goes all the time; whether memory grows by it. */
async function joinsAndLeaves(options) {
  const scene = new Scene(options.content);
  try {
    const { content } = options;
    await scene.server();
    await scene.farEnds(RESIDENTS);
    const screen = await scene.screen();
    const program = scene.window(screen, ['--protocol', 'skyrtc', '--server',
      scene.serverUrl, '--room', 'alcove', '--name', 'Lin', '--video', `file:${content.camera}`,
      '--audio', `file:${content.voice}`, '--playout', 'none']);
    await screen.fill(await screen.windowOf(program));
    const points = [];
    const begin = performance.now();
    let guests = 0;
    for (;;) {
      const guest = scene.headless(`guest ${guests}`, { video: 'test:5', audio: 'test:440',
        args: ['--no-receive'] });
      await guest.event('connected', (event) => event.peer !== null, { timeout: 60_000 });
      await pause(GUEST_SECONDS);
      guest.command({ command: 'leave' });
      await guest.end();
      guests++;
      await pause(1);
      const seconds = (performance.now() - begin) / 1000;
      points.push([seconds / MINUTE, anonymousMemory(program.pid) / MIB,
        memory(program.pid) / MIB]);
      if (seconds >= options.longMinutes * MINUTE)
        break;
    }
    // What is fetched once and kept is no growth: the first quarter is left out.
    const later = points.filter(([minute]) => minute >= options.longMinutes / 4);
    return { guests, points, ...isFlat(later) };
  } finally {
    await scene.end();
  }
}

/** Of Alcove alone: nothing is asked of how it compares, and half an hour is long. */
export async function longRow(options) {
  const reading = await joinsAndLeaves(options);
  const { guests, slope, error, growth, flat } = reading;
  options.say(`joins and leaves: ${guests} guests, ${slope?.toFixed(3)} MiB/min, `
    + `standard error of the growth ${error?.toFixed(2)} MiB`);
  return { measure: `allocated memory over ${options.longMinutes} min with ${guests} guests, growth`,
    alcove: growth, unit: 'MiB', extra: { text: 'flat within noise', holds: flat },
    note: `standard error ${figure(error, 'MiB')}`, readings: { alcove: reading } };
}
