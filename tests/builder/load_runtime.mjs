// Load the bundle as the page's worker does and print what a Python expression gives.
// node load_runtime.mjs <folder of the bundle> <Python file>
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [folder, program] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${folder}/pyodide.mjs`));
const pyodide = await loadPyodide({
  indexURL: `${folder}/`,
  lockFileURL: `${folder}/pyodide-lock.json`,
  packages: ["csp-move-planner"],
});
console.log(pyodide.runPython(readFileSync(program, "utf8")));
