/**
 * Starts Python's worker.
 *
 * Imports nothing: in the head of the planner's page stands the text of this module itself, so
 * that Python starts before any other file of the page has come.
 */

/** The modules that a worker is made of; named together, they are fetched together. */
const MODULES = ["worker", "runtime", "pyodide", "image", "files"];

/** Where a page keeps the worker that was started ahead. */
const AHEAD = Symbol.for("csp-planner");

/**
 * @typedef {object} Launched
 * @property {Worker} worker
 * @property {string} life name of the lock that it holds as long as it lives
 * @property {(listen: (event: MessageEvent | ErrorEvent) => void) => void} hear
 *   tells all that the worker says, and what it has said before
 *
 * @typedef {{[AHEAD]?: {runtime: string, launched: Launched}}} Page
 */

/**
 * Start a worker before the planner's element is there, which takes it over.
 *
 * @param {string} runtime as for `launch`
 * @param {string} folder as for `launch`
 */
export function startAhead(runtime, folder) {
  const page = /** @type {Page} */ (document);
  page[AHEAD] = { runtime, launched: launch(runtime, folder, null) };
}

/**
 * Return the worker that was started ahead from a runtime, once.
 *
 * @param {string} runtime
 * @returns {Launched | null}
 */
export function takeAhead(runtime) {
  const page = /** @type {Page} */ (document);
  const started = page[AHEAD];
  if (started?.runtime !== runtime) return null;
  delete page[AHEAD];
  return started.launched;
}

/**
 * Start a worker that boots Python.
 *
 * It starts from a `blob:` URL: only so does it inherit the page's Content-Security-Policy
 * where that stands in a `<meta>` element.
 *
 * @param {string} runtime absolute URL of the folder that holds Pyodide and the wheels
 * @param {string} folder absolute URL of the folder that holds these modules
 * @param {WebAssembly.Module | null} compiled Pyodide as an earlier worker has compiled it
 * @returns {Launched}
 */
export function launch(runtime, folder, compiled) {
  const life = `csp-planner-${Math.random()}`;
  const code = new Blob([bootstrap(runtime, folder, life)], { type: "text/javascript" });
  const worker = new Worker(URL.createObjectURL(code), { type: "module" });
  worker.postMessage(compiled);
  /** @type {(MessageEvent | ErrorEvent)[]} */
  const said = [];
  /** @type {(event: MessageEvent | ErrorEvent) => void} */
  let listen = (event) => said.push(event);
  worker.addEventListener("message", (event) => listen(event));
  worker.addEventListener("error", (event) => {
    event.preventDefault();
    listen(event);
  });
  return {
    worker,
    life,
    hear(listener) {
      // Not before whoever starts a planner has it in hand.
      queueMicrotask(() => {
        listen = listener;
        said.forEach(listen);
      });
    },
  };
}

/**
 * Return the code of a worker's first module.
 *
 * @param {string} runtime
 * @param {string} folder
 * @param {string} life
 */
function bootstrap(runtime, folder, life) {
  // Imported while it runs: what a worker of a blob: URL imports before it runs, Firefox fetches
  // past the service worker.
  const modules = MODULES.map((name) => `import(${JSON.stringify(`${folder}${name}.js`)})`);
  return `const compiled = new Promise((resolve) => {
  self.addEventListener("message", ({ data }) => resolve(data), { once: true });
});
Promise.all([${modules}]).then(
  ([{ start }]) => start(${JSON.stringify(runtime)}, ${JSON.stringify(life)}, compiled),
  (error) => self.postMessage({ kind: "failed", reason: "network", detail: String(error) }),
);`;
}
