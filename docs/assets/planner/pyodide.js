/**
 * Everything that leans on Pyodide's private parts, and nothing else.
 *
 * Pyodide can restore a memory image of itself (`_loadSnapshot`), but keeps the option to
 * itself: it may change with any version. Ours is exact and its image is made from the same
 * files, a test restores it in a browser, and whoever calls `restore` falls back to `boot`.
 */

import { beforeFirstLook, packOf, unpack, unpackLater } from "./files.js";

/** @import { FileSystem, Pack } from "./files.js" */

/**
 * @typedef {object} Contents what `contents.json` says
 * @property {object} lock Pyodide's lock file, without packages
 * @property {Record<string, Pack>} packs
 *
 * @typedef {object} Engine what Pyodide would fetch by itself, one after the other
 * @property {string} folder where Pyodide stands
 * @property {Promise<{loadPyodide: (options: object) => Promise<Pyodide>}>} module
 * @property {Promise<unknown>} script
 * @property {Promise<WebAssembly.Module>} wasm
 *
 * @typedef {{FS: FileSystem, pyimport: (name: string) => any}} Pyodide
 */

/** Fixed, so that an image made twice from the same parts has the same order of everything. */
export const ENVIRONMENT = { HOME: "/home/pyodide", PYTHONHASHSEED: "0" };

/** How a memory image starts. */
const MAGIC = 0x706e7300;

/**
 * Boot Python from its files.
 *
 * @param {Engine} engine
 * @param {Contents} contents
 * @param {(name: string) => Promise<Uint8Array<ArrayBuffer>>} fetchPack
 * @returns {Promise<Pyodide>}
 */
export async function boot(engine, contents, fetchPack) {
  const [library, packages] = await Promise.all([fetchPack("stdlib"), fetchPack("planner")]);
  return load(engine, contents, library, {
    fsInit: async (/** @type {FileSystem} */ system) =>
      unpack(system, packOf(contents.packs, "planner"), packages),
  });
}

/**
 * Restore Python from an image of its memory.
 *
 * The image holds all that was imported, but no files: those are put into place and fetched
 * should Python look for one after all.
 *
 * @param {Engine} engine
 * @param {Contents} contents
 * @param {Promise<Uint8Array<ArrayBuffer>>} image
 * @param {(name: string) => Uint8Array} readPack fetches a pack at once
 * @returns {Promise<Pyodide>}
 */
export async function restore(engine, contents, image, readPack) {
  const known = image.then((bytes) => {
    if (new DataView(bytes.buffer).getUint32(0, true) === MAGIC) return bytes;
    throw new TypeError("this is no memory image");
  });
  known.catch(() => {});
  const pyodide = await load(engine, contents, new Uint8Array(), { _loadSnapshot: known });
  const { FS: system } = pyodide;
  beforeFirstLook(system, LIBRARIES, () => {
    for (const name of ["stdlib", "planner"]) {
      unpackLater(system, packOf(contents.packs, name), () => readPack(name));
    }
  });
  return pyodide;
}

/**
 * @param {Engine} engine
 * @param {Contents} contents
 * @param {Uint8Array<ArrayBuffer>} library what Pyodide takes for its standard library
 * @param {object} options
 */
async function load(engine, contents, library, options) {
  const [{ loadPyodide }] = await Promise.all([engine.module, engine.script]);
  const { broken, giveBack, forsake } = standIn(engine, library);
  const loading = loadPyodide({
    indexURL: engine.folder,
    stdLibURL: engine.folder + LIBRARY,
    lockFileContents: contents.lock,
    packageBaseUrl: engine.folder,
    env: { ...ENVIRONMENT },
    ...options,
  });
  try {
    const pyodide = await Promise.race([loading, broken]);
    giveBack();
    return pyodide;
  } catch (error) {
    forsake();
    throw error;
  }
}

const WASM = "pyodide.asm.wasm";
const LIBRARY = "stdlib";

/** Where Python looks for what it imports. */
const LIBRARIES = "/lib/";

/** The browser's own functions, whatever stands in for them. */
const { fetch } = globalThis;
/** Missing where the browser, or who looks after it, has turned WebAssembly off. */
const instantiateStreaming = globalThis.WebAssembly?.instantiateStreaming;

/**
 * Hand Pyodide what was fetched already where it would fetch by itself, later and in turn.
 *
 * @param {Engine} engine
 * @param {Uint8Array<ArrayBuffer>} library
 * @returns {{broken: Promise<never>, giveBack: () => void, forsake: () => void}} `broken` is
 *   rejected where the wasm doesn't arrive or start, which Pyodide only logs before it waits for
 *   ever; `giveBack` gives the browser's own functions back; `forsake` does so for an attempt
 *   that failed and may still go on by itself: it gets no further
 */
function standIn(engine, library) {
  const handed = new Map([
    [engine.folder + WASM, new Uint8Array()],
    [engine.folder + LIBRARY, library],
  ]);
  globalThis.fetch = async (resource, options) => {
    const content = handed.get(String(resource));
    return content ? new Response(content) : fetch(resource, options);
  };
  const instantiate = async (/** @type {WebAssembly.Imports | undefined} */ imports) => {
    const module = await engine.wasm;
    const { exports } = await WebAssembly.instantiate(module, imports ?? {});
    return { module, instance: { exports: oneOfEach(exports, imports) } };
  };
  /** @type {Promise<never>} */
  const broken = new Promise((_, reject) => {
    engine.wasm.catch(reject);
    WebAssembly.instantiateStreaming = async (_source, imports) => {
      const instantiated = instantiate(imports);
      instantiated.catch(reject);
      return instantiated;
    };
  });
  const giveBack = () => {
    globalThis.fetch = fetch;
    WebAssembly.instantiateStreaming = instantiateStreaming;
  };
  const forsake = () => {
    globalThis.fetch = fetch;
    WebAssembly.instantiateStreaming = () => new Promise(() => {});
  };
  return { broken, giveBack, forsake };
}

/**
 * Return exports in which a function is the same object as in the table of functions.
 *
 * So the standard has it; WebKit gives each place of the table an object of its own. Pyodide
 * takes such a function for another one and gives it one more place, and all after it other
 * numbers than they have in the image.
 *
 * @param {any} exports
 * @param {any} imports
 */
function oneOfEach(exports, imports) {
  const table = imports.env.__indirect_function_table;
  if (holds(exports, table)) return exports;
  /** @type {Map<string, Function>} */
  const known = new Map();
  for (let place = 0; place < table.length; place += 1) {
    const entry = table.get(place);
    if (entry) known.set(entry.name, entry);
  }
  // By the standard again, a function's name is its number in the module.
  const one = (/** @type {any} */ value) =>
    typeof value === "function" ? (known.get(value.name) ?? value) : value;
  return Object.fromEntries(Object.entries(exports).map(([name, value]) => [name, one(value)]));
}

/**
 * Tell whether an exported function is found in the table.
 *
 * @param {any} exports
 * @param {WebAssembly.Table} table
 */
function holds(exports, table) {
  const exported = new Set(Object.values(exports));
  for (let place = 0; place < table.length; place += 1) {
    if (exported.has(table.get(place) ?? exported)) return true;
  }
  return false;
}
