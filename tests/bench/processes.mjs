// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a process and all that it started cost, by /proc.

import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

let ticksPerSecond = null;

function hertz() {
  ticksPerSecond ??= Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
  return ticksPerSecond;
}

function read(path) {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    // It ended meanwhile, or is not ours.
    return null;
  }
}

/** A line of /proc/PID/stat; the name of the program may have blanks and brackets in it. */
export function parseStat(text) {
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  if (open < 0 || close < open)
    return null;
  const fields = text.slice(close + 1).trim().split(/\s+/);
  const at = (number) => Number(fields[number - 3]);
  return {
    pid: Number(text.slice(0, open)),
    name: text.slice(open + 1, close),
    parent: at(4),
    // its own, and of those of its children that have ended and were waited for
    ticks: at(14) + at(15) + at(16) + at(17),
    ended: fields[0] === 'Z' || fields[0] === 'X',
  };
}

/** Those in `processes` that `root` started, and theirs, with itself. */
export function descendants(processes, root) {
  const children = new Map();
  for (const process of processes) {
    if (!children.has(process.parent))
      children.set(process.parent, []);
    children.get(process.parent).push(process);
  }
  const found = processes.filter(({ pid }) => pid === root);
  for (const process of found)
    found.push(...children.get(process.pid) ?? []);
  return found;
}

/** The proportional set size in bytes of the text of smaps_rollup; null without one. */
export function parsePss(text) {
  const match = /^Pss:\s+(\d+) kB$/m.exec(text);
  return match ? Number(match[1]) * 1024 : null;
}

/** What of it is of no file, in bytes; null without one. */
export function parseAnonymous(text) {
  const match = /^Anonymous:\s+(\d+) kB$/m.exec(text);
  return match ? Number(match[1]) * 1024 : null;
}

/** The machine's ticks by the first line of /proc/stat: `{busy, total}`. */
export function parseMachine(text) {
  const [user, nice, system, idle, wait, irq, softirq, steal] = text.split('\n')[0].trim()
    .split(/\s+/).slice(1).map(Number);
  const busy = user + nice + system + irq + softirq + (steal ?? 0);
  return { busy, total: busy + idle + wait };
}

export function all() {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name))
    .map((pid) => read(`/proc/${pid}/stat`)).filter(Boolean).map(parseStat).filter(Boolean);
}

export function tree(root) {
  return descendants(all(), root);
}

/** CPU seconds that the tree of `root` has used so far. */
export function cpuSeconds(root) {
  return tree(root).reduce((sum, { ticks }) => sum + ticks, 0) / hertz();
}

const rollup = (root, parse) => tree(root).reduce((sum, { pid }) =>
  sum + (parse(read(`/proc/${pid}/smaps_rollup`) ?? '') ?? 0), 0);

/** Proportional set size of the tree of `root` in bytes: pages that are shared count in part. */
export const memory = (root) => rollup(root, parsePss);

/** What the tree of `root` allocated, in bytes: its part of a library depends on who else runs. */
export const anonymousMemory = (root) => rollup(root, parseAnonymous);

export function machineSeconds() {
  const { busy, total } = parseMachine(read('/proc/stat'));
  return { busy: busy / hertz(), total: total / hertz() };
}

/** The first process below `root` whose command line satisfies `fits`. */
export function findBelow(root, fits) {
  return tree(root).map(({ pid }) => pid)
    .find((pid) => fits((read(`/proc/${pid}/cmdline`) ?? '').split('\0'))) ?? null;
}

/** What the machine is, for the head of the table. */
export function machine() {
  const cpu = read('/proc/cpuinfo') ?? '';
  const memoryTotal = /^MemTotal:\s+(\d+) kB/m.exec(read('/proc/meminfo') ?? '');
  const release = read('/etc/os-release') ?? '';
  return {
    cpu: /^model name\s*:\s*(.*)$/m.exec(cpu)?.[1] ?? 'unknown processor',
    cores: (cpu.match(/^processor\s*:/gm) ?? []).length,
    memoryGiB: memoryTotal ? Math.round(memoryTotal[1] / 1024 / 1024) : null,
    system: /^PRETTY_NAME="?([^"\n]*)/m.exec(release)?.[1] ?? 'unknown system',
    kernel: (read('/proc/sys/kernel/osrelease') ?? '').trim(),
  };
}

/**
 * Lines of `perf report --sort dso` as `[{name, percent}]`, the largest first. What is the kernel's
 * is told as one.
 */
export function parseProfile(text) {
  const shares = new Map();
  for (const line of text.split('\n')) {
    const match = /^\s*(\d+(?:\.\d+)?)%\s+(\S.*?)\s*$/.exec(line);
    if (match === null)
      continue;
    const name = match[2].startsWith('[') ? 'kernel'
      : match[2].split('/').at(-1).replace(/\.so[.\d]*$/, '');
    shares.set(name, (shares.get(name) ?? 0) + Number(match[1]));
  }
  return [...shares].map(([name, percent]) => ({ name, percent }))
    .sort((a, b) => b.percent - a.percent);
}

/** Where `pid` spends its time, by the libraries it does so in; or null where perf can't tell. */
export function profile(pid, seconds, folder) {
  const data = join(folder, 'perf.data');
  const run = (...args) => execFileSync('perf', args,
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    run('record', '--freq', '499', '--pid', String(pid), '--output', data,
      '--', 'sleep', String(seconds));
    const found = parseProfile(run('report', '--input', data, '--stdio', '--no-children',
      '--sort', 'dso'));
    return found.length > 0 ? found : null;
  } catch {
    return null;
  }
}
