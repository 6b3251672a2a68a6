/**
 * `<planner-input>`: what the reader brings. Pasted text, files, the example; read as
 * soon as it rests, with what was understood beside it.
 *
 * Nothing of it is stored, logged or put into an address. Long text never enters the
 * box, which would freeze the page: it stands beside it as a file does.
 *
 * Fires `brought` when what it holds changes, `asked` when a plan is wanted, and `opened`
 * with the source as its detail when a plan file was brought, which it doesn't hold yet.
 */

import { afterRest, nearest, Part, redraw, words } from "./parts.js";
import { ignore } from "./session.js";
import { savesData } from "./when.js";

/** @import { Answer, Source } from "./protocol.js" */

/** How long (ms) typing rests before it is read. */
const REST = 350;

/** Pasted text longer than this (characters) stands beside the box. */
const LONG = 60_000;

/** Files larger than this (bytes), all together, would not fit beside Python. */
const LARGEST = 80_000_000;

/** What a plan file says of itself, within so many of its first bytes. */
const PLAN_FILE = { mark: '"csp-move-plan"', within: 300 };

export class Input extends Part {
  /** Text that *Try an example* took out of the box. */
  #setAside = "";
  /** @type {Source[]} files, and text too long for the box */
  #files = [];
  /** @type {import("./protocol.js").Choices} what was changed in how all of it is read */
  #choices = {};
  #order = 0;
  /** @type {Source | null} a plan file, which stands for itself or not at all */
  #opened = null;
  /** @type {Promise<void>} settled once every file chosen or dropped so far has been taken */
  taken = Promise.resolve();

  /** @override */
  attached() {
    const form = this.find("form");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.dispatchEvent(new Event("asked"));
    });
    const read = afterRest(REST, () => {
      // What failed starts again only when the reader says so; who saves data says so first of all.
      const { state } = this.session;
      if (state !== "failed" && !(state === "off" && savesData())) this.read();
    });
    this.box.addEventListener("input", () => {
      this.#changed();
      read();
    });
    this.box.addEventListener("paste", (event) => this.#paste(event));
    this.find("restore").addEventListener("click", () => this.#restore());
    const chooser = /** @type {HTMLInputElement} */ (this.find("files"));
    const takeChosen = () => {
      this.#take([...(chooser.files ?? [])]);
      chooser.value = "";
    };
    chooser.addEventListener("change", takeChosen);
    for (const kind of ["dragenter", "dragover"]) {
      this.addEventListener(kind, (event) => this.#drag(/** @type {DragEvent} */ (event)));
    }
    this.addEventListener("dragleave", (event) => {
      if (!this.contains(/** @type {Node | null} */ (event.relatedTarget))) this.#over(false);
    });
    this.addEventListener("drop", (event) => this.#drop(event));
    this.find("sources").addEventListener("click", (event) => {
      const button = nearest(event.target, "[data-remove]");
      if (button) this.#remove(Number(button.dataset.remove));
    });
    this.find("reading").addEventListener("change", (event) => this.#choose(event));
    // Either may have been there before: brought by an early reader, or back by the browser.
    const early = this.box.value;
    if (this.#isForBox(early)) {
      if (early) this.#changed();
    } else {
      this.box.value = "";
      this.#bring(early);
    }
    if (chooser.files?.length) takeChosen();
  }

  get box() {
    return /** @type {HTMLTextAreaElement} */ (this.find("text"));
  }

  /** @returns {Source[]} everything brought */
  get sources() {
    const text = this.box.value;
    // The example's day is for the example: a list of the reader's own isn't planned on it.
    const day = this.isExample ? { as_of: words(this, "example-as-of") } : {};
    const typed = text || !this.#files.length ? [{ name: "", text, ...day }] : [];
    const [first, ...others] = [...typed, ...this.#files];
    // They belong to what was brought, so they go wherever it goes.
    return Object.keys(this.#choices).length
      ? [{ .../** @type {Source} */ (first), choices: this.#choices }, ...others]
      : [...typed, ...this.#files];
  }

  /** Whether anything would be lost with the page. */
  get precious() {
    const text = this.box.value;
    return Boolean(
      this.#setAside || this.#files.length || (text.trim() && text !== words(this, "example")),
    );
  }

  /** Whether what it holds is the example and nothing else. */
  get isExample() {
    const [header, first] = words(this, "example").split("\n");
    return !this.#files.length && this.box.value.startsWith(`${header}\n${first}`);
  }

  /** Read what it holds, and show how it was understood. */
  async read() {
    const sources = this.sources;
    const order = ++this.#order;
    if (!this.#hasSomething(sources)) {
      this.#choices = {};
      this.#showWaiting();
      return;
    }
    this.find("reading").setAttribute("aria-busy", "true");
    const answer = await this.session.read(sources).catch(ignore);
    if (order === this.#order) this.show(answer ?? null);
  }

  /** @param {import("./protocol.js").Answer | null} answer of a reading */
  show(answer) {
    const place = this.find("reading");
    place.removeAttribute("aria-busy");
    if (answer?.reason === "network") this.#refuse("offline");
    if (!answer?.ok) return;
    if (answer.choices) this.#choices = answer.choices;
    redraw(place, answer.html ?? "");
    this.find("heard").textContent = answer.announce ?? "";
  }

  /**
   * Read a column as another field, its dates in another order, or a part as a customer's.
   *
   * @param {Event} event
   */
  #choose(event) {
    const control = /** @type {HTMLSelectElement | HTMLInputElement} */ (event.target);
    const { column, order, customerOf, of = customerOf ?? "" } = control.dataset;
    const { columns = {}, orders = {}, customers = {} } = this.#choices;
    const kept = (
      /** @type {Record<string, string>} */ all,
      /** @type {string} */ key,
      by = "",
    ) => {
      const { [key]: _, ...others } = all;
      return control.value === by ? others : { ...others, [key]: control.value };
    };
    if (column !== undefined) {
      this.#choices = {
        ...this.#choices,
        columns: { ...columns, [of]: kept(columns[of] ?? {}, column, "*") },
      };
    } else if (order !== undefined) {
      this.#choices = {
        ...this.#choices,
        orders: { ...orders, [of]: kept(orders[of] ?? {}, order) },
      };
    } else if (customerOf !== undefined) {
      this.#choices = { ...this.#choices, customers: kept(customers, customerOf) };
    } else return;
    this.#changed();
    this.read();
  }

  /** Put the example into the box. */
  showExample() {
    this.#files = [];
    this.#choices = {};
    this.#replace(words(this, "example"));
  }

  /** Take everything out; nothing is set aside. */
  clear() {
    this.#setAside = "";
    this.#files = [];
    this.#choices = {};
    this.box.value = "";
    this.#changed();
    this.#showWaiting();
  }

  /**
   * Hold what another page handed over.
   *
   * @param {Source[]} sources
   */
  receive(sources) {
    const typed = sources.find(
      (one) => one.name === "" && "text" in one && one.text.length <= LONG,
    );
    this.#files = sources.filter((one) => one !== typed);
    this.#choices = sources[0]?.choices ?? {};
    this.box.value = typed && "text" in typed ? typed.text : "";
    this.#changed();
    this.read();
  }

  /** @param {Source[]} sources */
  #hasSomething(sources) {
    // A file says something even if it is empty: that it is.
    return sources.some((one) => ("text" in one ? one.text.trim() : true));
  }

  #showWaiting() {
    const place = this.find("reading");
    place.removeAttribute("aria-busy");
    const waiting = document.createElement("p");
    waiting.className = "reading-waiting";
    waiting.textContent = words(this, "reading-waiting");
    place.replaceChildren(waiting);
    this.find("heard").textContent = "";
  }

  /** @param {ClipboardEvent} event */
  #paste(event) {
    const files = [...(event.clipboardData?.files ?? [])];
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!text && files.length) {
      event.preventDefault();
      this.#take(files);
    } else if (!this.#isForBox(text)) {
      event.preventDefault();
      this.#bring(text);
    }
  }

  /** @param {string} text */
  #isForBox(text) {
    return text.length <= LONG && !isPlanFile(text);
  }

  /** @param {string} text that isn't for the box */
  #bring(text) {
    const source = { name: words(this, "pasted"), text };
    if (isPlanFile(text)) this.#open(source);
    else this.#add(source);
  }

  /** @param {DragEvent} event */
  #drag(event) {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    this.#over(true);
  }

  /** @param {DragEvent} event */
  #drop(event) {
    this.#over(false);
    const files = [...(event.dataTransfer?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    this.#take(files);
  }

  /** @param {boolean} over */
  #over(over) {
    this.toggleAttribute("data-over", over);
  }

  /** @param {File[]} files */
  #take(files) {
    this.taken = this.taken.then(() => this.#takeIn(files));
  }

  /** @param {File[]} files */
  async #takeIn(files) {
    this.#refuse("");
    for (const file of files) {
      const held = this.#files.reduce((sum, one) => sum + sizeOf(one), 0);
      if (held + file.size > LARGEST) {
        this.#refuse("file-large");
        continue;
      }
      try {
        const source = { name: file.name, bytes: await file.arrayBuffer() };
        if (isPlanFile(await file.slice(0, PLAN_FILE.within).text())) {
          this.#open(source);
          return;
        }
        this.#files.push(source);
      } catch {
        this.#refuse("file-unreadable");
      }
    }
    if (this.isExampleText) this.box.value = "";
    this.#changed();
    this.read();
  }

  /** @param {Source} source a plan file */
  #open(source) {
    this.#refuse("");
    this.dispatchEvent(new CustomEvent("opened", { detail: source }));
  }

  /**
   * Hold a plan file that was opened, and nothing else.
   *
   * @param {Source} source
   * @param {Answer} answer
   */
  hold(source, answer) {
    this.#files = [];
    this.#replace("");
    this.#opened = source;
    this.#files = [source];
    this.#changed();
    this.show(answer);
  }

  /** @param {string} sentence why a file can't be opened */
  refuse(sentence) {
    const place = this.find("refused");
    place.textContent = sentence;
    place.hidden = !sentence;
  }

  get isExampleText() {
    return this.box.value === words(this, "example");
  }

  /** @param {Source} source */
  #add(source) {
    if (this.isExampleText) this.box.value = "";
    this.#files.push(source);
    this.#changed();
    this.read();
  }

  /** @param {number} place */
  #remove(place) {
    this.#files.splice(place, 1);
    // What is left has other numbers.
    this.#choices = {};
    this.#changed();
    this.box.focus();
    this.read();
  }

  /** @param {string} key of the sentence that says why a file can't be taken; empty for none */
  #refuse(key) {
    this.refuse(key ? words(this, key) : "");
  }

  #restore() {
    this.box.value = this.#setAside;
    this.#setAside = "";
    this.#changed();
    this.box.focus();
    this.page.announce(words(this, "restored"));
    this.read();
  }

  /** @param {string} text */
  #replace(text) {
    const old = this.box.value;
    if (old.trim() && !this.isExampleText) this.#setAside = old;
    this.box.value = text;
    this.#changed();
  }

  #changed() {
    if (this.#opened && (this.box.value || this.#files.length > 1)) {
      this.#files = this.#files.filter((one) => one !== this.#opened);
      this.#opened = null;
    }
    this.find("restore").hidden = !this.#setAside;
    this.#listFiles();
    this.dispatchEvent(new Event("brought"));
  }

  #listFiles() {
    const list = this.find("sources");
    const remove = words(this, "remove");
    list.replaceChildren(
      ...this.#files.map(({ name }, place) => {
        const item = document.createElement("li");
        const label = document.createElement("bdi");
        label.textContent = name;
        const button = document.createElement("button");
        button.type = "button";
        button.dataset.remove = String(place);
        button.textContent = remove;
        button.setAttribute("aria-label", `${remove}: ${name}`);
        item.append(label, button);
        return item;
      }),
    );
    list.hidden = !this.#files.length;
  }
}

/** @param {string} text */
function isPlanFile(text) {
  return text.slice(0, PLAN_FILE.within).includes(PLAN_FILE.mark);
}

/** @param {Source} source */
function sizeOf(source) {
  return "text" in source ? source.text.length : source.bytes.byteLength;
}

customElements.define("planner-input", Input);
