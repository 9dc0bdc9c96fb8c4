// Starts the engine thread, which loads its code while the control thread loads its own: the two
// together are most of the time until the first advert. So this imports nothing but Node's threads.
// What the thread works with is the first message on its port.

import { MessageChannel, type MessagePort, Worker } from "node:worker_threads";

export type SpawnedEngine = {
  readonly worker: Worker;
  /** The control thread's end. */
  readonly port: MessagePort;
};

/** Short pauses for garbage collection matter more here than how often there is one. */
const resourceLimits = { maxYoungGenerationSizeMb: 3, maxOldGenerationSizeMb: 256 };

export function spawnEngine(): SpawnedEngine {
  const { port1, port2 } = new MessageChannel();
  const worker = new Worker(new URL("./engine-worker.js", import.meta.url), {
    workerData: port2,
    transferList: [port2],
    resourceLimits,
    name: "engine",
  });
  return { worker, port: port1 };
}
