// SPDX-License-Identifier: GPL-3.0-or-later
//
// bench: Alcove beside Chromium, on one machine and in one run. See build-aux/bench.

import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { fit, judge, table } from './figures.mjs';
import { machine } from './processes.mjs';
import { CHROMIUM, buildDir, sourceDir } from './sides.mjs';
import { KINDS, Load } from './rows-load.mjs';
import { delayRow, joinRow, soundRow, startRow } from './rows-time.mjs';
import { longRow, wallRow } from './rows-wall.mjs';

const ROWS = ['cpu', 'window', 'slope', 'memory', 'join', 'delay', 'sound', 'start', 'wall', 'gpu',
  'long'];

// Of one core. What reads the screen and this program itself are within it.
const BUSY_PERCENT = 25;

const { values: given } = parseArgs({ options: {
  row: { type: 'string' },
  rounds: { type: 'string' },
  seconds: { type: 'string' },
  peers: { type: 'string' },
  quick: { type: 'boolean', default: false },
  long: { type: 'boolean', default: false },
  minutes: { type: 'string' },
  content: { type: 'string' },
} });

function numbers(name, most = 40) {
  const found = given[name].split(',').map(Number);
  if (found.some((value) => !Number.isInteger(value) || value < 1 || value > most)) {
    process.stderr.write(`--${name}: whole numbers from 1 to ${most}, not "${given[name]}"\n`);
    process.exit(2);
  }
  return found;
}

function number(name, most, otherwise) {
  return given[name] === undefined ? otherwise : numbers(name, most)[0];
}

const options = {
  rounds: number('rounds', 100, given.quick ? 1 : 5),
  // of one reading, after the warm-up
  seconds: number('seconds', 600, given.quick ? 4 : 15),
  warmUp: given.quick ? 2 : 8,
  peers: given.peers ? numbers('peers') : given.quick ? [1, 3] : [1, 2, 3, 6, 12],
  posts: given.quick ? [4, 9] : [4, 8, 12, 16, 20, 25, 30, 36],
  longMinutes: number('minutes', 1440, given.quick ? 2 : 30),
  content: {
    camera: join(given.content, 'camera.y4m'),
    voice: join(given.content, 'voice.wav'),
    delta: join(given.content, 'far.webm'),
    keys: join(given.content, 'far-keys.webm'),
    farSound: join(given.content, 'far-sound.webm'),
  },
  say: (text) => process.stderr.write(`${text}\n`),
};

const chosen = (given.row?.split(',') ?? ROWS.filter((name) => name !== 'long'))
  .concat(given.long ? ['long'] : []);
for (const name of chosen) {
  if (!ROWS.includes(name)) {
    process.stderr.write(`There is no row "${name}". There are: ${ROWS.join(', ')}\n`);
    process.exit(2);
  }
}
const has = (name) => chosen.includes(name);

function commit() {
  try {
    return execFileSync('git', ['-C', sourceDir, 'describe', '--always', '--dirty'],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return null;
  }
}

/** The person's own screen, with a GPU behind it; a screen in memory has none. */
function gpu() {
  const nodes = existsSync('/dev/dri')
    ? readdirSync('/dev/dri').filter((name) => name.startsWith('renderD')) : [];
  if (nodes.length === 0)
    return { why: 'there is no GPU here (no /dev/dri/renderD*)' };
  const display = process.env.ALCOVE_BENCH_DISPLAY;
  if (!display)
    return { why: 'there is no screen of a person here, and one in memory uses no GPU' };
  return { display };
}

const browser = CHROMIUM === null ? null : execFileSync(CHROMIUM, ['--version'],
  { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim().split('\n')[0];
const head = { date: new Date().toISOString(), machine: machine(), browser, commit: commit(),
  buildType: process.env.ALCOVE_BENCH_BUILD ?? null, quick: given.quick, rounds: options.rounds,
  secondsPerReading: options.seconds, warmUpSeconds: options.warmUp };

// The figures that are held against something are those at six peers, or the nearest to it.
const six = options.peers.includes(6) ? 6 : Math.max(...options.peers);
options.profiled = six;

const load = new Load(options);
const rows = [];

/** Adds rows; one that fails says so, and the others go on. */
async function add(measure, make) {
  try {
    rows.push(...[await make()].flat());
  } catch (error) {
    options.say(`${measure}: ${error.stack}`);
    rows.push({ measure, why: error.message.split('\n')[0] });
  }
}

for (const count of options.peers) {
  if (has('cpu') || has('memory') || has('slope'))
    await load.measure('headless', count, options.say).catch((error) =>
      options.say(`no window, ${count}: ${error.stack}`));
}
for (const count of options.peers) {
  if (has('window'))
    await load.measure('window', count, options.say).catch((error) =>
      options.say(`window, ${count}: ${error.stack}`));
}

if (has('cpu'))
  for (const count of options.peers)
    await add(`CPU, no window, N = ${count}`, () => load.cpuRow('headless', count,
      options.peers, count === six ? 0.35 : undefined));
if (has('window'))
  for (const count of options.peers)
    await add(`CPU, window, N = ${count}`, () => load.cpuRow('window', count,
      options.peers, count === six ? 0.6 : undefined));
if (has('slope'))
  await add('one more peer', () => load.slopeRow('headless', options.peers, 0.35));
if (has('memory'))
  for (const count of options.peers)
    await add(`memory, N = ${count}`, () => load.memoryRow('headless', count,
      count === six ? 0.3 : undefined));
if (has('window') && has('memory'))
  for (const count of options.peers)
    await add(`memory with a window, N = ${count}`, () => load.memoryRow('window', count));
if (has('gpu')) {
  const { why, display } = gpu();
  const measure = `CPU, window, GPU, N = ${six}`;
  if (why)
    rows.push({ measure, why });
  else
    await add(measure, async () => {
      options.gpuDisplay = display;
      await load.measure('gpu', six, options.say);
      return load.cpuRow('gpu', six, [six]);
    });
}
if (has('join'))
  await add('join → first remote frame', () => joinRow(options));
if (has('delay'))
  await add('picture delay', () => delayRow(options));
if (has('sound'))
  await add('sound delay', () => soundRow(options));
if (has('start'))
  await add('window start', () => startRow(options));
if (has('wall'))
  await add('wall', () => wallRow(options));
if (has('long'))
  await add('joins and leaves', () => longRow(options));

const { cpu, cores, memoryGiB, system, kernel } = head.machine;
const lines = [
  `${head.date.slice(0, 10)}, ${cores} × ${cpu}, ${memoryGiB} GiB, ${system}, Linux ${kernel}`,
  `Alcove ${head.commit ?? ''}, ${head.buildType ?? 'build type unknown'}; ${browser ?? 'no browser'}; `
    + `${options.rounds} rounds of ${options.seconds} s after ${options.warmUp} s; medians`,
  '',
  table(rows),
];
for (const kind of Object.keys(KINDS)) {
  const row = rows.find(({ measure }) => measure === `CPU of a core, ${KINDS[kind]}, N = ${six}`);
  if (row !== undefined && judge(row).reached !== 'reached')
    lines.push('', `Where Alcove's time goes, ${KINDS[kind]}, N = ${six}: `
      + `${load.whereTimeGoes(kind, six)}`);
}
const strangers = load.worstStrangers();
if (strangers !== null && strangers > BUSY_PERCENT)
  lines.push('', `The machine had other things to do meanwhile, up to ${Math.round(strangers)} % of a core: `
    + 'these figures are not worth keeping.');
console.log(lines.join('\n'));

const folder = process.env.ALCOVE_BENCH_RESULTS ?? join(buildDir, 'bench');
mkdirSync(folder, { recursive: true });
const text = `${JSON.stringify({ ...head, rows: rows.map(judge), load: load.results,
  strangersPercent: strangers }, null, 2)}\n`;
const path = join(folder, `bench-${head.date.replaceAll(/[:.]/g, '-')}.json`);
writeFileSync(path, text);
writeFileSync(join(folder, 'latest.json'), text);
console.log(`\n${path}`);
process.exit(0);
