/**
 * Python in a worker of its own: boots by `runtime.js`, then answers.
 *
 * Knows nothing of what a plan holds: a request's JSON goes in, the answer's comes out.
 */

import { BootFailure, boot } from "./runtime.js";

/** @import { FromWorker, ToWorker } from "./protocol.js" */

/** How long (ms) Python practises before it is asked anything. */
const PRACTICE = 1200;

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
    const { planner, load } = await boot(
      runtime,
      (stage) => send({ kind: "progress", stage }),
      compiled,
    );
    let last = Promise.resolve();
    let wanted = false;
    self.addEventListener("message", ({ data }) => {
      wanted ||= data.kind !== "begin";
      last = last.then(() => answer(planner, load, data));
    });
    send({ kind: "ready" });
    practise(planner, () => wanted);
  } catch (error) {
    const reason = error instanceof BootFailure ? error.reason : "other";
    send({ kind: "failed", reason, detail: String(error) });
  }
}

/**
 * Let Python run over and over while nobody waits for it: browsers compile well only
 * what runs often, and the reader's own list is to be planned at full speed.
 *
 * @param {{practise: () => boolean}} planner
 * @param {() => boolean} wanted whether the reader has asked for anything
 */
async function practise(planner, wanted) {
  for (let spent = 0; spent < PRACTICE; ) {
    // A request that has come meanwhile goes first.
    await new Promise((resolve) => setTimeout(resolve));
    if (wanted()) return;
    const began = performance.now();
    try {
      if (planner.practise()) return;
    } catch {
      // What fails here fails again once it is wanted, and then the reader hears of it.
      return;
    }
    spent += performance.now() - began;
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
 * @param {(packages: string[]) => Promise<void>} load
 * @param {ToWorker} request
 */
async function answer(planner, load, request) {
  /** @type {Uint8Array[]} */
  const attachments = [];
  // JSON has no bytes: they travel beside it, and the text names their place.
  const text = JSON.stringify(request, (_, value) =>
    value instanceof ArrayBuffer ? attachments.push(new Uint8Array(value)) - 1 : value,
  );
  try {
    const ask = () =>
      JSON.parse(
        planner.handle(text, attachments, (id, done, total) =>
          send({ kind: "working", id, done, total }),
        ),
      );
    let answered = ask();
    if (answered.reason === "packages") {
      const { id, packages } = answered;
      const arrived = await load(packages).then(
        () => true,
        () => false,
      );
      answered = arrived ? ask() : { id, ok: false, reason: "network" };
    }
    send({ kind: "answer", answer: answered });
  } catch (error) {
    const short = /memory|RangeError/i.test(String(error));
    const detail = error instanceof Error ? error.name : "";
    send({ kind: "failed", reason: short ? "memory" : "other", detail });
  }
}
