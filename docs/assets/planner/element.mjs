/**
 * `<csp-planner>`: paste, press, read. A thin shell around Python in a worker.
 *
 * All words stand in the page's HTML and the result comes from Python as HTML;
 * this module shows, hides, moves focus and keeps the reader's text safe. What
 * the reader pastes stays in the box and in the worker: it is not stored, not
 * logged and never part of an address.
 *
 * Attributes: `data-start` (`now`, or `open`: only when opened or focused),
 * `data-runtime` (folder of Pyodide and wheels), `data-language`, `data-rules`
 * (address of the rules page). Fires `planned` with `detail.plan`, the plan's JSON.
 */

import { PythonWorker } from "./boot.mjs";
import { startWhenWanted } from "./when.mjs";

/** @import { Reason, Stage } from "./protocol.mjs" */

class CspPlanner extends HTMLElement {
  /** The last plan's JSON text, exactly as the command line prints it. */
  plan = "";

  /** @type {PythonWorker | null} */
  #python = null;
  #ready = false;
  /** The request that has no answer yet; it survives a worker that doesn't. */
  #waiting = /** @type {{id: number, text: string, settings: string} | null} */ (null);
  #requests = 0;
  /** Text that *Try an example* or *Start over* took out of the box. */
  #setAside = "";
  /** The as-of day that stood beside it, if the reader chose one. */
  #dayAside = "";
  /** Today, as the box shows it until the reader chooses a day. */
  #prefilled = "";
  /** Whether the day in the box is the example's, and nobody's choice. */
  #dayOfExample = false;

  connectedCallback() {
    if (!this.#asOf.value) this.#chooseDay("");
    this.#part("form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#request();
    });
    this.#onPress("example", () => this.#tryExample());
    this.#onPress("over", () => this.#startOver());
    this.#onPress("restore", () => this.#restore());
    this.#onPress("cancel", () => this.#cancel());
    this.#onPress("again", () => this.#tryAgain());
    this.#text.addEventListener("input", () => {
      this.#leaveExample();
      this.#changed();
    });
    this.#asOf.addEventListener("input", () => {
      this.#prefilled = "";
      this.#dayOfExample = false;
      this.#changed();
    });
    startWhenWanted(this, () => this.#start());
    this.#guardText();
  }

  disconnectedCallback() {
    this.#python?.stop();
    this.#python = null;
    removeEventListener("beforeunload", warn);
  }

  // The worker's life

  #start() {
    if (this.#python) return;
    this.#ready = false;
    this.#failure(null);
    const runtime = new URL(this.dataset.runtime ?? "", document.baseURI).href;
    this.#python = new PythonWorker(runtime, {
      progress: (stage) => this.#progress(stage),
      slow: () => this.#say("slow"),
      ready: () => this.#onReady(),
      failed: (reason, detail) => this.#onFailed(reason, detail),
      planned: (id, answer) => this.#onPlanned(id, answer),
    });
    this.#progress("runtime");
    this.#say(this.#waiting ? "queued" : "starting");
  }

  #onReady() {
    this.#ready = true;
    this.#progress("ready");
    if (this.#waiting) this.#send();
    else this.#say("ready");
  }

  /**
   * @param {Reason} reason
   * @param {string} detail
   */
  #onFailed(reason, detail) {
    this.#python = null;
    this.#ready = false;
    this.#progress("failed");
    this.#showBusy();
    this.#say("");
    this.#failure(reason, detail);
  }

  #tryAgain() {
    this.#text.focus();
    // The reader may have corrected what the planner failed on.
    if (this.#waiting) this.#waiting = this.#asked();
    this.#start();
    this.#showBusy();
  }

  // Planning

  #request() {
    if (!this.#asOf.value) this.#chooseDay("");
    // A request under way is answered with what stood in the box when it was made.
    if (this.#waiting && this.#ready) return;
    this.#waiting = this.#asked();
    this.#start();
    if (this.#ready) this.#send();
    else {
      this.#say("queued");
      this.#showBusy();
    }
  }

  /** @returns {{id: number, text: string, settings: string}} what the form asks for now */
  #asked() {
    return { id: ++this.#requests, text: this.#text.value, settings: this.#settings };
  }

  get #settings() {
    const { language, rules } = this.dataset;
    return JSON.stringify({ language, as_of: this.#chosenDay, rules_url: rules });
  }

  #send() {
    if (!this.#waiting) return;
    const { id, text, settings } = this.#waiting;
    this.#say("planning");
    this.#showBusy();
    this.#python?.plan(id, text, settings);
  }

  /** Forget the request. Python can't be interrupted: it is stopped and starts anew. */
  #cancel() {
    this.#waiting = null;
    if (this.#ready) {
      this.#python?.stop();
      this.#python = null;
      this.#start();
    }
    this.#text.focus();
    this.#showBusy();
    this.#say("cancelled");
  }

  /**
   * @param {number} id
   * @param {{html: string, announce: string, plan: string}} answer
   */
  #onPlanned(id, { html, announce, plan }) {
    if (this.#waiting?.id !== id) return;
    const { text, settings } = this.#waiting;
    this.#waiting = null;
    this.plan = plan;
    this.#part("plan").innerHTML = html;
    this.#part("result").hidden = false;
    this.#part("stale").hidden = text === this.#text.value && settings === this.#settings;
    this.#showBusy();
    this.#part("status").textContent = announce;
    this.#part("heading").scrollIntoView();
    this.#part("heading").focus({ preventScroll: true });
    this.dispatchEvent(new CustomEvent("planned", { detail: { plan } }));
  }

  // The box

  #tryExample() {
    this.#cancelIfWaiting();
    this.#replaceText(this.#template("example"));
    this.#chooseDay(this.#template("example-as-of"));
    this.#dayOfExample = true;
    this.#request();
  }

  #startOver() {
    this.#cancelIfWaiting();
    this.#replaceText("");
    this.#chooseDay("");
    this.plan = "";
    this.#part("plan").replaceChildren();
    this.#part("result").hidden = true;
    this.#text.focus();
    this.#say("cleared");
  }

  #restore() {
    this.#text.value = this.#setAside;
    this.#chooseDay(this.#dayAside);
    this.#setAside = "";
    this.#changed();
    this.#text.focus();
    this.#say("restored");
  }

  /** The example's day is for the example: text of the reader's own isn't planned on it. */
  #leaveExample() {
    const [header, first] = this.#template("example").split("\n");
    if (this.#dayOfExample && !this.#text.value.startsWith(`${header}\n${first}`)) {
      this.#chooseDay("");
    }
  }

  /** @param {string} day empty for none: the box shows today, and the planner decides */
  #chooseDay(day) {
    this.#dayOfExample = false;
    this.#prefilled = day ? "" : today();
    this.#asOf.value = day || this.#prefilled;
  }

  /** @returns {string} the day that the reader chose; empty where the box is untouched */
  get #chosenDay() {
    return this.#asOf.value === this.#prefilled ? "" : this.#asOf.value;
  }

  #cancelIfWaiting() {
    if (this.#waiting) this.#cancel();
  }

  /** @param {string} text */
  #replaceText(text) {
    const old = this.#text.value;
    if (old.trim() && old !== this.#template("example")) {
      this.#setAside = old;
      this.#dayAside = this.#chosenDay;
    }
    this.#text.value = text;
    this.#changed();
  }

  #changed() {
    this.#part("stale").hidden = this.#part("result").hidden;
    this.#part("restore").hidden = !this.#setAside;
    this.#guardText();
  }

  /** Ask before the page is left only while there is something to lose. */
  #guardText() {
    const text = this.#text.value;
    const precious = this.#setAside || (text.trim() && text !== this.#template("example"));
    (precious ? addEventListener : removeEventListener)("beforeunload", warn);
  }

  // What is shown

  /** @param {Stage | "ready" | "failed"} stage */
  #progress(stage) {
    this.dataset.runtimeState = stage;
    let over = true;
    for (const step of this.querySelectorAll("[data-stage]")) {
      const current = step.getAttribute("data-stage") === stage;
      if (current) over = false;
      step.toggleAttribute("data-over", over && stage !== "failed");
      if (current) step.setAttribute("aria-current", "step");
      else step.removeAttribute("aria-current");
    }
    this.#part("progress").hidden = stage === "ready" || stage === "failed";
  }

  #showBusy() {
    const busy = this.#waiting !== null && this.#python !== null;
    this.#part("cancel").hidden = !busy;
    this.#part("go").setAttribute("aria-disabled", String(busy && this.#ready));
    this.toggleAttribute("data-busy", busy);
  }

  /**
   * Put one of the page's sentences into the status line.
   *
   * @param {string} key name of the sentence; empty for none
   */
  #say(key) {
    this.#part("status").textContent = key ? this.#template(key) : "";
  }

  /**
   * @param {Reason | null} reason null hides the failure
   * @param {string} [detail]
   */
  #failure(reason, detail = "") {
    for (const sentence of this.querySelectorAll("[data-reason]")) {
      /** @type {HTMLElement} */ (sentence).hidden = sentence.getAttribute("data-reason") !== reason;
    }
    this.#part("kept").hidden = !this.#text.value;
    this.#part("detail").textContent = detail;
    this.#part("technical").hidden = !detail;
    this.#part("failure").hidden = reason === null;
  }

  /**
   * @param {string} name
   * @param {() => void} act
   */
  #onPress(name, act) {
    this.querySelector(`[data-part="${name}"]`)?.addEventListener("click", act);
  }

  /**
   * @param {string} name
   * @returns {HTMLElement}
   */
  #part(name) {
    return /** @type {HTMLElement} */ (this.querySelector(`[data-part="${name}"]`));
  }

  get #text() {
    return /** @type {HTMLTextAreaElement} */ (this.#part("text"));
  }

  get #asOf() {
    return /** @type {HTMLInputElement} */ (this.#part("as-of"));
  }

  /**
   * @param {string} key
   * @returns {string} the words that the page holds under a key
   */
  #template(key) {
    const template = this.querySelector(`template[data-words="${key}"]`);
    return /** @type {HTMLTemplateElement | null} */ (template)?.content.textContent ?? "";
  }
}

/** @param {BeforeUnloadEvent} event */
function warn(event) {
  event.preventDefault();
}

/** @returns {string} the day in UTC, like `2026-11-23`: Microsoft's terms end by UTC */
function today() {
  return new Date().toISOString().slice(0, 10);
}

customElements.define("csp-planner", CspPlanner);
