/**
 * Python in a worker of its own: boots Pyodide, loads the planner, answers.
 *
 * Knows nothing of what a plan holds: a request's JSON goes in, the answer's comes out.
 */

/** @import { FromWorker, Reason, ToWorker } from "./protocol.mjs" */

/** The wheel that holds the planner; its dependencies follow from the lock file. */
const PACKAGE = "csp-move-planner";

/** The smallest module there is: the magic number and version 1. */
const EMPTY_MODULE = new Uint8Array([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]);

class BootFailure extends Error {
  /**
   * @param {Reason} reason
   * @param {unknown} cause
   */
  constructor(reason, cause) {
    super(String(cause), { cause });
    this.reason = reason;
  }
}

/** @param {FromWorker} message */
function send(message) {
  self.postMessage(message);
}

/**
 * Boot Python from a folder of the site, then answer until terminated.
 *
 * @param {string} runtime absolute URL of the folder with Pyodide, its lock file and the wheels
 * @param {string} life name of the lock that this worker holds as long as it lives
 */
export async function start(runtime, life) {
  await hold(life);
  try {
    const planner = await boot(runtime);
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

/** @param {string} runtime */
async function boot(runtime) {
  send({ kind: "progress", stage: "runtime" });
  await WebAssembly.compile(EMPTY_MODULE).catch(because("wasm"));
  const { loadPyodide } = await import(`${runtime}pyodide.mjs`).catch(because("network"));
  const instantiated = instantiation();
  const loaded = loadPyodide({
    indexURL: runtime,
    packageBaseUrl: runtime,
    lockFileURL: `${runtime}pyodide-lock.json`,
  });
  // Pyodide only logs a wasm that doesn't arrive, and then waits for ever: ask for both.
  await Promise.all([instantiated, loaded]).catch(because("network"));
  const pyodide = await loaded;

  send({ kind: "progress", stage: "packages" });
  const silent = { messageCallback() {}, errorCallback() {} };
  await pyodide.loadPackage(PACKAGE, silent).catch(because("network"));
  // A package that doesn't arrive is only logged, too.
  if (!(PACKAGE in pyodide.loadedPackages)) {
    throw new BootFailure("network", PACKAGE);
  }

  send({ kind: "progress", stage: "planner" });
  const planner = pyodide.pyimport("planner.browser");
  planner.start();
  return planner;
}

/**
 * The coming instantiation of Pyodide's wasm, which Pyodide keeps to itself.
 *
 * @returns {Promise<unknown>} rejected when the file can't be fetched or compiled
 */
function instantiation() {
  const { instantiateStreaming } = WebAssembly;
  return new Promise((resolve) => {
    WebAssembly.instantiateStreaming = (...source) => {
      const instance = instantiateStreaming.apply(WebAssembly, source);
      resolve(instance);
      return instance;
    };
  });
}

/**
 * @param {Reason} reason
 * @returns {(error: unknown) => never} for `catch`; a lack of memory is never the network's fault
 */
function because(reason) {
  return (error) => {
    throw new BootFailure(error instanceof RangeError ? "other" : reason, error);
  };
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
