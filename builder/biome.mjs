/**
 * Check, or with `--write` mend, the format and the faults of JavaScript and CSS files.
 *
 * Biome runs as WebAssembly, so that nothing built for one system has to be installed.
 * Usage: node builder/biome.mjs [--write] FILE...
 */

import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const { Biome } = require("@biomejs/js-api/nodejs");

const [write, files] =
  process.argv[2] === "--write" ? [true, process.argv.slice(3)] : [false, process.argv.slice(2)];

const biome = new Biome();
const { projectKey } = biome.openProject(".");
biome.applyConfiguration(projectKey, JSON.parse(readFileSync("biome.json", "utf-8")));

let failed = false;

/**
 * @param {string} filePath
 * @param {string} fileSource
 * @param {object[]} diagnostics
 */
function complain(filePath, fileSource, diagnostics) {
  failed = true;
  const options = { filePath, fileSource };
  const html = biome.printDiagnostics(diagnostics, options);
  process.stderr.write(`${plain(html)}\n`);
}

/** @param {string} html */
function plain(html) {
  const characters = { "&lt;": "<", "&gt;": ">", "&quot;": '"', "&amp;": "&" };
  return html.replace(/<[^>]*>/g, "").replace(/&(?:lt|gt|quot|amp);/g, (one) => characters[one]);
}

for (const filePath of files) {
  const source = readFileSync(filePath, "utf-8");
  const linted = biome.lintContent(projectKey, source, {
    filePath,
    fixFileMode: write ? "safeFixes" : undefined,
  });
  const formatted = biome.formatContent(projectKey, linted.content, { filePath });
  const faults = linted.diagnostics.filter(({ severity }) => severity === "error");
  if (faults.length) complain(filePath, source, faults);
  if (formatted.diagnostics.length) complain(filePath, source, formatted.diagnostics);
  if (formatted.content === source) continue;
  if (write) writeFileSync(filePath, formatted.content);
  else {
    failed = true;
    process.stderr.write(
      `${filePath}: the format differs; python -m builder.javascript --write mends it.\n`,
    );
  }
}

process.exitCode = failed ? 1 : 0;
