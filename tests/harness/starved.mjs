// SPDX-License-Identifier: GPL-3.0-or-later
//
// A group of processes that gets less of the processor than it wants (control groups of Linux,
// version 1 or 2).

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

// A slow machine is slow all the time. With the usual period of 100 ms it would be a fast one that
// stands still for most of each tenth of a second.
const PERIOD_US = 10_000;

// What the suites say where something could not be judged.
const SKIPPED = 77;

// The kernel takes no less.
const LEAST_QUOTA_US = 1_000;

const V1 = {
  isMount: ({ type, options }) => type === 'cgroup' && options.includes('cpu'),
  isOurs: ({ controllers }) => controllers.includes('cpu'),
  has: (folder) => existsSync(join(folder, 'cpu.cfs_quota_us')),
  set: (folder, quota, period) => {
    writeFileSync(join(folder, 'cpu.cfs_period_us'), String(period));
    writeFileSync(join(folder, 'cpu.cfs_quota_us'), String(quota ?? -1));
  },
};

const V2 = {
  isMount: ({ type }) => type === 'cgroup2',
  isOurs: ({ number }) => number === '0',
  has: (folder) => existsSync(join(folder, 'cpu.max')),
  set: (folder, quota, period) =>
    writeFileSync(join(folder, 'cpu.max'), `${quota ?? 'max'} ${period}`),
};

const readRows = (path) => readFileSync(path, 'utf8').split('\n').filter(Boolean);

/** The folders above which a group could be made, from our own one up. */
function* findParents(version) {
  const mount = readRows('/proc/self/mounts').map((row) => row.split(' '))
    .map(([, folder, type, options]) => ({ folder, type, options: options.split(',') }))
    .find(version.isMount);
  const own = readRows('/proc/self/cgroup').map((row) => /^(\d+):([^:]*):(.*)$/.exec(row))
    .map(([, number, controllers, path]) => ({ number, controllers: controllers.split(','), path }))
    .find(version.isOurs);
  if (mount === undefined || own === undefined)
    return;
  for (let path = normalize(own.path); ; path = dirname(path)) {
    yield { folder: join(mount.folder, path), own: join(mount.folder, own.path) };
    if (path === '/' || path === '.')
      return;
  }
}

/** How much of one processor a process used so far, in seconds. */
export function usedBy(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

// Of setting all threads of a program, of which one may end meanwhile.
const MOST_TRIES = 20;

function keepTo(pid, processors) {
  for (let n = 1; ; n++) {
    try {
      execFileSync('taskset', ['--all-tasks', '--cpu-list', '--pid', processors, pid],
        { stdio: 'ignore' });
      return;
    } catch (error) {
      if (n === MOST_TRIES)
        throw error;
    }
  }
}

/** A slow machine has one processor: within a quota two would wait for each other. */
export function keepToOne(pid) {
  const [, allowed] = /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync('/proc/self/status', 'utf8'));
  keepTo(pid, /\d+$/.exec(allowed)[0]);
  return () => keepTo(pid, allowed);
}

/** The steps that a program told of what it makes cheaper, `Encoding` or `Drawing`, in order. */
export function steps(program, what) {
  const pattern = new RegExp(`${what}: step (\\d) of \\d`);
  return program.errors.map((line) => pattern.exec(line)).filter(Boolean)
    .map(([, step]) => Number(step));
}

export class Group {
  constructor(version, folder, own) {
    Object.assign(this, { version, folder, own, pids: [] });
  }

  /** A group of the test's own, or why there can be none. */
  static make() {
    const reasons = [];
    for (const version of [V1, V2]) {
      for (const { folder: parent, own } of findParents(version)) {
        const folder = join(parent, `alcove-test-${process.pid}`);
        try {
          mkdirSync(folder);
        } catch (error) {
          reasons.push(error.message);
          continue;
        }
        if (version.has(folder))
          return { group: new Group(version, folder, own) };
        reasons.push(`${folder} has no quota`);
        rmdirSync(folder);
      }
    }
    return { why: reasons.join('; ') || 'there are no control groups' };
  }

  /** Likewise, until the end of the test; without one the suite is skipped, and says why. */
  static forTest(stage, t) {
    const { group, why } = Group.make();
    if (group !== undefined) {
      stage.cleanup(() => group.remove());
      return group;
    }
    console.log(`No group of processes can be bounded here: ${why}`);
    process.exitCode = SKIPPED;
    t.skip(why);
    return null;
  }

  add(pid) {
    writeFileSync(join(this.folder, 'cgroup.procs'), String(pid));
    this.pids.push(pid);
  }

  /** So much of one processor, such as 0.3; as much as there is without. */
  limit(share) {
    if (share === undefined) {
      this.version.set(this.folder, undefined, PERIOD_US);
      return;
    }
    const period = Math.max(PERIOD_US, Math.ceil(LEAST_QUOTA_US / share));
    this.version.set(this.folder, Math.round(share * period), period);
  }

  remove() {
    this.limit();
    for (const pid of this.pids)
      if (existsSync(`/proc/${pid}`))
        writeFileSync(join(this.own, 'cgroup.procs'), String(pid));
    rmdirSync(this.folder);
  }
}
