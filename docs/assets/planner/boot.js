/**
 * The life of one worker, seen from the page: started, watched, stopped.
 */

import { launch, takeAhead } from "./launch.js";
import { keepSite } from "./offline.js";

/** @import { Answer, FromWorker, Kind, Reason, Stage } from "./protocol.js" */

/**
 * @typedef {object} Listener
 * @property {(stage: Stage) => void} progress
 * @property {() => void} slow a stage takes longer than most readers will expect
 * @property {() => void} ready
 * @property {(reason: Reason, detail: string) => void} failed
 *   the worker is of no more use, and already stopped
 * @property {(answer: Answer) => void} answered
 * @property {(id: number, done: number, total: number) => void} working
 */

/** A stage that lasts longer than this (ms) deserves a word. */
const SLOW = 15_000;

/** A stage that lasts longer than this (ms) has failed. */
const TOO_LONG = 120_000;

/** Where these modules are. */
const FOLDER = new URL(".", import.meta.url).href;

/**
 * Pyodide as a worker has compiled it, by its runtime: the next one needn't, so a reader who
 * cancels waits less. A second worker at the ready would make that no wait at all, but takes
 * 150 MB of memory as the first does, and without it a cancel stays within its budget.
 *
 * @type {Map<string, WebAssembly.Module>}
 */
const compiled = new Map();

export class PythonWorker {
  /** @type {Worker} */
  #worker;
  /** @type {Listener} */
  #listener;
  /** @type {number[]} */
  #timers = [];
  #runtime;
  #life;
  #watch = new AbortController();

  /**
   * Start a worker that boots Python from `runtime`, or take over the one started ahead.
   *
   * @param {string} runtime absolute URL of the folder that holds Pyodide and the wheels
   * @param {Listener} listener
   */
  constructor(runtime, listener) {
    this.#listener = listener;
    this.#runtime = runtime;
    const launched = takeAhead(runtime) ?? launch(runtime, FOLDER, compiled.get(runtime) ?? null);
    this.#life = launched.life;
    this.#worker = launched.worker;
    launched.hear((event) => {
      if (event instanceof MessageEvent) this.#hear(event.data);
      // Before its first word a worker fails only because its module did not arrive.
      else this.#fail(this.#heard ? "lost" : "network", event.message ?? "");
    });
    this.#wait();
  }

  #heard = false;

  /**
   * Ask something. The answer comes to `listener.answered` under the same id.
   *
   * @param {number} id
   * @param {Kind} kind
   * @param {object} payload
   */
  ask(id, kind, payload) {
    this.#worker.postMessage({ id, kind, payload });
  }

  /** Stop at once, whatever Python is doing. Nothing is heard of this worker again. */
  stop() {
    this.#worker.terminate();
    this.#watch.abort();
    this.#rest();
  }

  /** @param {FromWorker} message */
  #hear(message) {
    if (this.#watch.signal.aborted) return;
    if (!this.#heard) {
      this.#heard = true;
      this.#watchLife();
    }
    switch (message.kind) {
      case "progress":
        this.#wait();
        this.#listener.progress(message.stage);
        break;
      case "compiled":
        compiled.set(this.#runtime, message.module);
        break;
      case "ready":
        this.#rest();
        keepSite(this.#runtime);
        this.#listener.ready();
        break;
      case "working":
        this.#listener.working(message.id, message.done, message.total);
        break;
      case "answer":
        this.#listener.answered(message.answer);
        break;
      case "failed":
        this.#fail(message.reason, message.detail);
        break;
    }
  }

  /**
   * @param {Reason} reason
   * @param {string} detail
   */
  #fail(reason, detail) {
    if (this.#watch.signal.aborted) return;
    this.stop();
    this.#listener.failed(reason, detail);
  }

  /**
   * Learn of the worker's death: browsers fire no event when they end a worker
   * for want of memory, but its lock falls to whoever waits for it.
   */
  #watchLife() {
    const { signal } = this.#watch;
    navigator.locks?.request(this.#life, { signal }, () => this.#fail("lost", "")).catch(() => {});
  }

  #wait() {
    this.#rest();
    this.#timers = [
      setTimeout(() => this.#listener.slow(), SLOW),
      setTimeout(() => this.#fail("time", ""), TOO_LONG),
    ];
  }

  #rest() {
    this.#timers.forEach(clearTimeout);
    this.#timers = [];
  }
}
