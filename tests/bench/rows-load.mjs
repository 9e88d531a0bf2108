// SPDX-License-Identifier: GPL-3.0-or-later
//
// CPU and memory in a room that stands.

import { figure, fit, median, spread } from './figures.mjs';
import { cpuSeconds, machineSeconds, memory, profile } from './processes.mjs';
import { Scene, headlessLive, pause, windowLive } from './sides.mjs';

const MIB = 1024 * 1024;
const FPS = 30;
const WIDTH = 640;

// A tile counts as one at 30 fps if it missed no more than one picture in twenty.
const FPS_REACHED = 0.95 * FPS;

const PROFILE_SECONDS = 5;
const PROFILE_SHARES = 8;

/** Frames a second of each peer between two looks at a page. */
function pageRates(before, after, seconds) {
  const old = new Map(before.peers.map((peer) => [peer.id, peer]));
  const rate = (peer, name) => (peer[name] - (old.get(peer.id)?.[name] ?? 0)) / seconds;
  return {
    fpsIn: after.peers.map((peer) => rate(peer, 'decoded')),
    fpsOut: after.peers.map((peer) => rate(peer, 'sent')),
    kbpsOut: after.peers.map((peer) => rate(peer, 'bytesSent') * 8 / 1000),
    kbpsIn: after.peers.map((peer) => rate(peer, 'received') * 8 / 1000),
    widthOut: after.peers.map(({ sentWidth }) => sentWidth),
    limitation: [...new Set(after.peers.map(({ limitation }) => limitation))],
  };
}

/** The same by the statistics that alcove-headless prints. */
function headlessRates(events) {
  const peers = new Map();
  for (const event of events.filter((one) => one.event === 'stats')) {
    if (!peers.has(event.peer))
      peers.set(event.peer, []);
    peers.get(event.peer).push(event);
  }
  const of = (name) => [...peers.values()].map((samples) => median(samples.map((s) => s[name])));
  return { fpsIn: of('fps_in'), fpsOut: of('fps_out'), kbpsOut: of('kbps_out'),
    kbpsIn: of('kbps_in'),
    widthOut: [...peers.values()].map((samples) => Number.parseInt(samples.at(-1).rung, 10)) };
}

/** What a reading of this kind is called in the table. */
export const KINDS = { headless: 'no window', window: '1280×720 window, software',
  gpu: '1280×720 window, GPU' };

export class Load {
  constructor(options) {
    this.options = options;
    this.results = [];
  }

  /** Rounds of both sides by turns, so that a machine that warms up does so to both. */
  async measure(kind, count, say) {
    for (let round = 0; round < this.options.rounds; round++) {
      const sides = round % 2 === 0 ? ['alcove', 'chromium'] : ['chromium', 'alcove'];
      for (const side of sides) {
        const result = await this.#reading(kind, side, count, say);
        this.results.push({ kind, side, count, round, ...result });
        say(`${kind}, ${side}, ${count} peers: ${result.cpu.toFixed(1)} %, `
          + `${(result.memory / MIB).toFixed(0)} MiB, ${(median(result.fpsIn ?? result.shown)
            ?? 0).toFixed(1)} fps in, far ends ${result.farEnds.toFixed(1)} %, `
          + `others ${result.strangers.toFixed(0)} %`);
      }
    }
  }

  /** One that could not be taken is taken once more, and told. */
  async #reading(kind, side, count, say) {
    for (let attempt = 1; ; attempt++) {
      const scene = new Scene(this.options.content);
      try {
        return await this.#once(scene, kind, side, count);
      } catch (error) {
        if (attempt === 2)
          throw error;
        say(`${kind}, ${side}, ${count} peers, once more: ${error.message.split('\n')[0]}`);
      } finally {
        await scene.end();
      }
    }
  }

  async #once(scene, kind, side, count) {
    const { content, seconds, warmUp } = this.options;
    await scene.server();
    const farEnds = await scene.farEnds(count);
    const screen = kind === 'window' ? await scene.screen()
      : kind === 'gpu' ? { env: { DISPLAY: this.options.gpuDisplay } } : null;
    let pid, page, program;
    if (side === 'chromium') {
      page = await scene.chromium({ screen, gpu: kind === 'gpu',
        media: { camera: 'device', microphone: true } });
      await page.join();
      await page.live(count);
      pid = page.pid;
    } else if (screen === null) {
      program = scene.headless('Lin', { video: `file:${content.camera}`,
        audio: `file:${content.voice}` });
      await headlessLive(program, count);
      pid = program.pid;
    } else {
      program = scene.window(screen, ['--protocol', 'skyrtc', '--server', scene.serverUrl,
        '--room', 'alcove', '--name', 'Lin', '--video', `file:${content.camera}`,
        '--audio', `file:${content.voice}`, '--playout', 'none']);
      if (kind === 'window')
        await screen.fill(await screen.windowOf(program));
      await windowLive(program, count);
      pid = program.pid;
    }

    await pause(warmUp);
    // tiles move while others come, our own among them
    const places = kind === 'window' ? await screen.untilPlaces(1, count) : null;

    const before = page ? await page.state() : null;
    const since = program?.mark;
    const sent = farEnds.mark;
    const cpu = cpuSeconds(pid);
    const others = [farEnds.pid, screen?.pid].filter(Boolean);
    const known = () => [pid, ...others].reduce((sum, one) => sum + cpuSeconds(one), 0);
    const knownBefore = known();
    const farBefore = cpuSeconds(farEnds.pid);
    const screenBefore = screen?.pid ? cpuSeconds(screen.pid) : 0;
    const machineBefore = machineSeconds();
    const begin = performance.now();

    const changes = places ? await screen.watch(places, seconds) : await pause(seconds);

    const passed = (performance.now() - begin) / 1000;
    const machineBusy = machineSeconds().busy - machineBefore.busy;
    const result = {
      cpu: (cpuSeconds(pid) - cpu) / passed * 100,
      farEnds: (cpuSeconds(farEnds.pid) - farBefore) / passed * 100,
      screen: screen?.pid ? (cpuSeconds(screen.pid) - screenBefore) / passed * 100 : null,
      // what nobody here used; reading the screen and this program itself are in it
      strangers: Math.max((machineBusy - (known() - knownBefore)) / passed * 100, 0),
      memory: memory(pid),
      seconds: passed,
    };
    if (page)
      Object.assign(result, pageRates(before, await page.state(), passed));
    else if (screen === null)
      Object.assign(result, headlessRates(program.events.slice(since)));
    if (changes) {
      result.tiles = places.length;
      result.shown = changes.map((tile) => tile.length / passed);
    }
    const stats = farEnds.events.slice(sent).filter(({ event }) => event === 'stats');
    if (stats.length > 1) {
      const time = (stats.at(-1).seen - stats[0].seen) / 1000;
      result.farEndsGot = (stats.at(-1).received - stats[0].received) * 8 / 1000 / time / count;
      result.farEndsSaw = (stats.at(-1).pictures - stats[0].pictures) / time / count;
    }
    // after the reading, which it would disturb
    if (side === 'alcove' && count === this.options.profiled)
      result.profile = profile(pid, PROFILE_SECONDS, scene.dir);
    return result;
  }

  of(kind, side, count) {
    return this.results.filter((one) => one.kind === kind && one.side === side
      && one.count === count);
  }

  /** In percent of one core. */
  cpu(kind, side, count) {
    return median(this.of(kind, side, count).map(({ cpu }) => cpu));
  }

  /** Pictures a second of a peer. */
  rate(kind, side, count) {
    return median(this.of(kind, side, count).flatMap(({ shown, fpsIn }) => shown ?? fpsIn ?? []));
  }

  /** Pictures a second that a far end got. */
  rateOut(kind, side, count) {
    return median(this.of(kind, side, count).map(({ farEndsSaw }) => farEndsSaw));
  }

  /** How wide the pictures were that it sent, to the one who got the smallest; null if unknown. */
  widthOut(kind, side, count) {
    const widths = this.of(kind, side, count).flatMap(({ widthOut }) => widthOut ?? []);
    return widths.length > 0 ? Math.min(...widths) : null;
  }

  /** Whether it did all that was asked: the rate both ways, in full size. */
  kept(kind, side, count) {
    return this.rate(kind, side, count) >= FPS_REACHED
      && this.rateOut(kind, side, count) >= FPS_REACHED
      && (this.widthOut(kind, side, count) ?? WIDTH) >= WIDTH;
  }

  /** Whoever shows or sends fewer pictures has less to do: then why the two can't be compared. */
  apart(kind, count) {
    const short = ['alcove', 'chromium'].filter((side) =>
      this.of(kind, side, count).length > 0 && !this.kept(kind, side, count))
      .map((side) => (side === 'alcove' ? 'Alcove' : 'Chromium'));
    return short.length > 0 ? `${short.join(' and ')} did not keep ${FPS} fps both ways` : null;
  }

  /** The rates of both ways, and the width where it is less than was asked for. */
  did(kind, side, count) {
    const width = this.widthOut(kind, side, count) ?? WIDTH;
    return `${this.rate(kind, side, count)?.toFixed(0) ?? '?'}/`
      + `${this.rateOut(kind, side, count)?.toFixed(0) ?? '?'}`
      + (width < WIDTH ? ` (${width} wide)` : '');
  }

  /** The line through the readings at those `counts` where `sides` kept the rate, or null. */
  line(kind, side, counts, sides) {
    const kept = counts.filter((count) => sides.every((one) => this.kept(kind, one, count)));
    const line = fit(kept.map((count) => [count, this.cpu(kind, side, count)]));
    return line === null ? null : { ...line, kept };
  }

  /**
   * What a side that could not keep the rate would have taken for it, by the line through the
   * readings where it could: the machine has no more to give than it took.
   */
  demand(kind, count, counts) {
    if (!this.kept(kind, 'alcove', count) || this.kept(kind, 'chromium', count))
      return null;
    const line = this.line(kind, 'chromium', counts, ['chromium']);
    if (line === null)
      return null;
    const value = line.offset + line.slope * count;
    return `for ${FPS} fps Chromium would take ${figure(value, '%')} by its N = `
      + `${line.kept.join(', ')}: ratio ${figure(this.cpu(kind, 'alcove', count) / value)}`;
  }

  /** Where both sides did the same: who shows fewer pictures has less to do. */
  slopeRow(kind, counts, ratioLimit) {
    const of = (side) => this.line(kind, side, counts, ['alcove', 'chromium']);
    const alcove = of('alcove');
    const chromium = of('chromium');
    if (alcove === null || chromium === null)
      return { measure: 'one more peer', why: 'that takes two values of N at which both keep '
        + `${FPS} fps` };
    return { measure: `one more peer, no window, over N = ${alcove.kept.join(', ')}`,
      alcove: alcove.slope, chromium: chromium.slope, unit: '%', ratioLimit };
  }

  worstStrangers() {
    return this.results.length > 0
      ? Math.max(...this.results.map(({ strangers }) => strangers)) : null;
  }

  cpuRow(kind, count, counts, ratioLimit) {
    const measure = `CPU of a core, ${KINDS[kind]}, N = ${count}`;
    const alcove = this.of(kind, 'alcove', count);
    const chromium = this.of(kind, 'chromium', count);
    if (alcove.length === 0 || chromium.length === 0)
      return { measure, why: 'a side did not come up; see above' };
    const slowest = Math.min(...alcove.flatMap(({ shown, fpsIn }) => shown ?? fpsIn ?? []));
    const sent = (side) => median(side.map(({ farEndsGot }) => farEndsGot ?? 0));
    const apart = this.apart(kind, count);
    const demand = this.demand(kind, count, counts);
    return {
      measure,
      ...apart ? { apart } : {},
      alcove: this.cpu(kind, 'alcove', count),
      chromium: this.cpu(kind, 'chromium', count),
      unit: '%',
      ratioLimit,
      ...ratioLimit === undefined ? {} : { extra: kind === 'window'
        ? { text: `all tiles at ${FPS} fps`,
          holds: alcove.every(({ tiles }) => tiles === count) && slowest >= FPS_REACHED }
        : { text: `${FPS} fps both ways`, holds: this.kept(kind, 'alcove', count) } },
      note: `${this.did(kind, 'alcove', count)} and ${this.did(kind, 'chromium', count)} fps in/out`
        + `, ${sent(alcove).toFixed(0)} and ${sent(chromium).toFixed(0)} kbit/s out`
        + (demand !== null ? `; ${demand}` : ''),
      spread: { alcove: spread(alcove.map(({ cpu }) => cpu)),
        chromium: spread(chromium.map(({ cpu }) => cpu)) },
    };
  }

  /** Where Alcove's time went, in words; null where it was not looked at. */
  whereTimeGoes(kind, count) {
    const found = this.of(kind, 'alcove', count).filter((one) => one.profile !== undefined);
    if (found.length === 0)
      return null;
    const { profile: shares } = found.at(-1);
    return shares === null ? 'perf could not tell'
      : shares.slice(0, PROFILE_SHARES).map(({ name, percent }) =>
        `${name} ${percent.toFixed(0)} %`).join(', ');
  }

  memoryRow(kind, count, ratioLimit) {
    const of = (side) => {
      const value = median(this.of(kind, side, count).map((one) => one.memory));
      return value === null ? null : value / MIB;
    };
    return { measure: `memory${kind === 'window' ? ' with a window' : ''}, N = ${count}`,
      alcove: of('alcove'), chromium: of('chromium'), unit: 'MiB', ratioLimit };
  }
}
