/**
 * Boots Python inside the worker: from a memory image where that works, else from its files.
 */

import { unpack } from "./files.mjs";
import { boot as bootPlain, restore } from "./pyodide.mjs";

/** @import { Contents, Engine, Pyodide } from "./pyodide.mjs" */
/** @import { Reason, Stage } from "./protocol.mjs" */

/**
 * @typedef {object} Runtime
 * @property {any} planner the module `planner.browser`
 * @property {(packages: string[]) => Promise<void>} load
 *   makes packages importable that are fetched only when asked for; rejects with a
 *   `BootFailure` when one doesn't arrive
 * @property {boolean} restored whether Python came from the image
 */

/** The smallest module there is: the magic number and version 1. */
const EMPTY_MODULE = new Uint8Array([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]);

export class BootFailure extends Error {
  /**
   * @param {Reason} reason
   * @param {unknown} cause
   */
  constructor(reason, cause) {
    super(String(cause), { cause });
    this.reason = reason;
  }
}

/**
 * Boot Python with the planner.
 *
 * @param {string} folder absolute URL of the runtime's folder; Pyodide stands in the one above
 * @param {(stage: Stage) => void} say called at the start of each stage
 * @returns {Promise<Runtime>}
 * @throws {BootFailure}
 */
export async function boot(folder, say) {
  say("runtime");
  await WebAssembly.compile(EMPTY_MODULE).catch(because("wasm"));
  const image = fetchImage(folder);
  const engine = fetchEngine(new URL("..", folder).href);
  const contents = /** @type {Contents} */ (
    await fetchFile(`${folder}contents.json`)
      .then((response) => response.json())
      .catch(because("network"))
  );
  const { pyodide, restored } =
    (await fromImage(folder, engine, contents, image)) ??
    (await fromFiles(folder, engine, contents, say));
  say("planner");
  const planner = pyodide.pyimport("planner.browser");
  planner.start();
  return { planner, restored, load: loader(folder, contents, pyodide) };
}

/**
 * Start fetching all of Pyodide at once.
 *
 * @param {string} folder
 * @returns {Engine}
 */
function fetchEngine(folder) {
  const engine = {
    folder,
    module: import(`${folder}pyodide.mjs`),
    script: import(`${folder}pyodide.asm.js`),
    wasm: WebAssembly.compileStreaming(fetch(`${folder}pyodide.asm.wasm`)),
  };
  // Whoever awaits them hears of it; until then a rejection is nobody's fault.
  for (const part of [engine.module, engine.script, engine.wasm]) part.catch(() => {});
  return engine;
}

/**
 * @param {string} folder
 * @param {Engine} engine
 * @param {Contents} contents
 * @param {Promise<Uint8Array>} image
 * @returns {Promise<{pyodide: Pyodide, restored: boolean} | null>}
 */
async function fromImage(folder, engine, contents, image) {
  try {
    const read = (/** @type {string} */ name) => readFile(folder + contents.packs[name].file);
    return { pyodide: await restore(engine, contents, image, read), restored: true };
  } catch (error) {
    console.info("planner: plain start,", String(error));
    return null;
  }
}

/**
 * @param {string} folder
 * @param {Engine} engine
 * @param {Contents} contents
 * @param {(stage: Stage) => void} say
 * @returns {Promise<{pyodide: Pyodide, restored: boolean}>}
 */
async function fromFiles(folder, engine, contents, say) {
  say("packages");
  const fetchPack = (/** @type {string} */ name) =>
    fetchBytes(folder + contents.packs[name].file);
  const pyodide = await bootPlain(engine, contents, fetchPack).catch(because("network"));
  return { pyodide, restored: false };
}

/**
 * @param {string} folder
 * @param {Contents} contents
 * @param {Pyodide} pyodide
 * @returns {(packages: string[]) => Promise<void>}
 */
function loader(folder, contents, pyodide) {
  /** @type {Map<string, Promise<void>>} */
  const loaded = new Map();
  const load = async (/** @type {string} */ name) => {
    const pack = contents.packs[name];
    const content = await fetchBytes(folder + pack.file).catch(because("network"));
    unpack(pyodide.FS, pack, content);
    pyodide.pyimport("importlib").invalidate_caches();
  };
  return async (packages) => {
    for (const name of packages) {
      if (!loaded.has(name)) loaded.set(name, load(name));
      await loaded.get(name)?.catch((error) => {
        loaded.delete(name);
        throw error;
      });
    }
  };
}

/** @param {string} folder */
async function fetchImage(folder) {
  const response = await fetchFile(`${folder}snapshot.bin`);
  const stream = response.body?.pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/**
 * @param {string} url
 * @returns {Promise<Response>} of a file that is there
 */
async function fetchFile(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${response.status} ${url}`);
  return response;
}

/**
 * @param {string} url
 * @returns {Promise<Uint8Array>}
 */
async function fetchBytes(url) {
  return new Uint8Array(await (await fetchFile(url)).arrayBuffer());
}

/**
 * Fetch a file while Python waits for it.
 *
 * @param {string} url
 * @returns {Uint8Array}
 */
function readFile(url) {
  const request = new XMLHttpRequest();
  request.open("GET", url, false);
  request.responseType = "arraybuffer";
  request.send();
  if (request.status !== 200) throw new Error(`${request.status} ${url}`);
  return new Uint8Array(request.response);
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
