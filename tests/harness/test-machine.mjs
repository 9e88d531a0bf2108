// SPDX-License-Identifier: GPL-3.0-or-later

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { between, parseTicks, ticks } from './machine.mjs';

test('ticks', () => {
  assert.deepEqual(parseTicks('cpu  10 1 5 100 4 2 3 7 0 0\ncpu0 1\n'), { stolen: 7, all: 132 });
  assert.deepEqual(parseTicks('cpu 10 1 5 100 4 2 3\n'), { stolen: 0, all: 125 });
  assert.ok(ticks().all > 0);
});

test('whether a machine was in time', () => {
  const before = { stolen: 10, all: 1000 };
  const after = (stolen) => ({ stolen: 10 + stolen, all: 2000 });
  assert.deepEqual(between(before, after(0)), { stolen: 0, inTime: true });
  assert.deepEqual(between(before, after(20)), { stolen: 2, inTime: true });
  assert.deepEqual(between(before, after(30)), { stolen: 3, inTime: false });
  assert.equal(between(before, before).inTime, true);
});
