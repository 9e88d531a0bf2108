// SPDX-License-Identifier: GPL-3.0-or-later
//
// For meson: runs this folder's tests against the alcove-server and the socketio-room that are
// named; exit status 77, which meson reads as skipped, if the packages are not installed.

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

try {
  await import('ws');
} catch {
  console.log('run `npm ci` in tests/peers first');
  process.exit(77);
}

const { status } = spawnSync(process.execPath, ['--test', '--test-reporter=tap', '--test-concurrency=1'], {
  cwd: fileURLToPath(new URL('.', import.meta.url)),
  env: { ...process.env, ALCOVE_SERVER: process.argv[2], SOCKETIO_ROOM: process.argv[3] },
  stdio: 'inherit',
});

process.exit(status ?? 1);
