// SPDX-License-Identifier: GPL-3.0-or-later
//
// Child processes of a test, and waiting for what they say.
//
// Everything a child prints is kept, so that a test can ask for something that
// already happened, and a wait that fails can tell what was seen instead.

import { spawn } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { createInterface } from 'node:readline';

// Far more than anything takes on a slow machine: a wait ends early when what
// it waits for happens, or when it can no longer happen.
export const PATIENCE = 120_000;

const KEPT_LINES = 40;

export class Program {
  /**
   * @param {string} command path of the program
   * @param {string[]} args
   * @param {{label?: string, env?: object, cwd?: string}} options `label` names it in
   *   messages; `env` is added to our own environment
   */
  constructor(command, args, { label = command.split('/').pop(), env = {}, cwd } = {}) {
    this.label = label;
    this.lines = [];
    this.events = [];
    this.errors = [];
    this.exitStatus = null;
    this.started = performance.now();
    this.bus = new EventEmitter();
    this.bus.setMaxListeners(0);
    this.child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.child.stdin.on('error', () => {});
    this.exited = new Promise((resolve) => {
      this.child.on('error', (error) => {
        this.errors.push(String(error));
        this.#ended({ code: null, signal: null, error }, resolve);
      });
      // "close" comes after the last line of output, "exit" may come before it.
      this.child.on('close', (code, signal) => this.#ended({ code, signal }, resolve));
    });
    createInterface({ input: this.child.stdout }).on('line', (line) => this.#line(line));
    createInterface({ input: this.child.stderr }).on('line', (line) => {
      this.errors.push(line);
      this.bus.emit('change');
    });
  }

  get pid() {
    return this.child.pid;
  }

  #ended(status, resolve) {
    if (this.exitStatus !== null)
      return;
    this.exitStatus = status;
    this.bus.emit('change');
    resolve(status);
  }

  #line(line) {
    this.lines.push(line);
    let event = null;
    try {
      event = JSON.parse(line);
    } catch {
      // Not every program speaks JSON.
    }
    if (event !== null && typeof event === 'object') {
      event.seen = performance.now() - this.started;
      this.events.push(event);
    }
    this.bus.emit('change');
  }

  /** What was seen, for a message. */
  report() {
    const tail = (lines) => lines.slice(-KEPT_LINES).map((line) => `    ${line}`).join('\n');
    return `${this.label} (pid ${this.pid}, ${this.exitStatus === null
      ? 'running' : `ended ${JSON.stringify(this.exitStatus)}`})\n`
      + `  output:\n${tail(this.lines)}\n  errors:\n${tail(this.errors)}`;
  }

  /**
   * Waits until `look ()` returns something other than undefined, false or null.
   * Fails when the program ends without it, or after `timeout` milliseconds.
   */
  until(what, look, { timeout = PATIENCE, mayEnd = false } = {}) {
    return new Promise((resolve, reject) => {
      let timer = null;
      const done = (settle, value) => {
        clearTimeout(timer);
        this.bus.off('change', check);
        settle(value);
      };
      const check = () => {
        let found;
        try {
          found = look();
        } catch (error) {
          done(reject, error);
          return;
        }
        if (found !== undefined && found !== false && found !== null)
          done(resolve, found);
        else if (this.exitStatus !== null && !mayEnd)
          done(reject, new Error(`ended before ${what}:\n${this.report()}`));
      };
      timer = setTimeout(
        () => done(reject, new Error(`no ${what} in ${timeout} ms:\n${this.report()}`)), timeout);
      this.bus.on('change', check);
      check();
    });
  }

  /** Waits for a line of standard output that matches. */
  line(pattern, options) {
    return this.until(`line ${pattern}`, () => {
      for (const line of this.lines) {
        const match = pattern.exec(line);
        if (match)
          return match;
      }
      return null;
    }, options);
  }

  /** How many events came so far: a place for `event (…, { since })`. */
  get mark() {
    return this.events.length;
  }

  /**
   * Waits for an event by name, and by the members given or a predicate.
   * `since` skips the events before that `mark`.
   */
  event(name, wanted = {}, { since = 0, ...options } = {}) {
    const fits = typeof wanted === 'function'
      ? wanted
      : (event) => Object.entries(wanted).every(([key, value]) => event[key] === value);
    const what = `event ${name} ${typeof wanted === 'function' ? wanted : JSON.stringify(wanted)}`;
    return this.until(what,
      () => this.events.slice(since).find((event) => event.event === name && fits(event)), options);
  }

  has(name, wanted = {}, since = 0) {
    return this.events.slice(since).some((event) => event.event === name
      && Object.entries(wanted).every(([key, value]) => event[key] === value));
  }

  /** Sends one JSON object as a line of standard input. */
  command(object) {
    this.child.stdin.write(`${JSON.stringify(object)}\n`);
  }

  signal(name) {
    if (this.exitStatus === null)
      this.child.kill(name);
  }

  /** Waits for the end, whatever it was. */
  end(timeout = PATIENCE) {
    return this.until('end', () => this.exitStatus, { timeout, mayEnd: true });
  }

  /** Ends it by force; for the clean-up of a test. */
  async kill() {
    if (this.exitStatus === null) {
      this.child.kill('SIGCONT');
      this.child.kill('SIGKILL');
    }
    await this.exited;
  }
}
