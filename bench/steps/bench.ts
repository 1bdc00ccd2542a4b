import { loadavg } from "node:os";
import { ensureAll } from "../../setup/ensure.js";
import { writeSection } from "../results.js";
import { peersPython } from "./environment.js";
import { type Measured, measureModel, type PerPeer } from "./measure.js";
import { isWhole, type Options, readOptions } from "./options.js";
import { Peer, type PeerSpec } from "./peer.js";
import { ours, peerSpecs } from "./peers.js";
import { report, soakReport } from "./report.js";
import type { Soaked } from "./soak.js";

/** Of one run, and of many. */
const soaked = { steps: 50_000, runs: 1000 } as const;

/**
 * Training steps, inference and whole fits beside PyTorch, Keras and TensorFlow, in turns. Options: {@link readOptions}. What
 * covers only a part is printed, not written.
 */
export async function stepsBench(args: readonly string[]): Promise<void> {
  const options = readOptions(args);
  await ensureAll();
  const specs = peerSpecs(options.soak ? "" : await peersPython());
  const command = ["npm run bench -- steps", ...args].join(" ");
  if (options.soak) {
    const self = specs.find(({ name }) => name === ours)!;
    writeSection("Steps: 50,000 of them", command, soakReport(await soak(self)));
    return;
  }
  const peers = await introduce(specs);
  const measured = await measureAll(specs, options);
  const body = report(measured, peers, loadavg()[0]!);
  if (isWhole(options)) writeSection("Steps", command, body);
  else console.log(body);
}

async function measureAll(specs: readonly PeerSpec[], options: Options): Promise<Measured[]> {
  const measured: Measured[] = [];
  for (const model of options.models) measured.push(await measureModel(model, specs, options));
  return measured;
}

/** What each peer says that it runs. */
async function introduce(specs: readonly PeerSpec[]): Promise<PerPeer<string>> {
  const said: PerPeer<string> = {};
  for (const spec of specs) {
    const peer = new Peer(spec);
    try {
      said[spec.name] = await peer.ask("hello");
    } finally {
      await peer.end();
    }
  }
  return said;
}

async function soak(spec: PeerSpec): Promise<Soaked> {
  const peer = new Peer(spec);
  try {
    return await peer.ask<Soaked>("soak", soaked);
  } finally {
    await peer.end();
  }
}
