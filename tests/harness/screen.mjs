// SPDX-License-Identifier: GPL-3.0-or-later
//
// The screen of the suite's own display: what is on it, and keys.

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { buildDir, sourceDir } from './alcove.mjs';
import { PATIENCE } from './program.mjs';

const run = promisify(execFile);

/** Width and height of the screen. */
export async function screenSize() {
  const { stdout } = await run('xdotool', ['getdisplaygeometry']);
  return stdout.trim().split(/\s+/).map(Number);
}

/** The marks of test pictures on the screen now: `[{picture, counter, x, y, cell}]`. */
export async function marks() {
  const [width, height] = await screenSize();
  const reader = spawn('python3', [join(sourceDir, 'tests/harness/read-marks.py'),
    String(width), String(height)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const shot = spawn('import', ['-window', 'root', '-depth', '8', 'gray:-'],
    { stdio: ['ignore', 'pipe', 'inherit'] });
  shot.stdout.pipe(reader.stdin);
  let text = '';
  reader.stdout.on('data', (data) => {
    text += data;
  });
  const [code] = await once(reader, 'close');
  if (code !== 0)
    throw new Error('no screenshot could be read');
  return text.split('\n').filter(Boolean).map((line) => {
    const [picture, counter, x, y, cell] = line.split(' ').map(Number);
    return { picture, counter, x, y, cell };
  });
}

/** Keeps a picture of the screen for a person to look at, in `_build/check`. */
export async function keepScreen(name) {
  const folder = join(buildDir, 'check');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name}.png`);
  await run('import', ['-window', 'root', path]);
  console.log(`screenshot: ${path}`);
  return path;
}

/** Looks again and again until `fits (marks)`; each look takes as long as a screenshot does. */
export async function untilScreen(what, fits, program) {
  const limit = performance.now() + PATIENCE;
  for (;;) {
    const seen = await marks();
    if (fits(seen))
      return seen;
    if (performance.now() > limit || program.exitStatus !== null) {
      await keepScreen('failed-screen');
      throw new Error(`not on the screen: ${what}; there was ${JSON.stringify(seen)}\n`
        + program.report());
    }
  }
}

const numbers = (seen) => [...new Set(seen.map(({ picture }) => picture))].sort((a, b) => a - b);

/** Exactly these pictures are on the screen, each in one tile, and each of them moves. */
export async function live(pictures, program, { others = [] } = {}) {
  const right = (seen) => {
    const shown = seen.filter(({ picture }) => !others.includes(picture));
    return shown.length === pictures.length
      && JSON.stringify(numbers(shown)) === JSON.stringify([...pictures].sort((a, b) => a - b));
  };
  const before = await untilScreen(`the pictures ${pictures}`, right, program);
  const counter = (seen, picture) => seen.find((mark) => mark.picture === picture)?.counter;
  return untilScreen(`the pictures ${pictures}, each moved on`, (seen) => right(seen)
    && pictures.every((picture) => counter(seen, picture) !== counter(before, picture)), program);
}

/** The window of `program`, when it is on the screen. */
export async function windowOf(program) {
  const { stdout } = await run('xdotool', ['search', '--sync', '--onlyvisible', '--limit', '1',
    '--pid', String(program.pid)], { timeout: PATIENCE });
  return stdout.trim().split('\n')[0];
}

export async function pressKey(window, key) {
  await run('xdotool', ['windowfocus', '--sync', window]);
  await run('xdotool', ['key', key]);
}
