/**
 * Boots Python inside the worker: from a memory image where that works, else from its files.
 */

import { packOf, unpack } from "./files.js";
import { forgetImage, getImage, keepImage } from "./image.js";
import { boot as bootPlain, restore } from "./pyodide.js";

/** @import { Contents, Engine, Pyodide } from "./pyodide.js" */
/** @import { Reason, Stage } from "./protocol.js" */

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

const IMAGE = "snapshot.bin";

/** How long (ms) after the start the image is put into storage. */
const KEEP_AFTER = 1_000;

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
 * @param {Promise<WebAssembly.Module | null>} [compiled] what an earlier worker of the page
 *   has compiled; a worker that compiles posts `{kind: "compiled", module}`
 * @returns {Promise<Runtime>}
 * @throws {BootFailure}
 */
export async function boot(folder, say, compiled = Promise.resolve(null)) {
  say("runtime");
  if (!globalThis.WebAssembly) throw new BootFailure("wasm", "there is no WebAssembly");
  await WebAssembly.compile(EMPTY_MODULE).catch(because("wasm"));
  const image = getImage(folder + IMAGE);
  const engine = getEngine(new URL("..", folder).href, compiled);
  // Whoever awaits one of them hears of its failure; until then it is nobody's fault.
  for (const part of [image, engine.module, engine.script, engine.wasm]) part.catch(() => {});
  const contents = /** @type {Contents} */ (
    await fetchFile(`${folder}contents.json`)
      .then((response) => response.json())
      .catch(because("network"))
  );
  const { pyodide, restored } =
    (await fromImage(folder, engine, contents, image)) ??
    (await fromFiles(folder, await whole(engine, compiled), contents, say));
  say("planner");
  const planner = pyodide.pyimport("planner.browser");
  planner.start();
  return { planner, restored, load: loader(folder, contents, pyodide) };
}

/**
 * Start fetching all of Pyodide at once.
 *
 * @param {string} folder
 * @param {Promise<WebAssembly.Module | null>} compiled
 * @returns {Engine}
 */
function getEngine(folder, compiled) {
  return {
    folder,
    module: import(`${folder}pyodide.js`),
    script: import(`${folder}pyodide.asm.js`),
    wasm: compiled.then((module) => module ?? compile(`${folder}pyodide.asm.wasm`)),
  };
}

/**
 * The engine, fetched once more where its wasm didn't arrive or couldn't be compiled: a moment
 * later it may.
 *
 * @param {Engine} engine
 * @param {Promise<WebAssembly.Module | null>} compiled
 * @returns {Promise<Engine>}
 */
function whole(engine, compiled) {
  return engine.wasm.then(
    () => engine,
    () => getEngine(engine.folder, compiled),
  );
}

/** The browser's own: while Pyodide starts, it meets a stand-in that hands it no wasm. */
const { fetch } = globalThis;

/** @param {string} url */
async function compile(url) {
  const module = await WebAssembly.compileStreaming(fetchFile(url));
  self.postMessage({ kind: "compiled", module });
  return module;
}

/**
 * Restore Python from its image, and see that it plans as it did when the image was made.
 *
 * @param {string} folder
 * @param {Engine} engine
 * @param {Contents} contents
 * @param {Promise<Uint8Array<ArrayBuffer>>} image
 * @returns {Promise<{pyodide: Pyodide, restored: boolean} | null>} null where Python has to
 *   start from its files, for whatever reason
 */
async function fromImage(folder, engine, contents, image) {
  const read = (/** @type {string} */ name) => readFile(folder + packOf(contents.packs, name).file);
  try {
    const pyodide = await restore(engine, contents, image, read);
    if (!pyodide.pyimport("planner.browser").wake()) throw new Error("it plans otherwise");
    // Later: the next visit can wait, the reader can't.
    setTimeout(async () => keepImage(folder + IMAGE, await image), KEEP_AFTER);
    return { pyodide, restored: true };
  } catch (error) {
    // biome-ignore lint/suspicious/noConsole: who looks after a site learns why it starts slowly
    console.info("The planner starts without its memory image:", String(error));
    await forgetImage(folder + IMAGE);
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
    fetchBytes(folder + packOf(contents.packs, name).file);
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
    const pack = packOf(contents.packs, name);
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
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
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
