// SPDX-License-Identifier: GPL-3.0-or-later
//
// Starts the programs of this folder and reads their JSON Lines.

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'ws';

const DEADLINE = 20_000;

const started = new Set();

// Ends what a test that failed has left behind.
export function cleanUp() {
  for (const end of started)
    end();
  started.clear();
}

export class Program {
  constructor(command, args) {
    this.lines = [];
    this.waiters = [];
    this.ended = false;
    this.child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    createInterface({ input: this.child.stdout }).on('line', (line) => {
      this.lines.push(line);
      this.wake();
    });
    started.add(() => this.child.kill('SIGKILL'));
    this.exit = new Promise((resolve) => this.child.once('close', (status) => {
      this.ended = true;
      this.wake();
      resolve(status);
    }));
  }

  wake() {
    for (const waiter of this.waiters.splice(0))
      waiter();
  }

  // The first line for which `match` gives something.
  async find(match) {
    const deadline = setTimeout(() => this.child.kill(), DEADLINE);

    try {
      for (let i = 0; ; i++) {
        while (i >= this.lines.length) {
          if (this.ended)
            throw new Error('the program ended without the line that was waited for');
          await new Promise((resolve) => this.waiters.push(resolve));
        }
        const found = match(this.lines[i]);
        if (found)
          return found;
      }
    } finally {
      clearTimeout(deadline);
    }
  }

  events() {
    return this.lines.map((line) => JSON.parse(line));
  }
}

export function script(name, ...args) {
  return new Program(process.execPath,
    [fileURLToPath(new URL(name, import.meta.url)), ...args]);
}

export async function listening(program) {
  return program.find((line) => line.startsWith('{') && JSON.parse(line).event === 'listening'
    && JSON.parse(line).port);
}

// A well-behaved client: messages in a queue, taken one by one.
export class Client {
  constructor(url, options) {
    this.queue = [];
    this.waiters = [];
    this.code = undefined;
    this.socket = new WebSocket(url, options);
    started.add(() => this.socket.terminate());
    this.opened = new Promise((resolve, reject) => {
      this.socket.once('open', resolve);
      this.socket.once('error', reject);
    });
    this.socket.on('message', (data) => {
      this.queue.push(JSON.parse(data));
      this.waiters.shift()?.();
    });
    this.socket.on('error', () => {});
    this.closed = new Promise((resolve) => this.socket.once('close', (code) => {
      this.ended = true;
      this.waiters.splice(0).forEach((waiter) => waiter());
      resolve(code);
    }));
  }

  send(eventName, data) {
    this.socket.send(JSON.stringify({ eventName, data }));
  }

  async take() {
    while (this.queue.length === 0) {
      if (this.ended)
        throw new Error('the connection ended before the message that was waited for');
      await new Promise((resolve) => this.waiters.push(resolve));
    }
    return this.queue.shift();
  }

  // The data of the next message of that name, and, if given, about that id.
  async takeNamed(name, id) {
    for (;;) {
      const message = await this.take();
      if (message.eventName === name && (id === undefined || message.data.socketId === id))
        return message.data;
    }
  }
}
