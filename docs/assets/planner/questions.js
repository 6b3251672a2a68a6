/**
 * `<planner-questions>`: what would change the plan, each asked once.
 */

import { nearest, Part, redraw } from "./parts.js";
import { Gone, ignore } from "./session.js";

export class Questions extends Part {
  /** @override */
  attached() {
    this.addEventListener("change", (event) => {
      const control = /** @type {HTMLInputElement | null} */ (
        nearest(event.target, "[data-answer]")
      );
      if (control) this.#answer(control.dataset.answer ?? "", control.value);
    });
  }

  /** Draw the questions anew. */
  async show() {
    const answer = await this.session.ask("questions", {}).catch(ignore);
    if (answer?.ok) redraw(this, answer.html ?? "");
  }

  /**
   * @param {string} question
   * @param {string} value
   */
  async #answer(question, value) {
    try {
      const answer = await this.session.change("answer", { question, value });
      this.page.announce(answer.announce ?? answer.say ?? "");
    } catch (error) {
      if (!(error instanceof Gone)) throw error;
      // Given up: the plan stands as it was, and so does the answer.
      this.show();
    }
  }
}

customElements.define("planner-questions", Questions);
