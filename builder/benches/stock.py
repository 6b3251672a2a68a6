"""What the planner is measured against: Pyodide as it comes, with the same packages.

The page is the planner's own, with one difference: Python is booted by ``loadPyodide`` and
``loadPackage``, as Pyodide's documentation says. It starts as early as ours.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import importlib.metadata
import io
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

from pyodide_lock import PackageSpec, PyodideLockSpec
from pyodide_lock.spec import InfoSpec

from builder import packs, publish
from builder.bytecode import Members
from builder.paths import BUILD, NODE_MODULES, SITE
from planner import __version__

#: The planner's page that both are measured on.
PAGE = "en/planner/"

_OWN = "csp-move-planner"

#: Each package with those it needs.
_DEPENDS: Mapping[str, tuple[str, ...]] = {
    "markupsafe": (),
    "jinja2": ("markupsafe",),
    "babel": (),
    _OWN: ("jinja2", "babel"),
}

_ENGINE = ("pyodide.mjs", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip")

_WORKER = """
import { loadPyodide } from "./pyodide.mjs";
const indexURL = new URL("./", import.meta.url).href;
const pyodide = await loadPyodide({ indexURL, packageBaseUrl: indexURL });
await pyodide.loadPackage("csp-move-planner", { messageCallback() {} });
pyodide.pyimport("planner.browser").start();
self.addEventListener("message", ({ data: { code, names } }) => {
  for (const [name, value] of Object.entries(names)) pyodide.globals.set(name, value);
  self.postMessage({ result: pyodide.runPython(code) });
});
self.postMessage("ready");
"""

_START = """
const worker = new Worker(new URL("../../worker.js", document.baseURI), { type: "module" });
const first = new Promise((resolve) => {
  worker.addEventListener("message", resolve, { once: true });
});
first.then(() => {
  const element = document.querySelector("csp-planner");
  element.dataset.runtimeState = "ready";
});
globalThis.runPython = async (code, names) => {
  await first;
  worker.postMessage({ code, names });
  const { data } = await new Promise((resolve) => {
    worker.addEventListener("message", resolve, { once: true });
  });
  return data.result;
};
"""

#: What starts ours in its head, and under which policy.
_AHEAD = re.compile(r"<script>(?:(?!</script>).)*\bstartAhead\(.*?</script>", re.DOTALL)
_POLICY = re.compile(r'(<meta http-equiv="content-security-policy" content=")[^"]*(")')


def lay_out(folder: Path) -> None:
    """Fill a folder with the built site and, below ``stock/``, what it is measured against."""
    for path in SITE.iterdir():
        (folder / path.name).symlink_to(path)
    stock = folder / "stock"
    stock.mkdir()
    for name in _ENGINE:
        (stock / name).symlink_to(NODE_MODULES / "pyodide" / name)
        for compressed in SITE.glob(f"runtime/*/{name}.*"):
            # Engine files travel as small as ours do.
            (stock / compressed.name).symlink_to(compressed)
    (stock / "pyodide-lock.json").write_text(_lock(stock), encoding="utf-8")
    (stock / "worker.js").write_text(_WORKER, encoding="utf-8")
    page = folder / "stock" / PAGE / "index.html"
    page.parent.mkdir(parents=True)
    page.write_text(_page((SITE / PAGE / "index.html").read_text("utf-8")), encoding="utf-8")


def _page(ours: str) -> str:
    """Return the planner's page with nothing of its own boot, the stock one in its place."""
    without = re.sub(r'<link rel="modulepreload"[^>]*>\n?', "", ours)
    without = re.sub(r'<script type="module"[^>]*element\.js"></script>', "", without)
    page, count = _AHEAD.subn(
        lambda _: f"<script>(() => {{{_START}}})();</script>", without, count=1
    )
    if not count:
        raise ValueError("the planner's page starts Python otherwise than the bench knows")
    page = _POLICY.sub(lambda found: f"{found[1]}{publish.policy_of(page)}{found[2]}", page)
    page = page.replace('"base": ".."', f'"base": "../../../{PAGE}.."')
    page = page.replace('"search": "..', f'"search": "../../../{PAGE}..')
    # The copy stands one folder deeper.
    return re.sub(r'((?:src|href)=")\.\./', rf"\1../../../{PAGE}../", page)


def _lock(folder: Path) -> str:
    """Write the wheels; return a lock file that lists them and nothing else."""
    raw = folder / "wheels"
    for name in _DEPENDS:
        _write_wheel(raw, name, *_contents(name))
    subprocess.run(
        [sys.executable, "-m", "pyodide_cli", "py-compile", "--silent", str(raw)], check=True
    )
    wheels = {path.name.split("-")[0].replace("_", "-"): path for path in raw.glob("*.whl")}
    lock = PyodideLockSpec(
        info=InfoSpec.from_dict(packs.stock_lock()["info"]),
        packages={
            name: PackageSpec(
                name=name,
                version=wheels[name].name.split("-")[1],
                file_name=wheels[name].name,
                install_dir="site",
                sha256=hashlib.sha256(wheels[name].read_bytes()).hexdigest(),
                imports=["planner" if name == _OWN else name],
                depends=list(depends),
            )
            for name, depends in _DEPENDS.items()
        },
    )
    for path in wheels.values():
        path.rename(folder / path.name)
    return json.dumps(lock.to_dict())


def _contents(name: str) -> tuple[str, Members]:
    if name == _OWN:
        knowledge = (BUILD / "knowledge.json").read_bytes()
        return __version__, {**packs.planner_members(), "planner/knowledge.json": knowledge}
    languages = tuple(sorted(path.parent.name for path in SITE.glob("*/index.html")))
    return importlib.metadata.version(name), packs.package_members(name, languages)


def _write_wheel(folder: Path, name: str, version: str, members: Members) -> None:
    folder.mkdir(exist_ok=True)
    own = name.replace("-", "_")
    information = f"{own}-{version}.dist-info"
    content = {path: data for path, data in members.items() if ".dist-info/" not in path}
    content[f"{information}/METADATA"] = f"Name: {name}\nVersion: {version}\n".encode()
    content[f"{information}/WHEEL"] = (
        b"Wheel-Version: 1.0\nGenerator: bench\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    )
    table = io.StringIO()
    rows = csv.writer(table, lineterminator="\n")
    for path, data in content.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        rows.writerow([path, f"sha256={digest}", len(data)])
    rows.writerow([f"{information}/RECORD", "", ""])
    content[f"{information}/RECORD"] = table.getvalue().encode()
    with zipfile.ZipFile(
        folder / f"{own}-{version}-py3-none-any.whl", "w", zipfile.ZIP_DEFLATED
    ) as wheel:
        for path, data in content.items():
            wheel.writestr(path, data)
