/**
 * `<planner-exports>`: the plan as files, made by Python and saved by the browser.
 *
 * Pages for paper open in a tab of their own, tables go to the clipboard; where the
 * browser allows neither, they are saved like the others.
 */

import { nearest, Sheet, words } from "./parts.js";
import { ignore } from "./session.js";

/** @import { Leaving } from "./protocol.js" */

/** How long (ms) a file's address lasts: some browsers take it only a moment after the click. */
const LASTS = 60_000;

/** A tab to print from may be loaded again later. */
const LASTS_OPEN = 3_600_000;

export class Exports extends Sheet {
  /** @override */
  attached() {
    super.attached();
    this.sheet.addEventListener("click", (event) => {
      const button = nearest(event.target, "[data-export]");
      if (button) this.#act(button);
    });
  }

  async open() {
    const answer = await this.session.ask("exports", {}).catch(ignore);
    if (answer?.reason === "network") this.page.announce(words(this, "offline"));
    if (!answer?.ok) return;
    this.find("body").innerHTML = answer.html ?? "";
    this.#say("");
    this.sheet.showModal();
  }

  /** @param {HTMLElement} button */
  async #act({ dataset }) {
    const { export: name = "", act = "save" } = dataset;
    // Only what a click opens itself is no pop-up.
    const tab = act === "print" ? open("", "_blank") : null;
    this.#say(words(this, "making"));
    const answer = await this.session.ask("export", this.#wanted(name, act)).catch(ignore);
    if (!answer?.ok || !answer.files) {
      tab?.close();
      this.#say(words(this, answer?.reason === "network" ? "offline" : "broken"));
      return;
    }
    const { files } = answer;
    if (act === "copy") await this.#copy(files);
    else if (act === "print") this.#print(files, tab);
    else {
      files.forEach(save);
      this.#say(answer.announce ?? "");
    }
  }

  /**
   * @param {string} name
   * @param {string} act several files are saved as one: of many at once browsers drop some
   */
  #wanted(name, act) {
    const value = (/** @type {string} */ option) =>
      /** @type {HTMLSelectElement} */ (this.querySelector(`[name="${option}"]`)).value;
    const aliases = /** @type {HTMLInputElement} */ (this.querySelector('[name="export-aliases"]'))
      .checked;
    return {
      export: name,
      language: value("export-language"),
      table: value("export-table"),
      names: /** @type {"real" | "aliases"} */ (aliases ? "aliases" : "real"),
      packed: act === "save",
    };
  }

  /** @param {Leaving[]} files */
  async #copy(files) {
    try {
      await navigator.clipboard.writeText(files.map(({ text }) => text ?? "").join("\n"));
      this.#say(words(this, "copied"));
    } catch {
      files.forEach(save);
      this.#say(words(this, "not-copied"));
    }
  }

  /**
   * @param {Leaving[]} files
   * @param {Window | null} tab
   */
  #print(files, tab) {
    const pages = files.filter((file) => file.media_type.startsWith("text/html"));
    if (!tab) {
      pages.forEach(save);
      this.#say(words(this, "blocked"));
      return;
    }
    const address = URL.createObjectURL(new Blob([together(pages)], { type: "text/html" }));
    tab.location.replace(address);
    setTimeout(() => URL.revokeObjectURL(address), LASTS_OPEN);
    this.#say(words(this, "printing"));
  }

  /** @param {string} sentence */
  #say(sentence) {
    this.find("said").textContent = sentence;
  }
}

/**
 * Return pages for paper as one, each on sheets of its own.
 *
 * @param {Leaving[]} pages
 */
function together(pages) {
  const [first, ...others] = pages.map(({ text }) =>
    new DOMParser().parseFromString(text ?? "", "text/html"),
  );
  if (!first) return "";
  for (const { body } of others) {
    const sheet = first.createElement("section");
    sheet.style.breakBefore = "page";
    sheet.append(...body.childNodes);
    first.body.append(sheet);
  }
  return `<!doctype html>${first.documentElement.outerHTML}`;
}

/** @param {Leaving} file */
function save({ name, media_type: type, text, base64 }) {
  const content = text ?? Uint8Array.from(atob(base64 ?? ""), (one) => one.charCodeAt(0));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), LASTS);
}

customElements.define("planner-exports", Exports);
