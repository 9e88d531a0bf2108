// SPDX-License-Identifier: GPL-3.0-or-later
//
// A server behind a proxy that speaks TLS with a certificate nobody has signed: refused
// with a reason, and let in by its fingerprint alone.

import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import test from 'node:test';
import { createServer } from 'node:tls';

import { CAST, Stage, joined, leaves, sourceDir } from '../harness/alcove.mjs';

const [mei, ada] = CAST;

const load = (name) => readFileSync(join(sourceDir, 'tests/data/tls', name));
const fingerprintOf = (name) => new X509Certificate(load(name)).fingerprint256;

/** TLS in front of `port`; resolves with its own port. */
function proxy(stage, port, certificate) {
  const sockets = new Set();
  const server = createServer({ key: load(certificate), cert: load(certificate) }, (outer) => {
    const inner = connect(port, '127.0.0.1');
    for (const socket of [outer, inner]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => { outer.destroy(); inner.destroy(); });
    }
    outer.pipe(inner).pipe(outer);
  });
  server.on('tlsClientError', () => {});
  stage.cleanup(() => new Promise((done) => {
    server.close(done);
    for (const socket of sockets)
      socket.destroy();
  }));
  return new Promise((done, failed) => {
    server.on('error', failed);
    server.listen(0, '127.0.0.1', () => done(server.address().port));
  });
}

for (const certificate of ['self-signed.pem', 'wrong-name.pem', 'expired.pem']) {
  test(certificate, async (t) => {
    const stage = new Stage(t);
    const server = await stage.server();
    const url = `wss://127.0.0.1:${await proxy(stage, server.port, certificate)}/`;
    const fingerprint = fingerprintOf(certificate);

    const refused = stage.headless(mei, url);
    assert.deepEqual(await refused.end(), { code: 1, signal: null });
    const error = await refused.event('error', {}, { mayEnd: true });
    assert.equal(error.code, 'tls');
    assert.ok(refused.errors.some((line) => line.includes(fingerprint)),
      'it tells the fingerprint');

    const mistaken = stage.headless(mei, url,
      { args: ['--accept-certificate', fingerprintOf('renewed.pem')] });
    assert.deepEqual(await mistaken.end(), { code: 1, signal: null });

    const inside = stage.headless(mei, url, { args: ['--accept-certificate', fingerprint] });
    await joined(inside);
    const other = stage.headless(ada, server.url);
    const id = await joined(other);
    await inside.event('connected', { peer: id });
    await leaves(other);
    await leaves(inside);
  });
}

test('no fingerprint', async (t) => {
  const program = new Stage(t).headless(mei, 'wss://127.0.0.1:1/',
    { args: ['--accept-certificate', 'trust me'] });
  assert.deepEqual(await program.end(), { code: 2, signal: null });
  assert.ok(program.errors.length > 0, 'it says why');
});
