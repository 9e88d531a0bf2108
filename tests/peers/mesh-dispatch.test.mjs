// SPDX-License-Identifier: GPL-3.0-or-later
//
// With ALCOVE_SERVER=path of alcove-server: small clients on npm's ws, written from the
// descriptions of the mesh and of the dispatch platform, against that server, all on
// one port and at the same time; and what must be refused.

import assert from 'node:assert/strict';
import test, { afterEach } from 'node:test';
import { Client, Program, cleanUp } from './helpers.mjs';

const skip = !process.env.ALCOVE_SERVER;
const A = 'aaaaaaaa-1111-4111-8111-000000000001';
const B = 'bbbbbbbb-2222-4222-8222-000000000002';

afterEach(cleanUp);

async function start() {
  const server = new Program(process.env.ALCOVE_SERVER, ['--port', '0']);
  const port = await server.find((line) => /:(\d+)\/$/.exec(line)?.[1]);
  return { server, port };
}

async function dial(port, path) {
  const client = new Client(`ws://127.0.0.1:${port}${path}`);

  await client.opened;
  client.say = (message) => client.socket.send(JSON.stringify(message));
  return client;
}

async function mesh(port) {
  const a = await dial(port, `/uid/${A}`);
  assert.deepEqual(await a.take(), { event: 'init', ids: [] });
  const b = await dial(port, `/channel/json/uid/${B}`);
  assert.deepEqual(await b.take(), { event: 'init', ids: [A] });
  assert.deepEqual(await a.take(), { event: 'online', id: B });

  const offer = { event: 'offer', from: A, to: B, data: { type: 'offer', sdp: 'x'.repeat(200000) }, more: [1] };
  a.say(offer);
  assert.deepEqual(await b.take(), offer);
  // a forged sender, malformed input and nobody: nothing happens
  for (const text of ['{"event": ', '[]', 'null', '{}', '{"to":17}', `{"to":"${B}","from":"x"}`, `{"to":"${B.slice(1)}"}`])
    a.socket.send(text);
  const answer = { event: 'answer', from: B, to: A, data: { type: 'answer', sdp: 'v=0' } };
  b.say(answer);
  assert.deepEqual(await a.take(), answer);
  assert.equal(b.queue.length, 0);

  const twin = await dial(port, `/uid/${B}`);
  assert.deepEqual(await twin.take(), { event: 'init', ids: [A] });
  assert.deepEqual(await a.take(), { event: 'online', id: B });
  twin.socket.terminate();
  await twin.closed;
  b.socket.terminate();
  assert.deepEqual(await a.take(), { event: 'offline', id: B });
  a.socket.close();
  await a.closed;
}

async function dispatch(port) {
  const ok = { code: 10000, value: '' };
  const take = async (client) => {
    const { message, ...rest } = await client.take();
    assert.equal(typeof message, 'string');
    return rest;
  };
  const root = await dial(port, '/ws');
  const bob = await dial(port, '/');

  root.say({ code: 2000, value: { room_name: '0915' }, message: '' });
  assert.deepEqual(await take(root), { code: 2000, value: 10000 });
  bob.say({ code: 2001, value: { room_name: '0915', username: 'bob' }, message: '' });
  assert.deepEqual(await take(bob), { code: 2001, value: 10000 });
  bob.say({ code: 2002, value: { sdp: { type: 'offer', sdp: 'v=0' } }, message: '' });
  assert.deepEqual(await take(root), { code: 2002, value: { username: 'bob', sdp: { type: 'offer', sdp: 'v=0' } } });
  assert.deepEqual(await take(bob), ok);
  root.say({ code: 2003, value: { username: 'bob', sdp: { type: 'answer', sdp: 'v=0' } }, message: '' });
  assert.deepEqual(await take(bob), { code: 2003, value: { username: 'root', sdp: { type: 'answer', sdp: 'v=0' } } });
  assert.deepEqual(await take(root), ok);
  // what ends the connection at the original
  for (const text of ['{"code": ', '[]', '42', '{}', '{"code":2005,"value":{"username":"eve","candidate":{}}}']) {
    root.socket.send(text);
    assert.deepEqual(await take(root), { code: 10000, value: -10000 });
  }
  for (const code of [2222, 3001, 3002]) {
    root.say({ code, value: { username: 'bob' }, message: '' });
    assert.deepEqual(await take(bob), { code, value: { username: 'bob' } });
    assert.deepEqual(await take(root), ok);
  }
  const cyd = await dial(port, '/x');
  cyd.say({ code: 2001, value: { room_name: '0915', username: 'cyd' }, message: '' });
  assert.deepEqual(await take(cyd), { code: 2001, value: 10000 });
  cyd.socket.terminate();
  assert.deepEqual(await take(root), { code: 3000, value: { username: 'cyd', lost: true } });
  root.socket.terminate();
  assert.deepEqual(await take(bob), { code: 10001, value: '' });
  bob.say({ code: 2000, value: { room_name: '0915' }, message: '' });
  assert.deepEqual(await take(bob), { code: 2000, value: 10000 });
  bob.socket.close();
  await bob.closed;
}

test('alcove-server: mesh, dispatch and skyrtc on one port', { skip }, async () => {
  const { server, port } = await start();
  const sky = new Client(`ws://127.0.0.1:${port}/`);

  await sky.opened;
  sky.send('__join', { room: 'elsewhere' });
  await sky.takeNamed('_peers');
  await Promise.all([mesh(port), dispatch(port)]);
  // those of other rooms were not announced, whatever they speak
  assert.equal(sky.queue.length, 0);
  sky.socket.close();
  server.child.kill('SIGTERM');
  assert.equal(await server.exit, 0);
});

test('alcove-server: rtcmesh 4, dispatch 2: binary messages with text in them are read', { skip }, async () => {
  const { server, port } = await start();
  const root = await dial(port, '/ws');
  const a = await dial(port, `/uid/${A}`);
  const b = await dial(port, `/uid/${B}`);

  root.socket.send(Buffer.from('{"code":2000,"value":{"room_name":"创建"},"message":""}'));
  assert.equal((await root.take()).value, 10000);
  b.socket.send(Buffer.from([0x7b, 0xff, 0x7d]));
  b.socket.send(Buffer.from(`{"event":"x","to":"${A}","more":"é"}`));
  assert.equal((await a.take()).event, 'init');
  assert.equal((await a.take()).event, 'online');
  assert.deepEqual(await a.take(), { event: 'x', to: A, more: 'é' });
  for (const client of [root, a, b])
    client.socket.close();
  server.child.kill('SIGTERM');
  assert.equal(await server.exit, 0);
});

test('alcove-server: bad ids are refused', { skip }, async () => {
  const { server, port } = await start();

  for (const path of ['/uid/short', `/uid/${A}x`, `/uid/${A}/`, `/uid/${A.slice(1)}!`])
    assert.equal(await (await dial(port, path)).closed, 1008, path);
  server.child.kill('SIGTERM');
  assert.equal(await server.exit, 0);
});
