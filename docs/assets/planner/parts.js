/**
 * The parts of an element: found by name, its words, its buttons.
 */

/** @import { Query } from "./protocol.js" */
/** @import { Session } from "./session.js" */

/**
 * @typedef {object} Page what every part of the planner may ask of the whole
 * @property {Session} session
 * @property {(sentence: string) => void} announce put a sentence into the status line
 * @property {Query} filters which lines table and timeline show
 * @property {(filters: Query) => void} filter let both show these lines from now on
 * @property {(query: Query) => void} showLines open the table on a query
 * @property {(line: number, back?: () => void) => void} openLine open a line in full
 */

export class Part extends HTMLElement {
  /** @type {Page} */
  page = /** @type {Page} */ (/** @type {unknown} */ (null));

  /**
   * Give the part its page, once.
   *
   * @param {Page} page
   */
  attach(page) {
    this.page = page;
    this.attached();
  }

  /** Overridden: listen, now that there is a page. */
  attached() {}

  get session() {
    return this.page.session;
  }

  /**
   * @param {string} name
   * @returns {HTMLElement}
   */
  find(name) {
    return part(this, name);
  }
}

/** A part that opens in a sheet: its button closes that, and a press beside it. */
export class Sheet extends Part {
  /** @override */
  attached() {
    this.find("close").addEventListener("click", () => this.sheet.close());
    this.sheet.addEventListener("click", (event) => {
      if (event.target === this.sheet) this.sheet.close();
    });
  }

  get sheet() {
    return /** @type {HTMLDialogElement} */ (this.find("sheet"));
  }
}

/**
 * @param {Element} root
 * @param {string} name
 * @returns {HTMLElement}
 */
export function part(root, name) {
  return /** @type {HTMLElement} */ (root.querySelector(`[data-part="${name}"]`));
}

/**
 * @param {Element} root
 * @param {string} key
 * @returns {string} the words that the page holds under a key; empty where it has none
 */
export function words(root, key) {
  const template = root.querySelector(`template[data-words="${key}"]`);
  return /** @type {HTMLTemplateElement | null} */ (template)?.content.textContent ?? "";
}

/**
 * @param {EventTarget | null} target
 * @param {string} selector
 * @returns {HTMLElement | null} the nearest element around an event's target
 */
export function nearest(target, selector) {
  return target instanceof Element ? target.closest(selector) : null;
}

/**
 * Run something once nothing has asked for it for a while.
 *
 * @param {number} rest ms
 * @param {() => void} run
 * @returns {() => void}
 */
export function afterRest(rest, run) {
  /** @type {number | undefined} */
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(run, rest);
  };
}

/**
 * The filters that a form states.
 *
 * @param {HTMLFormElement} form of `_filters.html.j2`
 * @param {Query} before the step and its day, which no control states
 * @returns {Query}
 */
export function filtersOf(form, { step = "", on = "" }) {
  /** @type {Record<string, string>} */
  const filters = { step, on };
  for (const name of ["text", "customer", "path", "due", "hold", "question"]) {
    filters[name] = String(new FormData(form).get(name) ?? "");
  }
  return filters;
}

/** @param {Query} filters whether they leave any line out */
export function narrows(filters) {
  return Object.values(filters).some(Boolean);
}

/**
 * Replace HTML and keep what the reader is at: the focus, by the attributes that name a control,
 * what is being typed, and what was opened.
 *
 * @param {HTMLElement} root
 * @param {string} html as Python wrote it, with everything pasted escaped
 */
export function redraw(root, html) {
  const { activeElement } = document;
  const held = root.contains(activeElement) ? /** @type {HTMLElement} */ (activeElement) : null;
  const opened = [...root.querySelectorAll("details[open]")].map(nameOf);
  const { scrollTop } = root;
  root.innerHTML = html;
  root.scrollTop = scrollTop;
  for (const name of opened) if (name) root.querySelector(name)?.setAttribute("open", "");
  const name = nameOf(held);
  const next = /** @type {HTMLElement | null} */ (name ? root.querySelector(name) : null);
  if (held && next && isTypedInto(held)) {
    // The same field, so that the next letter goes where the last one went.
    for (const { name, value } of next.attributes) held.setAttribute(name, value);
    next.replaceWith(held);
    held.focus({ preventScroll: true });
  } else next?.focus({ preventScroll: true });
}

/** @param {HTMLElement} element */
function isTypedInto(element) {
  return element.matches("textarea, input:not([type=checkbox], [type=radio])");
}

/**
 * @param {Element | null} element
 * @returns {string} a selector that finds it after it was drawn anew; empty where nothing names it
 */
function nameOf(element) {
  if (!element) return "";
  if (element.localName === "summary") {
    const around = nameOf(element.parentElement);
    return around && `${around} > summary`;
  }
  const named = [
    "name",
    "value",
    "data-answer",
    "data-mark",
    "data-lines",
    "data-on",
    "data-entry",
    "data-line",
    "data-note",
    "data-choose",
    "data-column",
    "data-order",
    "data-of",
    "data-customer-of",
    "data-period",
    "data-add-period",
    "data-filter",
    "data-value",
    "data-keeps-open",
  ]
    .filter((name) => element.hasAttribute(name))
    // Of all others the value is what changes.
    .filter((name) => name !== "value" || element.matches("[type=checkbox], [type=radio], button"))
    .map((name) => `[${name}="${CSS.escape(element.getAttribute(name) ?? "")}"]`);
  return named.length ? `${element.localName}${named.join("")}` : "";
}
