// SPDX-License-Identifier: GPL-3.0-or-later

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { between, parseTicks, ticks } from './machine.mjs';

test('ticks', () => {
  assert.deepEqual(parseTicks('cpu  10 1 5 100 4 2 3 7 0 0\ncpu0 1\n'),
    { idle: 104, stolen: 7, all: 132 });
  assert.deepEqual(parseTicks('cpu 10 1 5 100 4 2 3\n'), { idle: 104, stolen: 0, all: 125 });
  assert.ok(ticks().all > 0);
});

test('whether a machine was in time', () => {
  const before = { idle: 100, stolen: 10, all: 1000 };
  const after = (idle, stolen) => ({ idle: 100 + idle, stolen: 10 + stolen, all: 2000 });
  assert.deepEqual(between(before, after(500, 0)), { stolen: 0, idle: 50, inTime: true });
  assert.equal(between(before, after(500, 30)).inTime, false);
  assert.equal(between(before, after(50, 0)).inTime, false);
  assert.equal(between(before, before).inTime, false);
});
