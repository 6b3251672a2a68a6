/**
 * `<planner-timeline>`: a row per line or customer, drawn by Python as it is seen.
 */

import { afterRest, filtersOf, narrows, nearest, Part, redraw } from "./parts.js";
import { ignore } from "./session.js";
import { Windowed } from "./window.js";

/** How long (ms) the filters rest before the status line says what they found. */
const REST = 600;

export class Timeline extends Part {
  /** @type {Windowed | null} */
  #window = null;
  #announce = afterRest(REST, () => {
    // Who has turned to another view meanwhile has heard of something newer.
    if (!this.closest("[hidden]")) this.page.announce(this.find("lanes-found").textContent ?? "");
  });

  /** @override */
  attached() {
    this.find("zoom").addEventListener("change", () => this.show());
    this.find("by").addEventListener("change", () => this.show());
    this.addEventListener("input", (event) => {
      if (nearest(event.target, "form")) this.#filter();
    });
    this.addEventListener("submit", (event) => event.preventDefault());
    this.addEventListener("click", (event) => {
      if (nearest(event.target, "[data-part=everything]")) this.#widen({});
      if (nearest(event.target, "[data-part=any-step]")) {
        this.#widen({ ...this.page.filters, step: "", on: "" });
      }
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
    const answer = await this.session.ask("timeline", { ...this.page.filters, zoom }).catch(ignore);
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
    this.page.filter(filtersOf(form, this.page.filters));
    await this.#window?.refresh({ top: true });
    this.#announce();
  }

  /** @param {import("./protocol.js").Query} filters */
  async #widen(filters) {
    this.page.filter(filters);
    await this.show();
    /** @type {HTMLElement} */ (this.querySelector("[type=search]")).focus();
    this.#announce();
  }

  /** Show nothing. */
  forget() {
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
    const asked = { ...this.page.filters, zoom: this.#zoom, group, sort, from, to };
    const answer = await this.session.ask("lanes", asked).catch(ignore);
    if (!answer?.ok) return null;
    this.find("lanes-found").textContent = answer.found ?? "";
    this.find("everything").hidden = !narrows(this.page.filters);
    return { html: answer.html ?? "", total: answer.total ?? 0 };
  }

  /** @param {HTMLElement} name */
  #nameOf(name) {
    const again = this.querySelector(`button[data-line="${name.dataset.line}"]`);
    return /** @type {HTMLElement | null} */ (again);
  }
}

customElements.define("planner-timeline", Timeline);
