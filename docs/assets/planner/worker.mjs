/**
 * Python in a worker of its own: boots by `runtime.mjs`, then answers.
 *
 * Knows nothing of what a plan holds: text goes in, the answer's JSON comes out.
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
 * @param {{plan: (text: string, settings: string) => string}} planner
 * @param {ToWorker} request
 */
function answer(planner, { id, text, settings }) {
  try {
    const { html, announce, plan } = JSON.parse(planner.plan(text, settings));
    send({ id, kind: "planned", html, announce, plan });
  } catch (error) {
    send({ id, kind: "error", detail: String(error) });
  }
}
