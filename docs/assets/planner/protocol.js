/**
 * What the page and its worker say to each other. Types only.
 *
 * The worker speaks first: a `progress` at the start of each stage, then `ready`
 * or `failed`. From then on the page asks `{id, kind, payload}` and the worker
 * answers `{id, ok, …}`, one after the other, in the order asked. While long
 * work goes on it says how far it is. `planner/browser.py` is what answers.
 *
 * @typedef {"runtime" | "packages" | "planner"} Stage
 *   Fetching and compiling Python, loading its packages, importing the planner.
 *
 * @typedef {"wasm" | "network" | "time" | "lost" | "memory" | "other"} Reason
 *   WebAssembly is blocked; a file did not arrive whole; a stage takes too long;
 *   the worker is gone; memory ran short; anything else.
 *
 * @typedef {{columns?: Record<string, Record<string, string>>,
 *   orders?: Record<string, Record<string, string>>, customers?: Record<string, string>}} Choices
 *   What the reader changed in how it is read: number of the part → header → field (empty:
 *   left out), → `day-first`, `month-first` or `year-first`; number of the part → customer.
 *
 * @typedef {({name: string, text: string, as_of?: string}
 *   | {name: string, bytes: ArrayBuffer}) & {choices?: Choices}} Source
 *   What the reader brought: pasted text, or a file's bytes; `as_of` is the example's day.
 *   On the page, the first holds the choices for all of them.
 *
 * @typedef {{as_of?: string, market?: string, outgoing?: string,
 *   policies?: Record<string, number | string>, scheduling?: Record<string, string>,
 *   prices?: Record<string, string>}} Settings
 *   Days are ISO days in UTC, lead times whole days; `""` is the default. `scheduling` has
 *   the command line's keys, such as `schedule.per_day`, and their values.
 *
 * @typedef {{text?: string, customer?: string, path?: string, due?: string, hold?: string,
 *   question?: string, step?: string, on?: string, sort?: string, group?: string}} Query
 *   Which lines, in which order: `planner.portfolio.Query`.
 *
 * @typedef {{kind: string, payload: object}} Change
 *   A change as the answers' `journal` gives it: subscriptions by key, not by line.
 *
 * What can be asked, and what the answer holds beside `id` and `ok`:
 *
 * @typedef {object} Requests
 * @property {{language: string, rules_url: string, settings: Settings}} begin
 * @property {{sources: Source[], choices?: Choices}} read `html`, `understood`, `announce`,
 *   `choices` where those of an opened plan count; the plan stays
 * @property {{}} plan plans what was read last: `Standing`, `announce`
 * @property {{source: Source}} open opens a plan file, which takes the place of all that was
 *   read and chosen: as `read` and `plan`, and `changes`
 * @property {{sources: Source[], choices?: Choices, changes: Change[]}} resume reads, changes, plans: as `plan`
 * @property {Settings} set a change: `Standing`, `replanned`, `journal`, `announce`
 * @property {{question: string, value: string}} answer a change
 * @property {{step: string, done: boolean} & ({lines: number[]} | {entry: number})} mark
 *   a change, of some lines or of one entry of the agenda
 * @property {{lines: number[], text: string}} note a change, of one line
 * @property {{lines: number[], alternative: string}} choose a change, of one line: a way
 *   instead of the recommended one, which `""` brings back
 * @property {{}} undo `Standing`, `undone` (kind, or empty), `announce`
 * @property {{}} forget
 * @property {{}} summary `html`
 * @property {{}} questions `html`
 * @property {{from: number, to: number}} agenda `html`, `total`
 * @property {Query & {columns?: string[]}} table `html`, `columns`
 * @property {Query & {columns?: string[], from: number, to: number}} rows `html`, `total`, `found`
 * @property {Query & {zoom: string}} timeline `html`, `width`
 * @property {Query & {zoom: string, from: number, to: number}} lanes `html`, `total`, `found`
 * @property {{line: number}} detail `html`
 * @property {{}} settings `html`
 * @property {{}} exports `html`
 * @property {{export: string, language?: string, names?: "real" | "aliases", table?: string,
 *   packed?: boolean}} export
 *   `files`, `announce`
 *
 * @typedef {keyof Requests} Kind
 *
 * @typedef {{name: string, media_type: string, text?: string, base64?: string}} Leaving
 *   A file made; JSON has no bytes, so what isn't text is in base64.
 *
 * @typedef {object} Answer
 * @property {number} id
 * @property {boolean} ok
 * @property {string} [reason] where not ok: `refused`, `nothing`, `memory`, `network`, `other`;
 *   `packages` stays between Python and the worker, which loads them and asks again
 * @property {string[]} [packages] what Python needs before it can answer
 * @property {string} [setting] the setting refused
 * @property {string} [say] why, as a sentence
 * @property {string} [detail] what broke and where; never what was pasted
 * @property {string} [html]
 * @property {string} [announce] a sentence for the status line
 * @property {number} [total]
 * @property {string} [found] how many lines a query found, as a sentence
 * @property {number} [understood]
 * @property {Choices} [choices]
 * @property {string[]} [columns]
 * @property {number} [width]
 * @property {boolean} [replanned]
 * @property {Change | null} [journal]
 * @property {string} [undone]
 * @property {Leaving[]} [files]
 * @property {string} [changes] HTML: what a plan file just opened would be planned as today
 *
 * How things stand (`Standing`):
 * @property {string} [undo] what undo would take back, as a label; empty for nothing
 * @property {Settings} [settings]
 * @property {number} [lines]
 * @property {number} [questions] how many are open
 * @property {string} [as_of]
 * @property {string} [standing] the plan's day, as a sentence
 *
 * @typedef {{id: number, kind: Kind, payload: object}} ToWorker
 *
 * @typedef {{kind: "progress", stage: Stage}
 *   | {kind: "compiled", module: WebAssembly.Module}
 *   | {kind: "ready"}
 *   | {kind: "failed", reason: Reason, detail: string}
 *   | {kind: "working", id: number, done: number, total: number}
 *   | {kind: "answer", answer: Answer}} FromWorker
 */

export {};
