/**
 * `<planner-agenda>`: what to do on which day, some days at a time.
 */

import { Part, redraw } from "./parts.js";
import { ignore } from "./session.js";

/** Entries shown at first, and more of them each time the reader asks. */
const SOME = 60;

export class Agenda extends Part {
  #shown = SOME;

  /** @override */
  attached() {
    this.find("more").addEventListener("click", () => this.#more());
  }

  /** Draw the entries shown so far anew. */
  async show() {
    const answer = await this.session.ask("agenda", { from: 0, to: this.#shown }).catch(ignore);
    if (!answer?.ok) return;
    redraw(this.find("entries"), answer.html ?? "");
    this.#finish(answer.total ?? 0);
  }

  /** The same: an agenda is short enough. */
  async refresh() {
    await this.show();
  }

  async #more() {
    const from = this.#shown;
    const answer = await this.session.ask("agenda", { from, to: from + SOME }).catch(ignore);
    if (!answer?.ok) return;
    this.#shown += SOME;
    const entries = this.find("entries");
    const before = entries.querySelectorAll(".agenda-entry").length;
    entries.insertAdjacentHTML("beforeend", answer.html ?? "");
    this.#finish(answer.total ?? 0);
    const first = entries
      .querySelectorAll(".agenda-entry")
      [before]?.querySelector("input:enabled, button");
    /** @type {HTMLElement | null} */ (first)?.focus();
  }

  /** @param {number} total */
  #finish(total) {
    for (const some of this.querySelectorAll("[data-some]")) {
      /** @type {HTMLInputElement} */ (some).indeterminate = true;
    }
    this.find("more").hidden = this.#shown >= total;
    this.find("none").hidden = total > 0;
  }
}

customElements.define("planner-agenda", Agenda);
