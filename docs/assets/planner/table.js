/**
 * `<planner-table>`: the lines of the plan, filtered, sorted, grouped; by mouse or keyboard.
 *
 * Arrow keys move from cell to cell, Home and End along a row (with Ctrl to the first and
 * last row), Page Up and Page Down by what is in sight, Enter opens a line.
 */

import { afterRest, filtersOf, narrows, nearest, Part } from "./parts.js";
import { ignore } from "./session.js";
import { Windowed } from "./window.js";

/** How long (ms) the filters rest before the status line says what they found. */
const REST = 600;

export class Table extends Part {
  #sort = "line";
  #group = "";
  #announce = afterRest(REST, () => {
    // Who has turned to another view meanwhile has heard of something newer.
    if (!this.closest("[hidden]")) this.page.announce(this.find("found").textContent ?? "");
  });
  /** @type {string[] | undefined} */
  columns;
  /** @type {Windowed | null} */
  #window = null;
  #row = 0;
  #cell = 0;
  #holding = false;

  /** @override */
  attached() {
    this.addEventListener("input", (event) => {
      if (nearest(event.target, "form") && !nearest(event.target, "[name=column]")) this.#filter();
    });
    this.addEventListener("change", (event) => {
      if (nearest(event.target, "[name=column]")) this.#chooseColumns();
    });
    this.addEventListener("submit", (event) => event.preventDefault());
    this.addEventListener("click", (event) => this.#click(event));
    this.addEventListener("keydown", (event) => this.#press(event));
    this.addEventListener("focusin", (event) => this.#hold(event.target));
    this.addEventListener("focusout", (event) => {
      // A redraw that takes the focus away gives it to nobody or to what scrolls.
      const next = /** @type {Node | null} */ (event.relatedTarget);
      if (next && next !== this.#scroller) this.#holding = this.#body.contains(next);
    });
  }

  /** Begin with the first row: the lines are others. */
  toTop() {
    this.#row = 0;
  }

  /** @param {string} group `customer`, or empty for lines one by one */
  groupBy(group) {
    this.#group = group;
    this.toTop();
  }

  /** Take back what was chosen here, and show nothing. */
  forget() {
    this.columns = undefined;
    this.#sort = "line";
    this.groupBy("");
    this.replaceChildren();
  }

  get #query() {
    return { ...this.page.filters, sort: this.#sort, group: this.#group, columns: this.columns };
  }

  /** Draw filters, headings and rows anew. */
  async show() {
    const answer = await this.session.ask("table", this.#query).catch(ignore);
    if (!answer?.ok) return;
    const opened = this.querySelector(".table-columns")?.hasAttribute("open");
    const held = this.#formHeld();
    this.innerHTML = answer.html ?? "";
    if (opened) this.querySelector(".table-columns")?.setAttribute("open", "");
    if (held) /** @type {HTMLElement | null} */ (this.querySelector(held))?.focus();
    this.#window = new Windowed({
      scroller: /** @type {HTMLElement} */ (this.#scroller),
      body: this.#body,
      height: () => this.#height(),
      fetch: (from, to) => this.#fetch(from, to),
      spacer: (height) =>
        `<tr class="spacer" aria-hidden="true" style="block-size:${height}px"><td></td></tr>`,
      drawn: () => this.#drawn(),
    });
    await this.#window.refresh();
  }

  /** Draw the rows anew where they are. */
  async refresh() {
    await this.#window?.refresh();
  }

  /** Focus the row that was last active. */
  focusRow() {
    this.#holding = true;
    this.#focus();
  }

  /**
   * The line before or after the active one, which it makes active.
   *
   * @param {-1 | 1} by
   * @returns {Promise<number | null>}
   */
  async step(by) {
    const window = this.#window;
    if (!window) return null;
    for (let row = this.#row + by; row >= 0 && row < window.total; row += by) {
      this.#row = row;
      await window.reveal(row);
      const line = this.#rowAt(row)?.dataset.line;
      if (line) {
        this.#drawn();
        return Number(line);
      }
    }
    return null;
  }

  /** @returns {HTMLElement} */
  get #body() {
    return /** @type {HTMLElement} */ (this.querySelector("tbody") ?? this);
  }

  get #scroller() {
    return /** @type {HTMLElement | null} */ (this.querySelector(".table-scroll"));
  }

  #formHeld() {
    const held = document.activeElement;
    if (!(held instanceof HTMLInputElement) || !this.contains(held)) return "";
    return `[name="${held.name}"][value="${CSS.escape(held.value)}"]`;
  }

  #height() {
    const row = /** @type {HTMLElement | null} */ (this.#body.querySelector("[data-row]"));
    if (row?.offsetHeight) return row.offsetHeight;
    return parseFloat(getComputedStyle(this.#body).getPropertyValue("line-height")) * 2 || 52;
  }

  /**
   * @param {number} from
   * @param {number} to
   */
  async #fetch(from, to) {
    const answer = await this.session.ask("rows", { ...this.#query, from, to }).catch(ignore);
    if (!answer?.ok) return null;
    this.find("found").textContent = answer.found ?? "";
    this.find("everything").hidden = !narrows(this.page.filters);
    this.querySelector("table")?.setAttribute("aria-rowcount", String((answer.total ?? 0) + 1));
    return { html: answer.html ?? "", total: answer.total ?? 0 };
  }

  #drawn() {
    for (const cell of this.#body.querySelectorAll('[tabindex="0"]')) {
      cell.setAttribute("tabindex", "-1");
    }
    const total = this.#window?.total ?? 0;
    this.#row = Math.min(this.#row, Math.max(0, total - 1));
    const row = this.#rowAt(this.#row) ?? this.#firstRow();
    if (row) this.#cellOf(row)?.setAttribute("tabindex", "0");
    const held = document.activeElement;
    const lost = held === this.#scroller || !this.contains(held);
    if (this.#holding && lost && this.#rowAt(this.#row)) this.#focus();
  }

  async #filter() {
    const form = /** @type {HTMLFormElement} */ (this.querySelector("form"));
    this.#group = String(new FormData(form).get("group") ?? "");
    this.#row = 0;
    this.page.filter(filtersOf(form, this.page.filters));
    await this.#window?.refresh({ top: true });
    this.#announce();
  }

  /** @param {import("./protocol.js").Query} filters */
  async #widen(filters) {
    this.page.filter(filters);
    this.#row = 0;
    await this.show();
    /** @type {HTMLElement} */ (this.querySelector("[type=search]")).focus();
    this.#announce();
  }

  #chooseColumns() {
    const chosen = this.querySelectorAll("[name=column]:checked");
    this.columns = [...chosen].map((one) => /** @type {HTMLInputElement} */ (one).value);
    this.dispatchEvent(new Event("columns"));
    this.show();
  }

  /** @param {Event} event */
  #click(event) {
    const sort = nearest(event.target, "[data-sort]");
    if (sort) {
      this.#sortBy(sort);
      return;
    }
    if (nearest(event.target, "[data-part=everything]")) this.#widen({});
    if (nearest(event.target, "[data-part=any-step]")) {
      this.#widen({ ...this.page.filters, step: "", on: "" });
    }
    const row = nearest(event.target, "tr[data-row]");
    if (!row) return;
    this.#row = Number(row.dataset.row);
    const cell = nearest(event.target, "td, th");
    if (cell) this.#cell = [...row.children].indexOf(cell);
    this.#open(row);
  }

  /** @param {HTMLElement} button */
  async #sortBy(button) {
    const column = button.dataset.sort ?? "line";
    // Up, down, and back to the order of the list itself.
    const next = { [column]: `-${column}`, [`-${column}`]: "line" };
    const sort = next[this.#sort] ?? column;
    this.#sort = sort;
    this.#row = 0;
    await this.#window?.refresh({ top: true });
    for (const heading of this.querySelectorAll("th[aria-sort]"))
      heading.removeAttribute("aria-sort");
    if (sort === "line" && column !== "line") return;
    const direction = sort.startsWith("-") ? "descending" : "ascending";
    button.parentElement?.setAttribute("aria-sort", direction);
  }

  /** @param {HTMLElement} row */
  #open(row) {
    const { line, customer } = row.dataset;
    if (line) this.page.openLine(Number(line), () => this.focusRow());
    else if (customer !== undefined) this.page.showLines({ customer });
  }

  /** @param {KeyboardEvent} event */
  async #press(event) {
    // While rows are drawn anew, what scrolls holds the focus for the active one.
    const between = event.target === this.#scroller && this.#holding;
    const row = nearest(event.target, "tr[data-row]") ?? (between ? this.#firstRow() : null);
    const window = this.#window;
    if (!row || !window || event.altKey || event.metaKey) return;
    const forward = getComputedStyle(this).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
    const backward = forward === "ArrowRight" ? "ArrowLeft" : "ArrowRight";
    const last = window.total - 1;
    const cells = row.children.length - 1;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      const active = this.#rowAt(this.#row);
      if (active) this.#open(active);
      return;
    }
    const [at, cell] = [this.#row, this.#cell];
    /** @type {Record<string, [number, number]>} */
    const moves = {
      ArrowDown: [at + 1, cell],
      ArrowUp: [at - 1, cell],
      PageDown: [at + window.page, cell],
      PageUp: [at - window.page, cell],
      [forward]: [at, cell + 1],
      [backward]: [at, cell - 1],
      Home: event.ctrlKey ? [0, cell] : [at, 0],
      End: event.ctrlKey ? [last, cell] : [at, cells],
    };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    this.#row = Math.min(Math.max(move[0], 0), last);
    this.#cell = Math.min(Math.max(move[1], 0), cells);
    this.#holding = true;
    await window.reveal(this.#row);
    this.#focus();
  }

  #focus() {
    const row = this.#rowAt(this.#row);
    if (!row) return;
    for (const cell of this.#body.querySelectorAll('[tabindex="0"]')) {
      cell.setAttribute("tabindex", "-1");
    }
    const cell = this.#cellOf(row);
    cell?.setAttribute("tabindex", "0");
    cell?.focus({ preventScroll: true });
  }

  /** @param {EventTarget | null} target */
  #hold(target) {
    if (target === this.#scroller) return;
    const row = nearest(target, "tr[data-row]");
    this.#holding = Boolean(row);
    if (!row) return;
    this.#row = Number(row.dataset.row);
    const cell = nearest(target, "td, th");
    if (cell) this.#cell = [...row.children].indexOf(cell);
  }

  /** @param {number} row */
  #rowAt(row) {
    return /** @type {HTMLElement | null} */ (this.#body.querySelector(`tr[data-row="${row}"]`));
  }

  #firstRow() {
    return /** @type {HTMLElement | null} */ (this.#body.querySelector("tr[data-row]"));
  }

  /**
   * What takes the focus in the active cell of a row: its button, where it has one.
   *
   * @param {HTMLElement} row
   */
  #cellOf(row) {
    const cell = row.children[Math.min(this.#cell, row.children.length - 1)];
    return /** @type {HTMLElement | null} */ (cell?.querySelector("button") ?? cell ?? null);
  }
}

customElements.define("planner-table", Table);
