/**
 * What the page and its worker say to each other. Types only.
 *
 * The worker speaks first: a `progress` at the start of each stage, then `ready`
 * or `failed`. From then on it answers each `plan` with `planned` or `error`
 * under the same id.
 *
 * @typedef {"runtime" | "packages" | "planner"} Stage
 *   Fetching and compiling Python, loading its packages, importing the planner.
 *
 * @typedef {"wasm" | "network" | "time" | "lost" | "other"} Reason
 *   WebAssembly is blocked; a file did not arrive whole; a stage takes too long;
 *   the worker is gone; anything else.
 *
 * @typedef {{id: number, kind: "plan", text: string, settings: string}} ToWorker
 *   `settings` is JSON that `planner.browser` understands.
 *
 * @typedef {{kind: "progress", stage: Stage}
 *   | {kind: "compiled", module: WebAssembly.Module}
 *   | {kind: "ready"}
 *   | {kind: "failed", reason: Reason, detail: string}
 *   | {id: number, kind: "planned", html: string, announce: string, plan: string}
 *   | {id: number, kind: "error", detail: string}} FromWorker
 *   `html` is the result as Python rendered it, `announce` its sentence for the
 *   status line, `plan` the plan's JSON text as the command line prints it.
 */

export {};
