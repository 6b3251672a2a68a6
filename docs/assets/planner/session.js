/**
 * One reader's session: the worker's life, what is asked of it, and what it takes
 * to go on when it is gone. Knows no element of the page.
 *
 * Events: `state` (the worker's), `work` (long work begins, goes on, ends),
 * `stands` (how things stand was told), `changed` (so the plan on the page is no longer what
 * stands; a new plan goes to who asked for it), `failed`.
 */

import { PythonWorker } from "./boot.js";

/** @import { Answer, Change, Kind, Reason, Requests, Settings, Source, Stage } from "./protocol.js" */

/** @typedef {Stage | "off" | "ready" | "failed"} State */

/** @typedef {{kind: Kind, done: number, total: number}} Work */

/**
 * @typedef {object} Asked
 * @property {number} id
 * @property {Kind} kind
 * @property {object} payload
 * @property {(answer: Answer) => void} resolve
 * @property {(error: Error) => void} reject
 */

/**
 * @typedef {object} Reading
 * @property {Source[]} sources
 * @property {Promise<Answer> | null} answer null as soon as it came
 */

/** Kinds that may take long; all others answer within the blink of an eye. */
const LONG = new Set(["read", "plan", "open", "resume", "set", "answer", "choose", "undo"]);

/** The worker went away, or the reader cancelled, before the answer came. */
export class Gone extends Error {}

export class Session extends EventTarget {
  /** @type {State} */
  state = "off";
  /** @type {Reason | null} */
  reason = null;
  detail = "";
  /** Whether a plan stands, in the worker or about to be put back there. */
  planned = false;
  /** @type {Answer | null} how things stand, as the last answer told */
  standing = null;
  /** @type {Work | null} */
  work = null;
  slow = false;
  restoring = false;

  #runtime;
  #begin;
  /** @type {PythonWorker | null} */
  #python = null;
  #ids = 0;
  /** @type {Map<number, Asked>} */
  #asked = new Map();
  /** @type {Source[]} what the plan that stands was made from */
  #plannedSources = [];
  /** @type {Reading | null} what the worker was asked to read last */
  #reading = null;
  /** @type {Change[]} what was chosen since the beginning, for the next worker */
  #changes = [];

  /**
   * @param {string} runtime absolute URL of the folder that holds Pyodide and the wheels
   * @param {Requests["begin"]} begin
   */
  constructor(runtime, begin) {
    super();
    this.#runtime = runtime;
    this.#begin = begin;
  }

  /** Start the worker, where there is none. */
  start() {
    if (this.#python) return;
    this.reason = null;
    this.slow = false;
    this.#python = new PythonWorker(this.#runtime, {
      progress: (stage) => this.#enter(stage),
      slow: () => {
        this.slow = true;
        this.#tell("state");
      },
      ready: () => this.#ready(),
      failed: (reason, detail) => this.#failed(reason, detail),
      answered: (answer) => this.#answered(answer),
      working: (id, done, total) => this.#working(id, done, total),
    });
    this.#enter("runtime");
  }

  /** Stop for good. */
  stop() {
    this.#python?.stop();
    this.#python = null;
    this.#giveUp();
    this.#enter("off");
  }

  /**
   * Ask the worker, now or as soon as it is ready.
   *
   * @template {Kind} K
   * @param {K} kind
   * @param {Requests[K]} payload
   * @returns {Promise<Answer>} rejected with `Gone` where no answer can come any more
   */
  ask(kind, payload) {
    this.start();
    return new Promise((resolve, reject) => {
      const asked = { id: ++this.#ids, kind, payload, resolve, reject };
      this.#asked.set(asked.id, asked);
      if (this.state === "ready") this.#send(asked);
    });
  }

  // What may take long

  /**
   * Read what the reader brought, unless the worker knows it already or is reading it.
   *
   * @param {Source[]} sources
   * @returns {Promise<Answer | null>} null where nothing was to be read again
   */
  async read(sources) {
    if (this.#reading && same(this.#reading.sources, sources)) return this.#reading.answer;
    /** @type {Reading} */
    const reading = { sources, answer: this.ask("read", brought(sources)) };
    this.#reading = reading;
    const answer = await reading.answer;
    reading.answer = null;
    if (!answer?.ok && this.#reading === reading) this.#reading = null;
    return answer;
  }

  /**
   * Plan what the reader brought.
   *
   * @param {Source[]} sources
   * @returns {Promise<{read: Answer | null, planned: Answer}>}
   */
  async plan(sources) {
    // Python answers in order, so the plan is asked for before what was read has come.
    const [read, planned] = await Promise.all([this.read(sources), this.ask("plan", {})]);
    // Where nothing could be read, Python has planned what it read before.
    if (planned.ok && read?.ok !== false) this.#stand(planned, sources);
    return { read, planned };
  }

  /**
   * Take over from another page: what it brought and what was chosen there.
   *
   * @param {Source[]} sources
   * @param {Change[]} changes
   * @returns {Promise<Answer>}
   */
  async takeOver(sources, changes) {
    const answer = await this.ask("resume", { ...brought(sources), changes });
    this.#reading = { sources, answer: null };
    this.#changes = [...changes];
    if (answer.ok) this.#stand(answer, sources);
    return answer;
  }

  /**
   * Open a plan file: it takes the place of everything read and chosen.
   *
   * @param {Source} source
   * @returns {Promise<Answer>}
   */
  async open(source) {
    const answer = await this.ask("open", { source });
    if (!answer.ok) return answer;
    this.#reading = { sources: [source], answer: null };
    this.#changes = [];
    this.#stand(answer, [source]);
    return answer;
  }

  /**
   * Change something that the reader can undo.
   *
   * @template {"set" | "answer" | "mark" | "note" | "choose"} K
   * @param {K} kind
   * @param {Requests[K]} payload
   * @returns {Promise<Answer>}
   */
  async change(kind, payload) {
    const answer = await this.ask(kind, payload);
    if (answer.ok && answer.journal) this.#changes.push(answer.journal);
    if (answer.ok) this.#change(answer);
    return answer;
  }

  /** @returns {Promise<Answer>} */
  async undo() {
    const answer = await this.ask("undo", {});
    if (answer.ok && answer.undone) this.#changes.pop();
    if (answer.ok) this.#change(answer);
    return answer;
  }

  /** Forget everything, here and in the worker: by ending it. */
  forget() {
    this.#plannedSources = [];
    this.#changes = [];
    this.#reading = null;
    this.planned = false;
    this.standing = null;
    this.#begin = { ...this.#begin, settings: {} };
    this.#restart();
  }

  /** Give up what is under way. Python can't be interrupted: it is stopped and starts anew. */
  cancel() {
    if (this.state === "ready") this.#restart();
    else this.#giveUp();
  }

  /** What another page needs to go on from here. */
  get handover() {
    return { sources: this.#plannedSources, changes: this.#changes };
  }

  /** Whether the reader chose, ticked off or noted something. */
  get touched() {
    return this.#changes.length > 0;
  }

  // The worker's life

  #restart() {
    this.#python?.stop();
    this.#python = null;
    this.#giveUp();
    this.start();
  }

  #ready() {
    this.slow = false;
    this.state = "ready";
    const waiting = [...this.#asked.values()];
    this.#asked.clear();
    this.ask("begin", this.#begin).then((answer) => {
      this.standing ??= answer;
      this.#tell("stands");
    }, ignore);
    if (this.planned) this.#restore();
    for (const asked of waiting) {
      this.#asked.set(asked.id, asked);
      this.#send(asked);
    }
    this.#enter("ready");
  }

  /** Put the plan that stands on the page back into a new worker. */
  #restore() {
    const sources = this.#plannedSources;
    this.restoring = true;
    this.ask("resume", { ...brought(sources), changes: this.#changes })
      .then((answer) => {
        this.#reading ??= { sources, answer: null };
        if (answer.ok) this.standing = answer;
      }, ignore)
      .finally(() => {
        this.restoring = false;
        this.#tell("stands");
        this.#tell("changed");
      });
  }

  /**
   * @param {Reason} reason
   * @param {string} detail
   */
  #failed(reason, detail) {
    this.#python = null;
    this.reason = reason;
    this.detail = detail;
    this.#giveUp();
    this.#enter("failed");
    this.#tell("failed");
  }

  /** Nothing asked so far will be answered. */
  #giveUp() {
    const asked = [...this.#asked.values()];
    this.#asked.clear();
    this.#reading = null;
    this.#setWork(null);
    for (const { reject } of asked) reject(new Gone());
  }

  /** @param {Asked} asked */
  #send({ id, kind, payload }) {
    if (LONG.has(kind) && !this.work) this.#setWork({ kind, done: 0, total: 0 });
    this.#python?.ask(id, kind, payload);
  }

  /** @param {Answer} answer */
  #answered(answer) {
    const asked = this.#asked.get(answer.id);
    if (!asked) return;
    this.#asked.delete(answer.id);
    const next = [...this.#asked.values()].find(({ kind }) => LONG.has(kind));
    this.#setWork(next ? { kind: next.kind, done: 0, total: 0 } : null);
    if (answer.reason === "memory") {
      asked.reject(new Gone());
      this.#python?.stop();
      this.#failed("memory", "");
      return;
    }
    asked.resolve(answer);
  }

  /**
   * @param {number} id
   * @param {number} done
   * @param {number} total
   */
  #working(id, done, total) {
    const asked = this.#asked.get(id);
    if (asked) this.#setWork({ kind: asked.kind, done, total });
  }

  /**
   * @param {Answer} answer with a new plan
   * @param {Source[]} sources what it was made from
   */
  #stand(answer, sources) {
    this.#plannedSources = sources;
    this.planned = true;
    this.standing = answer;
    this.#tell("stands");
  }

  /** @param {Answer} answer after a change of the plan that stands */
  #change(answer) {
    this.standing = answer;
    this.#tell("stands");
    this.#tell("changed");
  }

  /** @param {Work | null} work */
  #setWork(work) {
    this.work = work;
    this.#tell("work");
  }

  /** @param {State} state */
  #enter(state) {
    this.state = state;
    this.#tell("state");
  }

  /** @param {"state" | "work" | "stands" | "changed" | "failed"} what */
  #tell(what) {
    this.dispatchEvent(new Event(what));
  }

  /** @param {Settings} settings settings that the next worker begins with */
  keep(settings) {
    this.#begin = { ...this.#begin, settings };
  }
}

/**
 * @param {Source[]} sources
 * @returns {{sources: Source[], choices: import("./protocol.js").Choices}}
 */
function brought(sources) {
  return { sources, choices: sources[0]?.choices ?? {} };
}

/**
 * @param {Source[]} ones
 * @param {Source[]} others
 */
function same(ones, others) {
  return (
    ones.length === others.length &&
    ones.every((one, place) => {
      const other = others[place];
      if (!other || one.name !== other.name || one.choices !== other.choices) return false;
      return "text" in one
        ? "text" in other && one.text === other.text
        : "bytes" in other && one.bytes === other.bytes;
    })
  );
}

/** For answers that no longer matter where the worker is gone. */
export function ignore(/** @type {unknown} */ error) {
  if (!(error instanceof Gone)) throw error;
}
