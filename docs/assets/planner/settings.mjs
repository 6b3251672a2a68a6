/**
 * `<planner-settings>`: what may be set, in a sheet; and where settings are kept.
 *
 * Settings stay in the page's address and in local storage, data never. The day stays
 * in the address alone: yesterday's day in tomorrow's plan would be a wrong plan.
 */

import { afterRest, nearest, Part, redraw } from "./parts.mjs";
import { ignore } from "./session.mjs";

/** @import { Settings } from "./protocol.mjs" */

const KEY = "csp-planner-settings";

/** The address names lead times as the rules do. */
const FIGURE = /^P-\d+\.[a-z_]+$/;

/** How long (ms) typing rests before it counts. */
const REST = 500;

export class SettingsSheet extends Part {
  /** @override */
  attached() {
    this.find("close").addEventListener("click", () => this.#sheet.close());
    this.#sheet.addEventListener("click", (event) => {
      if (event.target === this.#sheet) this.#sheet.close();
    });
    this.find("reset").addEventListener("click", () => this.#reset());
    /** @type {Set<HTMLInputElement>} */
    const touched = new Set();
    const settle = afterRest(REST, () => {
      for (const field of touched) this.#set(field);
      touched.clear();
    });
    this.addEventListener("input", (event) => {
      const field = nearest(event.target, "[name]");
      if (!field) return;
      touched.add(/** @type {HTMLInputElement} */ (field));
      settle();
    });
  }

  get #sheet() {
    return /** @type {HTMLDialogElement} */ (this.find("sheet"));
  }

  /** Open the sheet. */
  async open() {
    const answer = await this.session.ask("settings", {}).catch(ignore);
    if (!answer?.ok) return;
    this.find("body").innerHTML = answer.html ?? "";
    this.find("refused").textContent = "";
    this.#sheet.showModal();
  }

  /** Draw the open sheet anew. */
  async refresh() {
    if (!this.#sheet.open) return;
    const answer = await this.session.ask("settings", {}).catch(ignore);
    if (answer?.ok) redraw(this.find("body"), answer.html ?? "");
  }

  /** @param {HTMLInputElement} field */
  async #set(field) {
    const { name, value } = field;
    const stated = "policy" in field.dataset ? { policies: { [name]: value } } : { [name]: value };
    await this.#change(stated);
  }

  async #reset() {
    const policies = this.session.standing?.settings?.policies ?? {};
    const none = Object.fromEntries(Object.keys(policies).map((figure) => [figure, ""]));
    await this.#change({ as_of: "", market: "", outgoing: "", policies: none });
  }

  /** @param {Settings} stated */
  async #change(stated) {
    const answer = await this.session.change("set", stated).catch(ignore);
    if (!answer) {
      // Given up: what stood before stands.
      this.refresh();
      return;
    }
    this.find("refused").textContent = answer.say ?? "";
    this.page.announce(answer.announce ?? answer.say ?? "");
    if (answer.ok) this.refresh();
  }

  /**
   * Keep settings in the address and in this browser.
   *
   * @param {Settings} settings
   * @param {object} view what else of the page is set, such as columns
   */
  keep(settings, view) {
    const address = new URL(location.href);
    for (const name of [...address.searchParams.keys()]) {
      if (isSetting(name)) address.searchParams.delete(name);
    }
    for (const [name, value] of Object.entries(flat(settings))) {
      if (value !== "") address.searchParams.set(name, String(value));
    }
    if (address.href !== location.href) history.replaceState(history.state, "", address);
    const { as_of: _, ...lasting } = settings;
    try {
      if (Object.values(flat(lasting)).some((value) => value !== "") || Object.keys(view).length) {
        localStorage.setItem(KEY, JSON.stringify({ ...lasting, view }));
      } else localStorage.removeItem(KEY);
      this.find("storage").hidden = true;
    } catch {
      this.find("storage").hidden = false;
    }
  }

  /** Leave nothing in this browser or in the address. */
  forget() {
    this.keep({}, {});
  }
}

/** @returns {{settings: Settings, view: {columns?: string[]}}} what an earlier visit or the address set */
export function kept() {
  /** @type {Settings & {view?: {columns?: string[]}}} */
  let stored = {};
  try {
    const found = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    if (found && typeof found === "object") stored = found;
  } catch {
    // Blocked or damaged: the defaults count.
  }
  const { view = {}, as_of: _, ...settings } = stored;
  const stated = [...new URL(location.href).searchParams].filter(([name]) => isSetting(name));
  for (const [name, value] of stated) {
    if (FIGURE.test(name)) settings.policies = { ...settings.policies, [name]: value };
    else Object.assign(settings, { [name]: value });
  }
  return { settings, view };
}

/** @param {string} name */
function isSetting(name) {
  return ["as_of", "market", "outgoing"].includes(name) || FIGURE.test(name);
}

/**
 * @param {Settings} settings
 * @returns {Record<string, string | number>}
 */
function flat({ policies, ...settings }) {
  return { ...settings, ...policies };
}

customElements.define("planner-settings", SettingsSheet);
