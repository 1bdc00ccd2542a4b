/** Asking the peers in turns, so that what the machine does besides hits all of them. */

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
}

/** What was measured of a model as a whole. */
export interface Measured {
  readonly model: string;
  readonly cases: readonly Case[];
  /** Peak of resident memory after training and inference at the largest batch, MB. */
  readonly memory: PerPeer<number>;
  /** Largest difference between the losses of compiled and of eager steps, relative to the loss. */
  readonly difference: number;
  /** Tokens a second. */
  readonly generation: PerPeer<number[]>;
}

/** A run is to last so many times as long as other measurements: the first pictures take a moment. */
const longer = 5;

/** Steps over which compiled and eager losses are compared. */
const compared = 20;
const comparedBatch = 8;

/** A step longer than this, in milliseconds, is measured in fewer rounds. */
const slow = 1500;
const slowRounds = 2;

/** How many tokens one measurement of generation makes. */
const tokens = 120;

/** Measures one model on all peers. A peer that fails is told of and left out from there on. */
export async function measureModel(model: string, specs: readonly PeerSpec[], options: Options): Promise<Measured> {
  const peers = new Peers(specs);
  try {
    const cases: Case[] = [];
    for (const batch of options.batches) cases.push(await measureCase(model, batch, peers, options));
    const memory: PerPeer<number> = {};
    await peers.each(async (peer) => {
      memory[peer.spec.name] = await peer.ask("memory");
    });
    for (const one of cases) await measureFits(one, peers, options);
    return {
      model,
      cases,
      memory,
      difference: await compare(model, peers),
      generation: await generate(model, peers, options),
    };
  } finally {
    await peers.end();
  }
}

async function measureCase(model: string, batch: number, peers: Peers, options: Options): Promise<Case> {
  const one: Case = { model, batch, first: {}, forward: {}, step: {}, fit: {} };
  const parameters: PerPeer<number> = {};
  await peers.each(async (peer) => {
    parameters[peer.spec.name] = await peer.ask("make", { model, batch });
    one.first[peer.spec.name] = await peer.ask("first", { batch });
  });
  assertAlike(parameters);
  const { seconds } = options;
  for (let round = 0; round < roundsOf(one, options); round++) {
    await peers.each(async (peer) => {
      add(one.forward, peer, await peer.ask<number[]>("forward", { batch, seconds }));
      add(one.step, peer, await peer.ask<number[]>("step", { batch, seconds }));
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

async function compare(model: string, peers: Peers): Promise<number> {
  const losses: PerPeer<number[]> = {};
  await peers.each(async (peer) => {
    if (peer.spec.name !== ours && peer.spec.name !== eager) return;
    await peer.ask("make", { model, batch: comparedBatch });
    losses[peer.spec.name] = await peer.ask("losses", { batch: comparedBatch, steps: compared });
  });
  const [some = [], others = []] = [losses[ours], losses[eager]];
  return Math.max(...some.map((loss, step) => Math.abs(loss - others[step]!) / Math.abs(loss)));
}

async function generate(model: string, peers: Peers, { rounds }: Options): Promise<PerPeer<number[]>> {
  const generation: PerPeer<number[]> = {};
  if (model !== "gpt") return generation;
  for (let round = 0; round < rounds; round++) {
    await peers.each(async (peer) => {
      if (peer.spec.name !== ours && peer.spec.name !== pyTorch) return;
      add(generation, peer, [await peer.ask<number>("generate", { count: tokens })]);
    });
  }
  return generation;
}

/** Those that are alive. */
class Peers {
  readonly #alive: Set<Peer>;

  constructor(specs: readonly PeerSpec[]) {
    this.#alive = new Set(specs.map((spec) => new Peer(spec)));
  }

  /** Asks one after the other. */
  async each(ask: (peer: Peer) => Promise<void>): Promise<void> {
    for (const peer of [...this.#alive]) {
      try {
        await ask(peer);
      } catch (error) {
        if (peer.spec.name === ours) throw error;
        console.error(error instanceof Error ? error.message : error);
        this.#alive.delete(peer);
        await peer.end();
      }
    }
  }

  async end(): Promise<void> {
    await Promise.all([...this.#alive].map((peer) => peer.end()));
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
