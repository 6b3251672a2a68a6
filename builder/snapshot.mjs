// Make a memory image of Python with the planner warm, for builder/snapshot.py.
// node snapshot.mjs <folder of Pyodide> <folder of the runtime> <assets> <file to write>
//
// Pyodide's private options, like docs/assets/planner/pyodide.js, which restores the image.
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";

// Left alone, Node first repeats the line of code that failed, which is all of Pyodide.
process.on("uncaughtException", (error) => {
  console.error(error.message);
  process.exit(1);
});

const [engine, runtime, assets, target] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${engine}/pyodide.mjs`));
const { ENVIRONMENT } = await import(pathToFileURL(`${assets}/pyodide.js`));
const { unpack } = await import(pathToFileURL(`${assets}/files.js`));

const contents = JSON.parse(readFileSync(`${runtime}/contents.json`, "utf8"));
const { stdlib, planner } = contents.packs;
const pyodide = await loadPyodide({
  indexURL: `${engine}/`,
  stdLibURL: `${runtime}/${stdlib.file}`,
  lockFileContents: contents.lock,
  packageBaseUrl: `${runtime}/`,
  env: { ...ENVIRONMENT, ...contents.image },
  fsInit: async (system) => unpack(system, planner, readFileSync(`${runtime}/${planner.file}`)),
  _makeSnapshot: true,
});
warm();
wipe(pyodide._module);
// What Pyodide itself knows of packages it asks for again when it restores.
for (const name of Object.keys(pyodide.loadedPackages)) delete pyodide.loadedPackages[name];
const image = pyodide.makeMemorySnapshot();
writeFileSync(target, gzipSync(image, { level: 9 }));

/**
 * Plan an example in every language and leave no garbage. What is left every plan needs:
 * frozen, no later search for garbage goes through it again and again.
 */
function warm() {
  const browser = pyodide.pyimport("planner.browser");
  browser.warm();
  browser.destroy();
  const collector = pyodide.pyimport("gc");
  collector.collect();
  collector.freeze();
  collector.destroy();
}

/** Fill memory that nothing uses with zeros, so that the image compresses. */
function wipe(module) {
  const { ___libc_malloc: allocate, _free: free } = module;
  // With the limit at what is there, allocation fails instead of growing the memory.
  module._malloc_set_footprint_limit(module._malloc_footprint());
  const held = [];
  for (let size = 1 << 24; size >= 8; size >>= 1) {
    for (let block = allocate(size); block; block = allocate(size)) {
      module.HEAPU8.fill(0, block, block + size);
      held.push(block);
    }
  }
  for (const block of held) free(block);
  module._malloc_set_footprint_limit(-1);
  const [end, now] = [module._emscripten_stack_get_end(), module._emscripten_stack_get_current()];
  module.HEAPU8.fill(0, end, now);
}
