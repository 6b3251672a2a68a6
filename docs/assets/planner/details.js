/**
 * `<planner-details>`: one line in full, in a sheet beside the plan. It knows the line
 * before and after, and gives the focus back to where it was opened.
 */

import { redraw, Sheet } from "./parts.js";
import { ignore } from "./session.js";

export class Details extends Sheet {
  #line = 0;
  #back = () => {};

  /** @override */
  attached() {
    super.attached();
    this.sheet.addEventListener("close", () => {
      this.#line = 0;
      this.find("body").replaceChildren();
      this.#back();
    });
    for (const [name, by] of /** @type {[string, -1 | 1][]} */ ([
      ["before", -1],
      ["after", 1],
    ])) {
      this.find(name).addEventListener("click", () =>
        this.dispatchEvent(new CustomEvent("step", { detail: by })),
      );
    }
    this.addEventListener("change", (event) => {
      const field = event.target;
      if (field instanceof HTMLTextAreaElement) this.#note(field);
      else if (field instanceof HTMLInputElement && field.dataset.choose) this.#choose(field);
    });
  }

  get open() {
    return this.sheet.open;
  }

  /**
   * Open a line.
   *
   * @param {number} line
   * @param {boolean} among whether lines before and after it can be stepped to
   * @param {() => void} [back] gives the focus back once it is closed
   */
  async show(line, among, back) {
    const answer = await this.session.ask("detail", { line }).catch(ignore);
    if (!answer?.ok) return;
    if (back) this.#back = back;
    this.#line = line;
    for (const name of ["before", "after"]) this.find(name).hidden = !among;
    this.find("body").innerHTML = answer.html ?? "";
    this.find("body").scrollTop = 0;
    if (!this.sheet.open) this.sheet.showModal();
    /** @type {HTMLElement | null} */ (this.querySelector(".detail-title"))?.focus();
  }

  /** Draw the open line anew. */
  async refresh() {
    const line = this.#line;
    if (!line || !this.sheet.open) return;
    const answer = await this.session.ask("detail", { line }).catch(ignore);
    // The reader may have closed it meanwhile, or gone on to another line.
    if (answer?.ok && line === this.#line) redraw(this.find("body"), answer.html ?? "");
  }

  /** @param {HTMLInputElement} way */
  async #choose(way) {
    const lines = [Number(way.dataset.choose)];
    const answer = await this.session
      .change("choose", { lines, alternative: way.value })
      .catch(ignore);
    this.page.announce(answer?.announce ?? answer?.say ?? "");
    // Given up or refused: what stood before stands.
    if (!answer?.ok) this.refresh();
  }

  /** @param {HTMLTextAreaElement} note */
  async #note(note) {
    const lines = [Number(note.dataset.note)];
    const answer = await this.session.change("note", { lines, text: note.value }).catch(ignore);
    this.page.announce(answer?.announce ?? "");
  }
}

customElements.define("planner-details", Details);
