/**
 * `<planner-timeline>`: a row per line or customer, drawn by Python as it is seen.
 */

import { nearest, Part, redraw } from "./parts.mjs";
import { ignore } from "./session.mjs";
import { Windowed } from "./window.mjs";

/** @import { Query } from "./protocol.mjs" */

export class Timeline extends Part {
  /** @type {Windowed | null} */
  #window = null;
  /** @type {Query} the filters chosen */
  #query = {};

  /** @override */
  attached() {
    this.find("zoom").addEventListener("change", () => this.show());
    this.find("by").addEventListener("change", () => this.show());
    this.addEventListener("change", (event) => {
      if (nearest(event.target, "form")) this.#filter();
    });
    this.addEventListener("submit", (event) => event.preventDefault());
    this.addEventListener("click", (event) => {
      const name = nearest(event.target, "button[data-line]");
      if (!name) return;
      event.stopPropagation();
      this.page.openLine(Number(name.dataset.line), () => this.#nameOf(name)?.focus());
    });
  }

  get #zoom() {
    return this.#chosen("zoom");
  }

  /** @param {string} name */
  #chosen(name) {
    const chosen = this.find(name).querySelector("input:checked");
    return /** @type {HTMLInputElement | null} */ (chosen)?.value ?? "";
  }

  /** Draw legend, axis and rows anew. */
  async show() {
    const zoom = this.#zoom;
    const answer = await this.session.ask("timeline", { ...this.#query, zoom }).catch(ignore);
    if (!answer?.ok) return;
    const place = this.find("drawing");
    redraw(place, answer.html ?? "");
    this.#window = new Windowed({
      scroller: /** @type {HTMLElement} */ (place.querySelector(".lanes-scroll")),
      body: this.#body,
      height: () => this.#height(),
      fetch: (from, to) => this.#fetch(from, to),
      spacer: (height) => `<div class="spacer" style="block-size:${height}px"></div>`,
      drawn: (held) => held && this.#window?.restore(held),
    });
    await this.#window.refresh();
  }

  async #filter() {
    const form = /** @type {HTMLFormElement} */ (this.querySelector("form"));
    const stated = [...new FormData(form)].map(([name, value]) => [name, String(value)]);
    this.#query = Object.fromEntries(stated);
    await this.#window?.refresh({ top: true });
  }

  /** Take every filter back. */
  forget() {
    this.#query = {};
    this.find("drawing").replaceChildren();
  }

  /** Draw the rows anew where they are. */
  async refresh() {
    await this.show();
  }

  get #body() {
    return /** @type {HTMLElement} */ (this.querySelector(".lanes-body"));
  }

  #height() {
    const row = /** @type {HTMLElement | null} */ (this.querySelector(".lane-row"));
    return row?.offsetHeight || 52;
  }

  /**
   * @param {number} from
   * @param {number} to
   */
  async #fetch(from, to) {
    const group = this.#chosen("by") === "customer" ? "customer" : "";
    const sort = group ? "customer" : "deadline";
    const asked = { ...this.#query, zoom: this.#zoom, group, sort, from, to };
    const answer = await this.session.ask("lanes", asked).catch(ignore);
    if (answer?.ok) this.find("lanes-found").textContent = answer.found ?? "";
    return answer?.ok ? { html: answer.html ?? "", total: answer.total ?? 0 } : null;
  }

  /** @param {HTMLElement} name */
  #nameOf(name) {
    const again = this.querySelector(`button[data-line="${name.dataset.line}"]`);
    return /** @type {HTMLElement | null} */ (again);
  }
}

customElements.define("planner-timeline", Timeline);
