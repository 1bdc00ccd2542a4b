/** Asking the peers in turns, so that what the machine does besides hits all of them. */

import { totalmem } from "node:os";
import type { Options } from "./options.js";
import { Peer, type PeerSpec } from "./peer.js";
import { eager, ours, pyTorch } from "./peers.js";

/** A value for each peer by name. */
export type PerPeer<T> = Record<string, T>;

/** One run of `fit`. */
export interface Fit {
  /** Milliseconds a step, from the end of the first to the end of the last. */
  readonly step: number;
  /** Milliseconds of the rest: before the first step, and after the last. */
  readonly around: number;
}

/** What was measured of a model at one batch size; milliseconds, some values a round. */
export interface Case {
  readonly model: string;
  readonly batch: number;
  /** The very first step, which compiles. */
  readonly first: PerPeer<number>;
  readonly forward: PerPeer<number[]>;
  readonly step: PerPeer<number[]>;
  readonly fit: PerPeer<Fit[]>;
  /** Peak of resident memory after training and inference, MB. */
  readonly memory: PerPeer<number>;
}

/** What was measured of a model as a whole. */
export interface Measured {
  readonly model: string;
  readonly cases: readonly Case[];
  /** Largest difference between the losses of compiled and of eager steps, relative to the loss. */
  readonly difference: number;
  /** The same between eager steps and eager steps from weights that differ in the last digit: what rounding comes to by itself. */
  readonly rounding: number;
  /** Tokens a second. */
  readonly generation: PerPeer<number[]>;
}

/** A run is to last so many times as long as other measurements: the first pictures take a moment. */
const longer = 5;

/** Steps over which compiled and eager losses are compared. */
const compared = 20;
const comparedBatch = 8;

/** A change of a weight that float32 just about holds, as a share of it. */
const lastDigit = 1e-7;

/** A step longer than this, in milliseconds, is measured in fewer rounds. */
const slow = 1500;
const slowRounds = 2;

/** How many tokens one measurement of generation makes. */
const tokens = 120;

/** Measures one model on all peers. A peer that fails is told of and left out from there on. */
export async function measureModel(model: string, specs: readonly PeerSpec[], options: Options): Promise<Measured> {
  const cases: Case[] = [];
  for (const batch of options.batches) {
    const peers = new Peers(specs, (peer) => peer.ask("make", { model, batch }));
    try {
      const one = await measureCase(model, batch, peers, options);
      cases.push(one);
      await measureFits(one, peers, options);
    } finally {
      await peers.end();
    }
  }
  const losses = (name: string, nudge = 0) => firstLosses(model, specs.find((spec) => spec.name === name)!, nudge);
  const byOperation = await losses(eager);
  const difference = apart(byOperation, await losses(ours));
  const rounding = apart(byOperation, await losses(eager, lastDigit));
  return { model, cases, difference, rounding, generation: await generate(model, specs, options) };
}

async function measureCase(model: string, batch: number, peers: Peers, options: Options): Promise<Case> {
  const one: Case = { model, batch, first: {}, forward: {}, step: {}, fit: {}, memory: {} };
  const parameters: PerPeer<number> = {};
  await peers.each(async (peer, count) => {
    parameters[peer.spec.name] = count;
    one.first[peer.spec.name] = await peer.ask("first", { batch });
  });
  assertAlike(parameters);
  const { seconds } = options;
  for (let round = 0; round < roundsOf(one, options); round++) {
    await peers.each(async (peer) => {
      add(one.forward, peer, await peer.ask<number[]>("forward", { batch, seconds }));
      add(one.step, peer, await peer.ask<number[]>("step", { batch, seconds }));
      one.memory[peer.spec.name] = Math.max(one.memory[peer.spec.name] ?? 0, await peer.ask<number>("memory"));
    });
  }
  say(`${model}, batch ${batch}`, one.step);
  return one;
}

/** Whole runs, and between them our bare step once more: the two are held against each other. */
async function measureFits(one: Case, peers: Peers, options: Options): Promise<void> {
  const { batch } = one;
  const { seconds } = options;
  const rounds = roundsOf(one, options);
  // The first one of each warms up.
  for (let round = 0; round <= rounds; round++) {
    await peers.each(async (peer) => {
      if (!peer.spec.fits) return;
      const steps = stepsFor(longer * seconds, Math.min(...one.step[peer.spec.name]!));
      const fit = await peer.ask<Fit>("fit", { batch, steps });
      if (round === 0) return;
      add(one.fit, peer, [fit]);
      if (peer.spec.name === ours) add(one.step, peer, await peer.ask<number[]>("step", { batch, seconds }));
    });
  }
}

/** So many that they last about `seconds`: some, or whole epochs. */
function stepsFor(seconds: number, step: number): number {
  const steps = Math.min(2000, Math.max(3, Math.round((seconds * 1e3) / step)));
  return steps < 16 ? steps : steps - (steps % 16);
}

function roundsOf({ step }: Case, { rounds }: Options): number {
  const known = step[ours];
  return known !== undefined && Math.min(...known) > slow ? Math.min(rounds, slowRounds) : rounds;
}

/** The losses of a model's first steps; `nudge`: all weights are larger by this share of them. */
async function firstLosses(model: string, spec: PeerSpec, nudge: number): Promise<number[]> {
  const batch = comparedBatch;
  const peer = new Peer(spec);
  try {
    await peer.ask("make", { model, batch });
    return await peer.ask<number[]>("losses", { batch, steps: compared, nudge });
  } finally {
    await peer.end();
  }
}

/** The largest difference, relative to the values. */
function apart(some: readonly number[], others: readonly number[]): number {
  return Math.max(...some.map((loss, step) => Math.abs(loss - others[step]!) / Math.abs(loss)));
}

async function generate(model: string, specs: readonly PeerSpec[], { rounds }: Options): Promise<PerPeer<number[]>> {
  const generation: PerPeer<number[]> = {};
  if (model !== "gpt") return generation;
  const both = specs.filter(({ name }) => name === ours || name === pyTorch);
  const peers = new Peers(both, () => Promise.resolve(0));
  try {
    for (let round = 0; round < rounds; round++) {
      await peers.each(async (peer) => {
        add(generation, peer, [await peer.ask<number>("generate", { count: tokens })]);
      });
    }
  } finally {
    await peers.end();
  }
  return generation;
}

/** A peer that was started, and the number of its model's parameters. */
interface Ready {
  readonly peer: Peer;
  readonly parameters: number;
}

/** So many peers may hold memory at once, and as much again is left to what one of them computes. */
const roomFor = 12;

/** Those that are asked. One that holds much memory ends after its turn, and is started and readied anew for the next. */
class Peers {
  readonly #alive: Map<PeerSpec, Ready | undefined>;
  readonly #ready: (peer: Peer) => Promise<number>;

  /** `ready` prepares a peer that was started, and gives the number of its parameters. */
  constructor(specs: readonly PeerSpec[], ready: (peer: Peer) => Promise<number>) {
    this.#alive = new Map(specs.map((spec) => [spec, undefined]));
    this.#ready = ready;
  }

  /** Asks one after the other. */
  async each(ask: (peer: Peer, parameters: number) => Promise<void>): Promise<void> {
    for (const spec of [...this.#alive.keys()]) {
      try {
        const ready = await this.#get(spec);
        await ask(ready.peer, ready.parameters);
        await this.#rest(spec, ready);
      } catch (error) {
        if (spec.name === ours) throw error;
        console.error(error instanceof Error ? error.message : error);
        await this.#alive.get(spec)?.peer.end();
        this.#alive.delete(spec);
      }
    }
  }

  async end(): Promise<void> {
    await Promise.all([...this.#alive.values()].map((alive) => alive?.peer.end()));
  }

  async #get(spec: PeerSpec): Promise<Ready> {
    const alive = this.#alive.get(spec);
    if (alive !== undefined) return alive;
    const peer = new Peer(spec);
    try {
      const ready = { peer, parameters: await this.#ready(peer) };
      this.#alive.set(spec, ready);
      return ready;
    } catch (error) {
      await peer.end();
      throw error;
    }
  }

  async #rest(spec: PeerSpec, { peer }: Ready): Promise<void> {
    if ((await peer.ask<number>("memory")) * 2 ** 20 < totalmem() / roomFor) return;
    await peer.end();
    this.#alive.set(spec, undefined);
  }
}

function add<T>(to: PerPeer<T[]>, peer: Peer, values: readonly T[]): void {
  to[peer.spec.name] = [...(to[peer.spec.name] ?? []), ...values];
}

/** PyTorch's recurrent layers have a second bias that does nothing; anything else would be another network. */
function assertAlike(parameters: PerPeer<number>): void {
  const own = parameters[ours]!;
  for (const [name, count] of Object.entries(parameters)) {
    if (Math.abs(count - own) > 0.02 * own)
      throw new Error(`bench: expected ${own} parameters, got ${count} in ${name}.`);
  }
}

function say(what: string, times: PerPeer<number[]>): void {
  const texts = Object.entries(times).map(([name, all]) => `${name} ${Math.min(...all).toFixed(2)}`);
  console.error(`${what}: ${texts.join(", ")} ms`);
}
