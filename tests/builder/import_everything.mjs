// Import every module of every pack, and of the reduced standard library, and print what fails.
// node import_everything.mjs <Pyodide> <runtime> <assets>
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [engine, runtime, assets] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${engine}/pyodide.mjs`));
const { unpack } = await import(pathToFileURL(`${assets}/files.js`));
const contents = JSON.parse(readFileSync(`${runtime}/contents.json`, "utf8"));
const { stdlib, ...others } = contents.packs;
const pyodide = await loadPyodide({
  indexURL: `${engine}/`,
  stdLibURL: `${runtime}/${stdlib.file}`,
  lockFileContents: contents.lock,
  packageBaseUrl: `${runtime}/`,
  fsInit: async (system) => {
    for (const pack of Object.values(others)) {
      unpack(system, pack, readFileSync(`${runtime}/${pack.file}`));
    }
  },
});
const failed = pyodide.runPython(`
import importlib, json, sys, warnings, zipfile
from pathlib import Path
from planner import browser

warnings.simplefilter("ignore")
browser.warm()
site = next(path for path in sys.path if path.endswith("site-packages"))
paths = [path.relative_to(site).as_posix() for path in Path(site).rglob("*.py*")]
with zipfile.ZipFile(next(path for path in sys.path if path.endswith(".zip"))) as library:
    paths += library.namelist()
paths = [path for path in paths if path.endswith((".py", ".pyc"))]
failed = {}
for path in sorted(paths):
    name = path.rpartition(".")[0].removesuffix("/__init__").replace("/", ".")
    if not all(part.isidentifier() for part in name.split(".")) or name.endswith("__main__"):
        continue
    try:
        importlib.import_module(name)
    except BaseException as error:
        failed[name] = f"{type(error).__name__}: {error}"
json.dumps(failed)
`);
console.log(failed);
