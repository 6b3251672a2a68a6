/**
 * Python in a worker of its own: boots by `runtime.mjs`, then answers.
 *
 * Knows nothing of what a plan holds: a request's JSON goes in, the answer's comes out.
 */

import { boot, BootFailure } from "./runtime.mjs";

/** @import { FromWorker, ToWorker } from "./protocol.mjs" */

/** @param {FromWorker} message */
function send(message) {
  self.postMessage(message);
}

/**
 * Boot Python from a folder of the site, then answer until terminated.
 *
 * @param {string} runtime absolute URL of the folder with Pyodide, its lock file and the wheels
 * @param {string} life name of the lock that this worker holds as long as it lives
 * @param {Promise<WebAssembly.Module | null>} compiled what an earlier worker has compiled
 */
export async function start(runtime, life, compiled) {
  await hold(life);
  try {
    const { planner } = await boot(
      runtime,
      (stage) => send({ kind: "progress", stage }),
      compiled,
    );
    self.addEventListener("message", ({ data }) => answer(planner, data));
    send({ kind: "ready" });
  } catch (error) {
    const reason = error instanceof BootFailure ? error.reason : "other";
    send({ kind: "failed", reason, detail: String(error) });
  }
}

/**
 * Hold a lock for good, where the browser has locks (outside a secure context it hasn't).
 *
 * @param {string} name
 * @returns {Promise<void>} settled once the lock is held
 */
function hold(name) {
  return new Promise((held) => {
    if (!navigator.locks) return held();
    const forGood = () => (held(), new Promise(() => {}));
    navigator.locks.request(name, forGood).catch(() => held());
  });
}

/**
 * Answer one request. Python answers whatever it is asked; what throws here is
 * Python itself, out of memory or broken, and no longer to be trusted.
 *
 * @param {{handle: (request: string, attachments: Uint8Array[],
 *   progress: (id: number, done: number, total: number) => void) => string}} planner
 * @param {ToWorker} request
 */
function answer(planner, request) {
  /** @type {Uint8Array[]} */
  const attachments = [];
  // JSON has no bytes: they travel beside it, and the text names their place.
  const text = JSON.stringify(request, (_, value) =>
    value instanceof ArrayBuffer ? attachments.push(new Uint8Array(value)) - 1 : value,
  );
  try {
    const answered = planner.handle(text, attachments, (id, done, total) =>
      send({ kind: "working", id, done, total }),
    );
    send({ kind: "answer", answer: JSON.parse(answered) });
  } catch (error) {
    const short = /memory|RangeError/i.test(String(error));
    const detail = error instanceof Error ? error.name : "";
    send({ kind: "failed", reason: short ? "memory" : "other", detail });
  }
}
