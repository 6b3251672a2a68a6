/**
 * `<csp-planner>`: bring data, answer, read the plan, act. Holds the parts together.
 *
 * All words stand in the page's HTML or come from Python as HTML; this module shows,
 * hides and moves focus. What the reader brings stays in the page and in the worker:
 * it is not stored, not logged and never part of an address.
 *
 * Attributes: `data-start` (`now`, or `open`: only when opened or focused),
 * `data-runtime` (folder of Pyodide and wheels), `data-language`, `data-rules`
 * (address of the rules page), `data-planner` (address of the planner's own page).
 * Fires `planned` when a plan stands.
 */

import "./agenda.js";
import "./details.js";
import "./exports.js";
import "./input.js";
import "./questions.js";
import "./settings.js";
import "./table.js";
import "./timeline.js";
import { repeatEarlyPress } from "./early.js";
import { handOver, receive } from "./handover.js";
import { nearest, part, redraw, words } from "./parts.js";
import { ignore, Session } from "./session.js";
import { kept } from "./settings.js";
import { startWhenWanted } from "./when.js";

/** @import { Agenda } from "./agenda.js" */
/** @import { Details } from "./details.js" */
/** @import { Exports } from "./exports.js" */
/** @import { Input } from "./input.js" */
/** @import { Part } from "./parts.js" */
/** @import { Answer, Query, Source } from "./protocol.js" */
/** @import { Questions } from "./questions.js" */
/** @import { SettingsSheet } from "./settings.js" */
/** @import { Table } from "./table.js" */
/** @import { Timeline } from "./timeline.js" */

/**
 * @typedef {object} Wanted what was asked for and doesn't stand yet
 * @property {() => void} ask asks for it again
 * @property {string} givenUp name of the sentence that says it was given up
 */

/** Work that ends before this (ms) shows nothing of itself. */
const NOTICEABLE = 250;

class CspPlanner extends HTMLElement {
  /** @type {Session} */
  session = /** @type {Session} */ (/** @type {unknown} */ (null));

  /** @type {Query} which lines table and timeline show */
  filters = {};

  /** @type {Set<string>} views that show an older plan, or other lines */
  #stale = new Set();
  /** @type {Wanted | null} */
  #wanted = null;
  /** @type {Wanted | null} what failed, and *Try again* asks for */
  #failed = null;
  /** @type {Source[] | null} what the plan on the page was made from */
  #shown = null;
  #awake = false;
  /** @type {number | undefined} */
  #noticing;

  connectedCallback() {
    const { settings, view } = kept();
    const { language = "", rules = "", runtime = "" } = this.dataset;
    const folder = new URL(runtime, document.baseURI).href;
    this.session = new Session(folder, { language, rules_url: rules, settings });
    // First of all: a part may have something to tell as soon as it is attached.
    this.#listen();
    for (const element of this.querySelectorAll("[data-attach]")) {
      /** @type {Part} */ (element).attach(this);
    }
    if (this.#table) {
      this.#table.columns = view.columns;
      this.#table.addEventListener("columns", () => this.#keep());
    }
    startWhenWanted(this, () => this.#wake());
    this.#progress();
    receive((handover) => this.#take(handover));
    repeatEarlyPress(this);
  }

  disconnectedCallback() {
    this.session.stop();
    removeEventListener("beforeunload", warn);
  }

  /** Whether this is the planner's own page. */
  get #whole() {
    return this.dataset.start === "now";
  }

  // Parts

  get #input() {
    return /** @type {Input} */ (this.querySelector("planner-input"));
  }

  get #questions() {
    return /** @type {Questions} */ (this.querySelector("planner-questions"));
  }

  get #table() {
    return /** @type {Table | null} */ (this.querySelector("planner-table"));
  }

  get #details() {
    return /** @type {Details} */ (this.querySelector("planner-details"));
  }

  get #settings() {
    return /** @type {SettingsSheet | null} */ (this.querySelector("planner-settings"));
  }

  #listen() {
    const { session } = this;
    session.addEventListener("state", () => this.#onState());
    session.addEventListener("work", () => this.#onWork());
    session.addEventListener("stands", () => this.#onStands());
    session.addEventListener("changed", () => this.#onChanged());
    session.addEventListener("failed", () => this.#onFailed());
    this.#input.addEventListener("asked", () => this.#plan());
    this.#input.addEventListener("brought", () => this.#onBrought());
    this.#input.addEventListener("opened", (event) =>
      this.#open(/** @type {CustomEvent<Source>} */ (event).detail),
    );
    this.#press("example", () => this.#tryExample());
    this.#press("cancel", () => this.#cancel());
    this.#press("again", () => this.#tryAgain());
    this.#press("replan", () => this.#plan());
    this.#press("undo", () => this.#undo());
    this.#press("settings", () => this.#settings?.open());
    this.#press("settings-first", () => this.#settings?.open());
    this.#press("export", () =>
      /** @type {Exports} */ (this.querySelector("planner-exports")).open(),
    );
    this.#press("edit", () => this.#fold(!this.hasAttribute("data-folded")));
    this.#press("hand-over", () => this.#handOver());
    this.#press("forget", () => this.#sheet.showModal());
    this.#press("forget-keep", () => this.#sheet.close());
    this.#press("forget-all", () => this.#forget());
    this.addEventListener("click", (event) => this.#click(event));
    this.addEventListener("change", (event) => {
      const tick = /** @type {HTMLInputElement | null} */ (nearest(event.target, "[data-mark]"));
      if (tick) this.#mark(tick);
    });
    this.#details.addEventListener("step", (event) =>
      this.#step(/** @type {CustomEvent<-1 | 1>} */ (event).detail),
    );
    this.querySelector("[role=tablist]")?.addEventListener("keydown", (event) =>
      this.#turn(/** @type {KeyboardEvent} */ (event)),
    );
  }

  get #sheet() {
    return /** @type {HTMLDialogElement} */ (part(this, "forget-sheet"));
  }

  // The worker's life

  /** Start once; what failed later starts again only when the reader says so. */
  #wake() {
    if (this.#awake) return;
    this.#awake = true;
    this.session.start();
    if (this.#input.box.value) this.#input.read();
  }

  get #booting() {
    return !["ready", "failed", "off"].includes(this.session.state);
  }

  #onState() {
    const { session } = this;
    this.#progress();
    this.#onWork();
    if (session.state === "runtime" && !session.slow) {
      this.#failure();
      this.#sayUnlessForgotten(this.#wanted ? "queued" : "starting");
    } else if (session.slow) this.#say("slow");
    else if (session.state === "ready") {
      this.#sayUnlessForgotten(session.planned || this.#wanted ? "" : "ready");
      if (!session.restoring) return;
      this.#say("restoring");
    }
  }

  #onFailed() {
    this.#failed = this.#wanted;
    this.#wanted = null;
    this.#say("");
    this.#failure();
    this.#onWork();
  }

  #tryAgain() {
    const failed = this.#failed;
    this.#input.box.focus();
    this.session.start();
    if (failed || !this.session.planned) this.#input.read();
    failed?.ask();
  }

  // Bring data

  #onBrought() {
    this.#guard();
    this.#compare();
  }

  /** Say that the plan is older than what the reader brought since. */
  #compare() {
    const now = this.#input.sources;
    const older = this.#shown !== null && !sameSources(this.#shown, now);
    part(this, "stale").hidden = !older;
  }

  #tryExample() {
    this.#giveUp();
    this.#input.showExample();
    this.#plan();
  }

  // Plan

  async #plan() {
    const order = ++this.#order;
    this.#queue({ ask: () => this.#plan(), givenUp: "cancelled" });
    // What was chosen or dropped a moment ago belongs to it.
    await this.#input.taken;
    if (order !== this.#order) return;
    const sources = this.#input.sources;
    try {
      const { read, planned } = await this.session.plan(sources);
      if (order !== this.#order) return;
      if (read) this.#input.show(read);
      const broken = [read, planned].find((answer) => answer?.ok === false);
      if (broken) {
        // The input says itself that the network is missing; the plan that stands goes on standing.
        if (broken === read && read.reason === "network") this.#settle();
        else this.#broken(broken);
        return;
      }
      this.#settle();
      this.#shown = sources;
      this.#showOpened("");
      await this.#present(planned);
    } catch (error) {
      ignore(error);
    }
  }

  #order = 0;

  /**
   * Have Python started, and say that what was asked for waits for it.
   *
   * @param {Wanted} wanted
   */
  #queue(wanted) {
    this.#wanted = wanted;
    this.#failed = null;
    this.session.reason = null;
    this.#failure();
    this.session.start();
    if (this.session.state !== "ready") this.#say("queued");
    this.#onWork();
  }

  /** What was wanted has come, or is said to be impossible where it was asked for. */
  #settle() {
    this.#wanted = null;
    this.#say("");
  }

  /** @param {Source} source a plan file */
  async #open(source) {
    this.#giveUp();
    const order = ++this.#order;
    this.#queue({ ask: () => this.#open(source), givenUp: "cancelled_file" });
    try {
      const answer = await this.session.open(source);
      if (order !== this.#order) return;
      if (!answer.ok && !answer.say) {
        this.#broken(answer);
        return;
      }
      this.#settle();
      if (!answer.ok) {
        this.#input.refuse(answer.say ?? "");
        // Asking for the file may have ended the reading of what is there still.
        this.#input.read();
        return;
      }
      this.#input.hold(source, answer);
      this.#shown = this.#input.sources;
      this.#showOpened(answer.changes ?? "");
      await this.#present(answer);
    } catch (error) {
      ignore(error);
    }
  }

  /** @param {string} html what a plan file would be planned as today; empty for no plan file */
  #showOpened(html) {
    const place = part(this, "opened");
    place.innerHTML = html;
    place.hidden = !html;
  }

  /** @param {Answer} planned a plan just made */
  async #present(planned) {
    part(this, "result").hidden = false;
    this.#compare();
    this.#fold(this.#whole && Boolean(planned.lines));
    this.toggleAttribute("data-empty", !planned.lines);
    if (this.#whole) this.#turnTo("summary");
    // What an earlier plan was narrowed to may not be in this one.
    this.filters = {};
    this.#table?.toTop();
    this.#stale = new Set(["table", "timeline", "agenda"]);
    await this.#showView();
    part(this, "status").textContent = planned.announce ?? "";
    const heading = part(this, "heading");
    heading.scrollIntoView();
    heading.focus({ preventScroll: true });
    this.dispatchEvent(new CustomEvent("planned"));
  }

  /** @param {Answer} answer that isn't ok; its way out is to ask for the same again */
  #broken(answer) {
    this.#failed = this.#wanted;
    this.#settle();
    this.session.reason = answer.reason === "network" ? "network" : "other";
    this.session.detail = answer.detail ?? "";
    this.#failure();
  }

  /** Forget the request; the plan that stands stays. */
  #cancel() {
    const early = this.#booting;
    const { givenUp } = this.#wanted ?? { givenUp: "cancelled" };
    this.#giveUp();
    // What is in the box or chosen was not given up: it is looked at as soon as that is possible.
    if (early) this.#input.read();
    this.#say(this.session.planned ? "restoring" : givenUp);
    if (!this.hasAttribute("data-folded")) this.#input.box.focus();
    else part(this, "heading").focus();
  }

  #giveUp() {
    this.#order += 1;
    const busy = this.#wanted || this.session.work;
    this.#wanted = null;
    if (busy) this.session.cancel();
  }

  // Read the plan

  /** @param {Query} filters which lines table and timeline show from now on */
  filter(filters) {
    this.filters = filters;
    for (const view of ["table", "timeline"]) if (view !== this.#view) this.#stale.add(view);
  }

  /** @param {Query} query */
  async showLines(query) {
    if (!this.#table) {
      this.#handOver();
      return;
    }
    const { group = "", ...filters } = query;
    this.filter(filters);
    this.#table.groupBy(group);
    this.#stale.add("table");
    await this.#turnTo("table");
    this.querySelector("#planner-tab-table")?.scrollIntoView({ block: "nearest" });
    /** @type {HTMLElement} */ (this.querySelector("#planner-tab-table")).focus();
    this.announce(part(this, "found")?.textContent ?? "");
  }

  /**
   * @param {number} line
   * @param {() => void} [back]
   */
  openLine(line, back) {
    const opener = /** @type {HTMLElement | null} */ (document.activeElement);
    const among = this.#view === "table" && Boolean(this.#table?.contains(opener));
    this.#details.show(line, among, back ?? (() => opener?.focus()));
  }

  /** @param {-1 | 1} by */
  async #step(by) {
    const line = await this.#table?.step(by);
    if (line) this.#details.show(line, true);
  }

  /** @param {string} sentence */
  announce(sentence) {
    part(this, "status").textContent = sentence;
  }

  get #view() {
    const tab = this.querySelector('[role=tab][aria-selected="true"]');
    return /** @type {HTMLElement | null} */ (tab)?.dataset.view ?? "summary";
  }

  /** @param {string} view */
  async #turnTo(view) {
    for (const tab of /** @type {NodeListOf<HTMLElement>} */ (
      this.querySelectorAll("[role=tab]")
    )) {
      const chosen = tab.dataset.view === view;
      tab.setAttribute("aria-selected", String(chosen));
      tab.tabIndex = chosen ? 0 : -1;
      const panel = this.querySelector(`#${tab.getAttribute("aria-controls")}`);
      /** @type {HTMLElement} */ (panel).hidden = !chosen;
    }
    if (this.#stale.has(view)) await this.#showView();
  }

  /** @param {KeyboardEvent} event */
  #turn(event) {
    const tabs = /** @type {HTMLElement[]} */ ([...this.querySelectorAll("[role=tab]")]);
    const at = tabs.findIndex((tab) => tab.dataset.view === this.#view);
    const forward = getComputedStyle(this).direction === "rtl" ? -1 : 1;
    const to = { ArrowRight: at + forward, ArrowLeft: at - forward, Home: 0, End: -1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const tab = tabs.at(to % tabs.length);
    tab?.focus();
    this.#turnTo(tab?.dataset.view ?? "summary");
  }

  /** Draw the view in sight. */
  async #showView() {
    const view = this.#view;
    this.#stale.delete(view);
    switch (view) {
      case "summary": {
        // Both are asked for before the first is drawn.
        const summary = this.session.ask("summary", {}).catch(ignore);
        const questions = this.#questions.show();
        const answer = await summary;
        if (answer?.ok) redraw(part(this, "plan"), answer.html ?? "");
        await questions;
        break;
      }
      case "table":
        await this.#table?.show();
        break;
      case "timeline":
        await /** @type {Timeline} */ (this.querySelector("planner-timeline")).show();
        break;
      case "agenda":
        await /** @type {Agenda} */ (this.querySelector("planner-agenda")).show();
        break;
    }
  }

  /** How things stand is shown around the views. */
  #onStands() {
    const { session } = this;
    const { standing } = session;
    if (!standing) return;
    this.#keep();
    part(this, "standing").textContent = standing.standing ?? "";
    const undo = part(this, "undo");
    if (undo) {
      undo.textContent = standing.undo || words(this, "undo-none");
      undo.setAttribute("aria-disabled", String(!standing.undo));
    }
    const open = part(this, "open-questions");
    if (open) {
      open.textContent = String(standing.questions ?? 0);
      open.hidden = !standing.questions;
    }
    this.#guard();
  }

  /** The plan that stands has changed: show it wherever it is in sight. */
  #onChanged() {
    const { session } = this;
    if (!session.planned || part(this, "result").hidden) return;
    this.#say("");
    this.#stale = new Set(["summary", "table", "timeline", "agenda"]);
    if (session.standing?.replanned === false) this.#refreshRows();
    else this.#showView();
    this.#details.refresh();
  }

  /** Only a tick or a note has changed: what is in sight needs no new frame. */
  #refreshRows() {
    if (this.#view === "table") {
      this.#stale.delete("table");
      this.#table?.refresh();
    } else this.#showView();
  }

  // Act

  /** @param {MouseEvent} event */
  #click(event) {
    const tab = nearest(event.target, "[role=tab]");
    if (tab) {
      this.#turnTo(tab.dataset.view ?? "summary");
      return;
    }
    if (nearest(event.target, "tr[data-row]")) return;
    const filter = nearest(event.target, "button[data-filter]");
    if (filter) {
      const { filter: name = "", value = "", on } = filter.dataset;
      this.showLines(name ? { [name]: value, ...(on ? { on } : {}) } : {});
      return;
    }
    const line = nearest(event.target, "button[data-line]");
    if (line) this.openLine(Number(line.dataset.line));
  }

  /** @param {HTMLInputElement} tick */
  async #mark(tick) {
    const { mark: step = "", lines = "", entry } = tick.dataset;
    const done = tick.checked;
    const whose = entry ? { entry: Number(entry) } : { lines: lines.split(" ").map(Number) };
    const answer = await this.session.change("mark", { step, done, ...whose }).catch(ignore);
    if (answer) this.announce(answer.announce ?? "");
    else tick.checked = !tick.checked;
  }

  async #undo() {
    if (!this.session.standing?.undo) return;
    const answer = await this.session.undo().catch(ignore);
    if (answer) this.announce(answer.announce ?? "");
    this.#settings?.refresh();
  }

  #handOver() {
    const { sources, changes } = this.session.handover;
    const brought = this.#shown ? sources : this.#input.sources;
    const opened = handOver(this.dataset.planner ?? "", { sources: brought, changes });
    part(this, "hand-over-blocked").hidden = opened;
  }

  /** @param {import("./handover.js").Handover} handover */
  async #take({ sources, changes }) {
    this.#input.receive(sources);
    try {
      const answer = await this.session.takeOver(sources, changes);
      if (!answer.ok) return;
      this.#shown = this.#input.sources;
      await this.#present(answer);
      this.#say("arrived");
    } catch (error) {
      ignore(error);
    }
  }

  #forget() {
    this.#sheet.close();
    this.#order += 1;
    this.#wanted = null;
    this.#shown = null;
    this.#input.clear();
    this.filters = {};
    this.#table?.forget();
    /** @type {Timeline | null} */ (this.querySelector("planner-timeline"))?.forget();
    this.#say("forgotten");
    this.session.forget();
    this.#settings?.forget();
    part(this, "result").hidden = true;
    part(this, "plan").replaceChildren();
    this.#showOpened("");
    this.#questions.replaceChildren();
    this.#fold(false);
    this.#guard();
    this.#input.box.focus();
  }

  #keep() {
    if (!this.#whole) return;
    const settings = { ...this.session.standing?.settings };
    this.session.keep(settings);
    const columns = this.#table?.columns;
    this.#settings?.keep(settings, columns ? { columns } : {});
  }

  /** Ask before the page is left only while there is something to lose. */
  #guard() {
    const precious = this.#input.precious || (this.session.touched && !this.#input.isExample);
    (precious ? addEventListener : removeEventListener)("beforeunload", warn);
  }

  // What is shown

  /**
   * Fold what was brought away, once its plan is there.
   *
   * @param {boolean} folded
   */
  #fold(folded) {
    this.toggleAttribute("data-folded", folded);
    const edit = part(this, "edit");
    if (!edit) return;
    edit.setAttribute("aria-expanded", String(!folded));
    edit.textContent = words(this, folded ? "edit" : "edit-close");
  }

  #progress() {
    const { state } = this.session;
    this.dataset.runtimeState = state;
    let over = true;
    for (const step of this.querySelectorAll("[data-stage]")) {
      const current = step.getAttribute("data-stage") === state;
      if (current) over = false;
      step.toggleAttribute("data-over", over && state !== "failed");
      if (current) step.setAttribute("aria-current", "step");
      else step.removeAttribute("aria-current");
    }
    part(this, "progress").hidden = !this.#booting;
  }

  #onWork() {
    const { work } = this.session;
    clearTimeout(this.#noticing);
    if (!work) {
      this.#showWork(false);
      return;
    }
    if (part(this, "doing").hidden) {
      this.#noticing = setTimeout(() => this.#showWork(true), NOTICEABLE);
    } else this.#showWork(true);
  }

  /**
   * Show what Python does and a button to give it up; until Python has started, only the button.
   *
   * @param {boolean} noticeable whether the work has lasted long enough to be shown
   */
  #showWork(noticeable) {
    const { work, restoring } = this.session;
    const busy = noticeable && work !== null;
    part(this, "work").hidden = !busy && !(this.#wanted && this.#booting);
    for (const name of ["doing", "bar"]) part(this, name).hidden = !busy;
    if (!busy) return;
    const key = restoring ? "restoring" : work.kind === "read" ? "reading" : "planning";
    part(this, "doing").textContent = words(this, key);
    const bar = /** @type {HTMLProgressElement} */ (part(this, "bar"));
    if (work.total) {
      bar.max = work.total;
      bar.value = work.done;
    } else bar.removeAttribute("value");
  }

  /**
   * Put one of the page's sentences into the status line.
   *
   * @param {string} key name of the sentence; empty for none
   */
  #say(key) {
    part(this, "status").textContent = key ? words(this, key) : "";
  }

  /**
   * Put a sentence about Python there, but not over the one that everything is forgotten.
   *
   * @param {string} key
   */
  #sayUnlessForgotten(key) {
    const said = part(this, "status").textContent;
    if (this.#wanted || said !== words(this, "forgotten")) this.#say(key);
  }

  #failure() {
    const { reason, detail } = this.session;
    for (const sentence of this.querySelectorAll("[data-reason]")) {
      /** @type {HTMLElement} */ (sentence).hidden =
        sentence.getAttribute("data-reason") !== reason;
    }
    part(this, "kept").hidden = !this.#input.precious;
    part(this, "detail").textContent = detail;
    part(this, "technical").hidden = !detail;
    part(this, "failure").hidden = reason === null;
  }

  /**
   * @param {string} name
   * @param {() => void} act
   */
  #press(name, act) {
    part(this, name)?.addEventListener("click", act);
  }
}

/**
 * @param {Source[]} ones
 * @param {Source[]} others
 */
function sameSources(ones, others) {
  const keys = (/** @type {Source[]} */ sources) =>
    sources.map((one) => ("text" in one ? one.text : one.bytes));
  const [here, there] = [keys(ones), keys(others)];
  if (ones[0]?.choices !== others[0]?.choices) return false;
  return here.length === there.length && here.every((one, place) => one === there[place]);
}

/** @param {BeforeUnloadEvent} event */
function warn(event) {
  event.preventDefault();
}

customElements.define("csp-planner", CspPlanner);
