/**
 * `<planner-exports>`: the plan as files, made by Python and saved by the browser.
 */

import { nearest, Part } from "./parts.mjs";
import { ignore } from "./session.mjs";

export class Exports extends Part {
  /** @override */
  attached() {
    this.find("close").addEventListener("click", () => this.#sheet.close());
    this.#sheet.addEventListener("click", (event) => {
      if (event.target === this.#sheet) this.#sheet.close();
      const button = nearest(event.target, "[data-export]");
      if (button) this.#save(button.dataset.export ?? "");
    });
    this.find("print").addEventListener("click", () => {
      this.#sheet.close();
      print();
    });
  }

  get #sheet() {
    return /** @type {HTMLDialogElement} */ (this.find("sheet"));
  }

  open() {
    this.#sheet.showModal();
  }

  /** @param {string} name */
  async #save(name) {
    const answer = await this.session.ask("export", { export: name }).catch(ignore);
    if (!answer?.ok) return;
    const file = new Blob([answer.text ?? ""], { type: answer.media_type });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(file);
    link.download = answer.name ?? name;
    link.click();
    // Some browsers take the file only a moment after the click.
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }
}

customElements.define("planner-exports", Exports);
