// SPDX-License-Identifier: GPL-3.0-or-later
//
// The test peers themselves, and, with ALCOVE_SERVER=path of alcove-server, that
// server against npm's ws and against the peer that does everything wrong.

import assert from 'node:assert/strict';
import test, { afterEach } from 'node:test';
import { Client, Program, cleanUp, listening, script } from './helpers.mjs';

afterEach(cleanUp);

const spellings = { python: (name) => `__${name}__`, node: (name) => `__${name}` };

async function meet(port, variant, run) {
  const spell = spellings[variant];
  const a = new Client(`ws://127.0.0.1:${port}/ws/a`);
  const b = new Client(`ws://127.0.0.1:${port}/ws/b`);

  await Promise.all([a.opened, b.opened]);
  a.send(spell('join'), { room: 'r' });
  const first = await a.takeNamed('_peers');
  assert.deepEqual(first.connections, []);
  b.send(spell('join'), { room: 'r' });
  const second = await b.takeNamed('_peers');
  assert.deepEqual(second.connections, [first.you]);
  assert.deepEqual(await a.takeNamed('_new_peer'), { socketId: second.you });

  const pair = async () => {
    const sdp = { type: 'offer', sdp: 'v=0\r\n' };
    b.send(spell('offer'), { sdp, socketId: first.you });
    assert.deepEqual(await a.takeNamed('_offer', second.you), { sdp, socketId: second.you });
    a.send(spell('ice_candidate'), { label: 1, candidate: 'c', socketId: second.you });
    const { label, candidate, socketId } = await b.takeNamed('_ice_candidate', first.you);
    assert.deepEqual({ label, candidate, socketId }, { label: 1, candidate: 'c', socketId: first.you });
  };

  await pair();
  await run?.();
  await pair();

  b.socket.terminate();
  await a.takeNamed('_remove_peer', second.you);
  a.socket.close();
  assert.ok([1000, 1005].includes(await a.closed));
}

async function playRaw(port, variant) {
  const raw = script('raw-skyrtc-peer.mjs', '--url', `ws://127.0.0.1:${port}/`, '--room', 'r',
    '--variant', variant);

  raw.child.stdin.end();
  assert.equal(await raw.exit, 0);
  const events = raw.events();
  const steps = events.filter(({ event }) => event === 'step');
  assert.equal(events.at(-1).event, 'done');
  assert.equal(steps.length, events.at(-1).steps);
  // everything was aimed at the pair, and each connection could join
  assert.ok(steps.every(({ targets }) => targets >= 2));
  assert.ok(!events.some(({ event }) => event === 'not-joined'));
  return events;
}

for (const variant of ['python', 'node']) {
  test(`skyrtc-server ${variant}: join, relay, leave, end`, async () => {
    const server = script('skyrtc-server.mjs', '--variant', variant);

    await meet(await listening(server), variant);
    server.child.stdin.end();
    assert.equal(await server.exit, 0);
  });

  test(`raw-skyrtc-peer against skyrtc-server ${variant}`, async () => {
    const server = script('skyrtc-server.mjs', '--variant', variant);
    const port = await listening(server);

    await meet(port, variant, () => playRaw(port, variant));
    server.child.stdin.end();
    assert.equal(await server.exit, 0);
  });
}

test('skyrtc-server python: the other spelling and a foreign origin are refused', async () => {
  const server = script('skyrtc-server.mjs');
  const port = await listening(server);
  const client = new Client(`ws://127.0.0.1:${port}/ws/a`);

  await client.opened;
  client.send('__join', { room: 'r' });
  client.send('__join__', { room: 'r' });
  assert.equal((await client.take()).data.you, 'a');
  assert.equal(client.queue.length, 0);
  await assert.rejects(new Client(`ws://127.0.0.1:${port}/ws/b`, { origin: 'http://example.org' }).opened);
  client.send('__join__', { room: 'r' });
  assert.equal(await client.closed, 1006);
  server.child.stdin.end();
  await server.exit;
});

const alcoveServer = process.env.ALCOVE_SERVER;

test('alcove-server: wrong usage, a port in use', { skip: !alcoveServer }, async () => {
  for (const args of [[], ['--port', 'x'], ['--port', '70000'], ['--port', '0', 'extra'], ['--nonsense']])
    assert.equal(await new Program(alcoveServer, args).exit, 2, args.join(' '));

  const first = new Program(alcoveServer, ['--port', '0']);
  const port = await first.find((line) => /:(\d+)\/$/.exec(line)?.[1]);
  assert.equal(await new Program(alcoveServer, ['--port', port]).exit, 1);
  assert.equal(await new Program(alcoveServer, ['--port', '0', '--listen', '192.0.2.1']).exit, 1);
  first.child.kill('SIGINT');
  assert.equal(await first.exit, 0);
});

for (const variant of ['python', 'node'])
  test(`alcove-server against ws and the raw peer, ${variant}`, { skip: !alcoveServer }, async () => {
    const server = new Program(alcoveServer, ['--port', '0']);
    const port = await server.find((line) => /^listening on ws:\/\/127\.0\.0\.1:(\d+)\/$/.exec(line)?.[1]);

    await meet(port, variant, async () => {
      const events = await playRaw(port, variant);
      const codeAfter = (step) => {
        const at = events.findIndex(({ name }) => name === step);
        const next = events.findIndex(({ event }, i) => i > at && event === 'step');
        return events.slice(at, next).find(({ event }) => event === 'closed')?.code;
      };

      assert.equal(codeAfter('huge-message'), 1009);
      assert.equal(codeAfter('flood'), 1008);
      for (const step of ['malformed-json', 'not-an-object', 'missing-fields', 'wrong-types', 'binary'])
        assert.equal(codeAfter(step), undefined, step);
    });
    server.child.kill('SIGTERM');
    assert.equal(await server.exit, 0);
  });
