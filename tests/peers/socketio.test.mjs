// SPDX-License-Identifier: GPL-3.0-or-later
//
// With SOCKETIO_ROOM=path of socketio-room: the embedded server's Socket.IO against the clients of
// the library, versions 2 and 4, over each way they have, and against those that break the rules.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect as dial } from 'node:net';
import test, { afterEach } from 'node:test';
import { WebSocket } from 'ws';
import { Program, cleanUp, listening } from './helpers.mjs';

const PROGRAM = process.env.SOCKETIO_ROOM;
const options = { skip: PROGRAM ? false : 'SOCKETIO_ROOM is not set', timeout: 180_000 };
const opened = new Set();

afterEach(() => {
  for (const end of opened)
    end();
  opened.clear();
  cleanUp();
});

async function serve(...limits) {
  const server = new Program(PROGRAM, limits);
  return { server, port: await listening(server) };
}

// Ends the server and sees that nothing is left in it: it says so by its exit status.
async function end({ server }) {
  server.child.stdin.end();
  assert.equal(await server.exit, 0);
}

const libraries = {
  2: (await import('socket.io-client-2')).default,
  4: (await import('socket.io-client-4')).io,
};
const ways = {
  'polling and upgrade': ['polling', 'websocket'],
  'polling only': ['polling'],
  'websocket only': ['websocket'],
};

// A client of the library, with what it hears in a queue.
class Member {
  constructor(version, url, transports) {
    this.queue = [];
    this.waiters = [];
    this.socket = libraries[version](url, { transports, forceNew: true, reconnection: false });
    this.connected = once(this.socket, 'connect');
    this.disconnected = new Promise((resolve) => this.socket.on('disconnect', resolve));
    opened.add(() => this.socket.disconnect());
    for (const name of ['entered', 'said', 'gone', 'drop'])
      this.socket.on(name, (value) => {
        this.queue.push([name, value]);
        this.waiters.splice(0).forEach((wake) => wake());
      });
  }

  get engine() {
    return this.socket.io.engine;
  }

  async take() {
    while (this.queue.length === 0)
      await new Promise((resolve) => this.waiters.push(resolve));
    return this.queue.shift();
  }

  async hear(name, value) {
    assert.deepEqual(await this.take(), [name, value]);
  }

  async upgraded() {
    while (this.engine.transport.name !== 'websocket')
      await once(this.engine, 'upgrade');
  }
}

for (const version of [2, 4])
  for (const [way, transports] of Object.entries(ways))
    for (const namespace of ['/', '/socket.io'])
      test(`socket.io-client ${version}, ${way}, namespace ${namespace}`, options, async () => {
        const house = await serve();
        const url = `http://127.0.0.1:${house.port}${namespace}`;
        const a = new Member(version, url, transports);
        await a.connected;
        const sid = a.engine.id;
        assert.match(sid, /^[\w-]{20}$/);
        if (version === 4)
          assert.equal(a.socket.id, sid);
        if (transports.length > 1)
          await a.upgraded();
        assert.equal(a.engine.transport.name, transports.at(-1));
        a.socket.emit('enter');
        await a.hear('entered', sid);

        const b = new Member(version, url, transports);
        await b.connected;
        const other = b.engine.id;
        // in the midst of its upgrade
        b.socket.emit('enter');
        await b.hear('entered', other);
        await a.hear('entered', other);
        if (transports.length > 1)
          await b.upgraded();

        // characters of one to four bytes; one message over the size of a segment
        for (const text of ['plain', 'ä€😀 聚会', 'x😀'.repeat(50_000)]) {
          a.socket.emit('say', text);
          await b.hear('said', text);
          await a.hear('said', text);
        }
        for (let i = 0; i < 50; i++)
          b.socket.emit('say', `${i}`);
        for (const member of [a, b])
          for (let i = 0; i < 50; i++)
            await member.hear('said', `${i}`);

        // what is binary is passed over, and nothing else with it
        a.socket.emit('say', Buffer.from([1, 2, 3]));
        a.socket.emit('say', 'after');
        await a.hear('said', 'after');
        await b.hear('said', 'after');

        if (version === 4)
          assert.equal(await a.socket.timeout(10_000).emitWithAck('say', 'answer me'), null);

        b.socket.disconnect();
        if (version === 4)
          await a.hear('said', 'answer me');
        await a.hear('gone', other);
        a.socket.disconnect();
        await end(house);
      });

for (const version of [2, 4])
  test(`socket.io-client ${version}: leaves a namespace and enters again with its id`, options, async () => {
    const house = await serve();
    const url = `http://127.0.0.1:${house.port}`;
    const a = new Member(version, `${url}/a`, ['websocket']);
    const b = new Member(version, `${url}/b`, ['websocket']);
    await Promise.all([a.connected, b.connected]);
    const sid = a.engine.id;
    b.socket.emit('enter');
    await b.hear('entered', b.engine.id);
    a.socket.emit('enter');
    await a.hear('entered', sid);
    await b.hear('entered', sid);

    // the namespace alone, and not the connection
    a.socket.packet?.({ type: 1 });
    a.socket.onclose?.('test');
    await b.hear('gone', sid);
    a.connected = once(a.socket, 'connect');
    a.socket.onopen();
    await a.connected;
    assert.equal(a.engine.id, sid);
    a.socket.emit('enter');
    await b.hear('entered', sid);
    await a.hear('entered', sid);
    a.socket.disconnect();
    b.socket.disconnect();
    await end(house);
  });

test('socket.io-client 2: a query of the namespace', options, async () => {
  const house = await serve();
  const a = new Member(2, `http://127.0.0.1:${house.port}/ns?token=1&x=a,b`, ['polling', 'websocket']);
  await a.connected;
  a.socket.emit('enter');
  await a.hear('entered', a.engine.id);
  a.socket.disconnect();
  await end(house);
});

for (const transports of Object.values(ways))
  test(`socket.io-client 4 is thrown out, over ${transports}`, options, async () => {
    const house = await serve();
    const a = new Member(4, `http://127.0.0.1:${house.port}`, transports);
    await a.connected;
    a.socket.emit('enter');
    await a.hear('entered', a.socket.id);
    a.socket.emit('throw');
    await a.disconnected;
    await end(house);
  });

// A client of polling by hand.
class Poller {
  constructor(port, version = 3) {
    this.base = `http://127.0.0.1:${port}/socket.io/?EIO=${version}&transport=polling`;
  }

  async begin() {
    const answer = await this.get();
    // A connection that is not kept must say so, or the next request is sent into its end.
    assert.equal(answer.headers.get('connection'), 'close');
    const text = await answer.text();
    this.sid = JSON.parse(text.slice(text.indexOf('{'), text.indexOf('}') + 1)).sid;
    this.base += `&sid=${this.sid}`;
    return text;
  }

  get(init) {
    return fetch(this.base, init);
  }

  post(body, init) {
    return fetch(this.base, { method: 'POST', body, ...init });
  }

  async enter() {
    assert.equal(await (await this.post('11:42["enter"]')).text(), 'ok');
    assert.equal(await (await this.get()).text(), `36:42["entered","${this.sid}"]`);
  }

  websocket() {
    const socket = new WebSocket(this.base.replace('http', 'ws').replace('polling', 'websocket'));
    socket.messages = [];
    socket.on('message', (data) => socket.messages.push(`${data}`));
    socket.on('error', () => {});
    socket.closed = new Promise((resolve) => socket.on('close', resolve));
    opened.add(() => socket.terminate());
    return socket;
  }
}

// The next message of a WebSocket; undefined once it is over.
async function message(socket) {
  while (socket.messages.length === 0 && socket.readyState <= WebSocket.OPEN)
    await Promise.race(['message', 'close'].map((name) =>
      new Promise((resolve) => socket.once(name, resolve))));
  return socket.messages.shift();
}

async function assertOver(poller) {
  const answer = await poller.post('1:2');
  assert.equal(answer.status, 400);
}

async function watched(run, ...limits) {
  const house = await serve(...limits);
  const witness = new Member(4, `http://127.0.0.1:${house.port}`, ['websocket']);
  await witness.connected;
  witness.socket.emit('enter');
  await witness.hear('entered', witness.socket.id);
  const poller = new Poller(house.port);
  await poller.begin();
  await run(poller, house, witness);
  // whatever was done, the others go on
  witness.queue.length = 0;
  witness.socket.emit('say', 'still here');
  while ((await witness.take())[1] !== 'still here')
    ;
  witness.socket.disconnect();
  await end(house);
}

const hostile = (name, run, ...limits) => test(`hostile: ${name}`, options, () => watched(run, ...limits));

hostile('a session that is not', async (poller, { port }) => {
  const wrong = new Poller(port);
  wrong.base += '&sid=AAAAAAAAAAAAAAAAAAAA';
  for (const answer of [await wrong.get(), await wrong.post('1:2')]) {
    assert.equal(answer.status, 400);
    assert.deepEqual(await answer.json(), { code: 1, message: 'Session ID unknown' });
  }
  const socket = wrong.websocket();
  const [, response] = await once(socket, 'unexpected-response');
  assert.equal(response.statusCode, 400);
});

hostile('requests that make no sense', async (poller, { port }) => {
  const base = `http://127.0.0.1:${port}/socket.io/`;
  const status = async (url, init) => (await fetch(url, init)).status;
  assert.equal(await status(base), 400);
  assert.equal(await status(`${base}?transport=carrier-pigeon`), 400);
  assert.equal(await status(`${base}?EIO=3&transport=websocket`), 400);
  assert.equal(await status(`${base}?EIO=3&transport=polling&j=0`), 400);
  assert.equal(await status(`${base}?EIO=3&transport=polling`, { method: 'POST', body: '1:2' }), 400);
  assert.equal(await status(poller.base, { method: 'DELETE' }), 400);
  assert.equal(await status(`http://127.0.0.1:${port}/elsewhere/`), 404);
  await poller.enter();
});

hostile('garbage', async (poller, house, witness) => {
  await poller.enter();
  await witness.hear('entered', poller.sid);
  for (const body of ['', 'garbage', '99999:2', '-1:2', '1:', '2:', '4:\ud83d', ':', '11111111111111:2',
    Buffer.from([0, 255]), Buffer.from([0, 9, 9, 9, 255, 52]), Buffer.from([255, 254])])
    assert.equal((await poller.post(body)).status, 400);
  for (const packet of ['4', '42', '42{}', '42[]', '42[1]', '42["enter', '42/x,["enter"]', '4:', '9', 'x',
    '45', '451-["say"]', '43', '437[]', '44"no"', '46', '5', '0{}', '42["' + 'n'.repeat(100) + '"]'])
    assert.equal(await (await poller.post(`${packet.length}:${packet}`)).text(), 'ok');
  await poller.post('b4AAAA'.replace(/^/, '6:'));
  await poller.post('15:427["say","ok"]');
  await witness.hear('said', 'ok');
  assert.equal(await (await poller.get()).text(), '15:42["said","ok"]7:437null');
  // patience has an end
  await poller.post('1:x'.repeat(100));
  await witness.hear('gone', poller.sid);
  await assertOver(poller);
});

hostile('a huge body', async (poller, house, witness) => {
  await poller.enter();
  await witness.hear('entered', poller.sid);
  const answer = await poller.post('x'.repeat(200_000));
  assert.equal(answer.status, 413);
  await witness.hear('gone', poller.sid);
  await assertOver(poller);
  // and one without an end
  const next = new Poller(house.port);
  await next.begin();
  const { pathname, search } = new URL(next.base);
  const socket = dial(house.port, '127.0.0.1');
  opened.add(() => socket.destroy());
  socket.on('error', () => {});
  socket.write(`POST ${pathname}${search} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n`);
  const pour = () => {
    while (!socket.destroyed && socket.write(`8000\r\n${'x'.repeat(0x8000)}\r\n`))
      ;
  };
  socket.on('drain', pour);
  socket.resume();
  pour();
  // what the server has not read may keep this end from closing
  await Promise.race(['end', 'close'].map((name) => new Promise((resolve) => socket.on(name, resolve))));
  socket.destroy();
}, 'max_message=100000');

hostile('a body that never comes to its end', async (poller, house) => {
  const { pathname, search } = new URL(poller.base);
  const socket = dial(house.port, '127.0.0.1');
  opened.add(() => socket.destroy());
  socket.write(`POST ${pathname}${search} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n11:42["ent`);
  socket.resume();
  await once(socket, 'close');
}, 'join_timeout=2');

hostile('nobody enters', async (poller) => {
  const answer = await poller.get();
  assert.equal(await answer.text(), '1:1');
  await assertOver(poller);
}, 'join_timeout=2');

hostile('two polls at once', async (poller, house, witness) => {
  await poller.enter();
  await witness.hear('entered', poller.sid);
  const answers = await Promise.all([poller.get(), poller.get()]);
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 400]);
  await witness.hear('gone', poller.sid);
  await assertOver(poller);
});

hostile('a poll that is given up', async (poller, house, witness) => {
  await poller.enter();
  await witness.hear('entered', poller.sid);
  const { pathname, search } = new URL(poller.base);
  const socket = dial(house.port, '127.0.0.1');
  socket.write(`GET ${pathname}${search} HTTP/1.1\r\nHost: x\r\n\r\n`, () => socket.end());
  await witness.hear('gone', poller.sid);
  await assertOver(poller);
});

hostile('a second upgrade', async (poller, house, witness) => {
  await poller.enter();
  await witness.hear('entered', poller.sid);
  const first = poller.websocket();
  await once(first, 'open');
  // not before the probe
  first.send('5');
  first.send('42["say","too early"]');
  first.send('2probe');
  assert.equal(await message(first), '3probe');
  const second = poller.websocket();
  assert.equal(await second.closed, 1008);
  const waiting = poller.get();
  assert.equal(await (await waiting).text(), '1:6');
  witness.socket.emit('say', 'waits');
  await witness.hear('said', 'waits');
  first.send('5');
  assert.equal(await message(first), '42["said","waits"]');
  assert.equal((await poller.get()).status, 400);
  assert.equal((await poller.post('1:2')).status, 400);
  const third = poller.websocket();
  assert.equal(await third.closed, 1008);
  first.send('2x');
  assert.equal(await message(first), '3x');
  first.terminate();
  await witness.hear('gone', poller.sid);
});

hostile('an upgrade that comes to nothing', async (poller, house, witness) => {
  await poller.enter();
  await witness.hear('entered', poller.sid);
  const socket = poller.websocket();
  await once(socket, 'open');
  socket.send('2probe');
  assert.equal(await message(socket), '3probe');
  socket.terminate();
  // the session goes on as it was, and may try again
  for (;;) {
    const again = poller.websocket();
    if (await Promise.race([again.closed, once(again, 'open')]) === 1008)
      continue;
    again.send('2probe');
    // refused as long as the server has not seen the end of the first
    if (await message(again) !== '3probe')
      continue;
    again.send('5');
    again.send('42["say","here"]');
    assert.equal(await message(again), '42["said","here"]');
    await witness.hear('said', 'here');
    again.send('1');
    assert.equal(await message(again), '1');
    break;
  }
  await witness.hear('gone', poller.sid);
});

hostile('who does not fetch what waits', async (poller, house, witness) => {
  await poller.enter();
  await witness.hear('entered', poller.sid);
  await poller.post('17:42["flood",10000]');
  await witness.hear('gone', poller.sid);
});

hostile('too fast', async (poller, house, witness) => {
  await poller.enter();
  await witness.hear('entered', poller.sid);
  await poller.post('1:2'.repeat(1000));
  await witness.hear('gone', poller.sid);
});

hostile('more sessions than there is room for', async (poller, { port }) => {
  const statuses = [];
  for (let i = 0; i < 10; i++)
    statuses.push((await new Poller(port).get()).status);
  assert.ok(statuses.includes(200));
  assert.equal(statuses.at(-1), 503);
}, 'max_connections=8');

test('plain WebSockets and Socket.IO do not hear of each other', options, async () => {
  const house = await serve();
  const plain = new WebSocket(`ws://127.0.0.1:${house.port}/`);
  const event = new WebSocket(`ws://127.0.0.1:${house.port}/socket.io/?EIO=3&transport=websocket`);
  for (const socket of [plain, event]) {
    socket.messages = [];
    socket.on('message', (data) => socket.messages.push(`${data}`));
    opened.add(() => socket.terminate());
  }
  await Promise.all([once(plain, 'open'), once(event, 'open')]);
  assert.match(await message(event), /^0\{"sid":"[\w-]{20}","upgrades":\[\],"pingInterval":25000,"pingTimeout":35000\}$/);
  assert.equal(await message(event), '40');
  plain.send('["enter"]');
  plain.send('42["enter"]');
  event.send('{"eventName":"__join","data":{"room":"r"}}');
  event.send('42["__join"]');
  plain.send('{"eventName":"__join","data":{"room":"r"}}');
  event.send('427["enter"]');
  assert.equal(JSON.parse(await message(plain)).eventName, '_peers');
  assert.match(await message(event), /^42\["entered",/);
  assert.equal(await message(event), '437null');
  event.send('40/x?token=1');
  assert.equal(await message(event), '40/x?token=1');
  assert.equal(await message(event), '40/x');
  event.send('42["say","a"]');
  assert.equal(await message(event), '42/x?token=1,["said","a"]');
  plain.close();
  event.close();
  await end(house);
});

test('pages from elsewhere', options, async () => {
  const house = await serve();
  const url = `http://127.0.0.1:${house.port}/socket.io/?EIO=4&transport=polling`;
  const ask = (method, origin) => fetch(url, { method, headers: { origin } });
  for (const method of ['GET', 'OPTIONS']) {
    const near = await ask(method, 'http://localhost:8080');
    assert.ok(near.ok);
    assert.equal(near.headers.get('access-control-allow-origin'), 'http://localhost:8080');
    assert.equal(near.headers.get('access-control-allow-credentials'), 'true');
    const far = await ask(method, 'https://example.org');
    assert.equal(far.status, 403);
    assert.equal(far.headers.get('access-control-allow-origin'), null);
    assert.match(await far.text(), /may not connect/);
  }
  await end(house);
});

test('the server ends in the midst of polls', options, async () => {
  const house = await serve();
  const poller = new Poller(house.port);
  await poller.begin();
  await poller.enter();
  const waiting = poller.get().then((answer) => answer.text(), () => 'cut');
  const a = new Member(2, `http://127.0.0.1:${house.port}`, ['polling', 'websocket']);
  await a.connected;
  await end(house);
  assert.ok(['cut', '1:1'].includes(await waiting));
  await a.disconnected;
});
