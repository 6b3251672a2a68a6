/**
 * `<planner-settings>`: what may be set, in a sheet; and where settings are kept.
 *
 * Settings stay in the page's address and in local storage, data never. The plan's day
 * stays in the address alone: yesterday's day in tomorrow's plan would be a wrong plan.
 * Prices stay in local storage alone: an address is passed on, and they are nobody else's.
 */

import { afterRest, nearest, redraw, Sheet } from "./parts.js";
import { ignore } from "./session.js";

/** @import { Settings } from "./protocol.js" */

const KEY = "csp-planner-settings";

/** The address names lead times as the rules do. */
const FIGURE = /^P-\d+\.[a-z_]+$/;

/** The address names limits of the schedule as the command line does. */
const LIMIT = /^schedule\.[a-z_]+$/;

/** Prices are named as the command line names them. */
const PRICE = /^price(\.|$)/;

/** How long (ms) typing rests before it counts. */
const REST = 500;

export class SettingsSheet extends Sheet {
  /** @override */
  attached() {
    super.attached();
    this.find("reset").addEventListener("click", () => this.#reset());
    const settle = afterRest(REST, () => this.#setAll());
    const touched = this.#touched;
    this.addEventListener("click", (event) => this.#period(event));
    this.addEventListener("input", (event) => {
      const field = nearest(event.target, "[name]");
      if (!field) return;
      // Another field of the same name has the older word.
      for (const one of touched) {
        if (/** @type {HTMLInputElement} */ (field).name === one.name) touched.delete(one);
      }
      touched.add(/** @type {HTMLInputElement} */ (field));
      settle();
    });
  }

  /** @type {Set<HTMLInputElement>} fields changed that aren't set yet */
  #touched = new Set();

  /** How many changes are under way. */
  #changing = 0;

  /** Set every field that was changed. */
  async #setAll() {
    const fields = [...this.#touched];
    this.#touched.clear();
    await Promise.all(fields.map((field) => this.#set(field)));
  }

  /** @param {MouseEvent} event */
  async #period(event) {
    const lifted = nearest(event.target, "[data-lift]")?.dataset.lift;
    const added = nearest(event.target, "[data-add-period]");
    const group = nearest(event.target, "[data-blackout]");
    if (!group || (!lifted && !added)) return;
    // What was changed a moment ago would be drawn over.
    await this.#setAll();
    const stand = (group.dataset.blackout ?? "").split(",").filter((one) => one && one !== lifted);
    const [first = "", last = ""] = this.#periodFields.map(({ value }) => value);
    if (added) stand.push(`${first}..${last || first}`);
    const done = await this.#change({ scheduling: { "schedule.blackout": stand.join(",") } });
    if (!done) return;
    if (added) for (const field of this.#periodFields) field.value = "";
    // What had the focus is gone with its period.
    else this.#periodFields[0]?.focus();
  }

  /** The first and the last day of a period that isn't added yet. */
  get #periodFields() {
    return [...this.querySelectorAll("[data-period]")].map(
      (field) => /** @type {HTMLInputElement} */ (field),
    );
  }

  /** Open the sheet. */
  async open() {
    const answer = await this.session.ask("settings", {}).catch(ignore);
    if (!answer?.ok) return;
    this.find("body").innerHTML = answer.html ?? "";
    this.find("refused").textContent = "";
    this.sheet.showModal();
  }

  /**
   * Draw the open sheet anew; not over what was entered meanwhile, which draws it itself once
   * it is set.
   */
  async refresh() {
    if (!this.sheet.open) return;
    const answer = await this.session.ask("settings", {}).catch(ignore);
    if (!answer?.ok || this.#touched.size || this.#changing) return;
    // A period half entered is in no setting yet.
    const begun = this.#periodFields.map(({ value }) => value);
    redraw(this.find("body"), answer.html ?? "");
    this.#periodFields.forEach((field, place) => {
      field.value = begun[place] ?? "";
    });
  }

  /** @param {HTMLInputElement} field */
  async #set(field) {
    const { name } = field;
    const value = this.#valueOf(field);
    const within =
      "policy" in field.dataset
        ? "policies"
        : LIMIT.test(name)
          ? "scheduling"
          : PRICE.test(name)
            ? "prices"
            : "";
    await this.#change(within ? { [within]: { [name]: value } } : { [name]: value });
  }

  /**
   * @param {HTMLInputElement} field
   * @returns {string} what is ticked where several fields have the name
   */
  #valueOf(field) {
    if (field.type !== "checkbox") return field.value;
    if (!("listed" in field.dataset)) return field.checked ? field.value : "";
    const ticked = this.querySelectorAll(`[name="${field.name}"]:checked`);
    return [...ticked].map((one) => /** @type {HTMLInputElement} */ (one).value).join(",");
  }

  async #reset() {
    const policies = this.session.standing?.settings?.policies ?? {};
    const scheduling = this.session.standing?.settings?.scheduling ?? {};
    const prices = this.session.standing?.settings?.prices ?? {};
    const none = (/** @type {object} */ set) =>
      Object.fromEntries(Object.keys(set).map((key) => [key, ""]));
    await this.#change({
      as_of: "",
      market: "",
      outgoing: "",
      policies: none(policies),
      scheduling: none(scheduling),
      prices: none(prices),
    });
  }

  /**
   * @param {Settings} stated
   * @returns {Promise<boolean>} whether it is set, and shown so
   */
  async #change(stated) {
    this.#changing += 1;
    const answer = await this.session
      .change("set", stated)
      .catch(ignore)
      .finally(() => {
        this.#changing -= 1;
      });
    if (!answer) {
      // Given up: what stood before stands.
      this.refresh();
      return false;
    }
    this.#refuse(answer.setting ?? "", answer.say ?? "");
    this.page.announce(answer.announce ?? answer.say ?? "");
    if (answer.ok) await this.refresh();
    return answer.ok;
  }

  /**
   * Say why a value can't be used, beside its field where there is a place for it.
   *
   * @param {string} setting
   * @param {string} why empty where nothing was refused
   */
  #refuse(setting, why) {
    for (const place of this.querySelectorAll("[data-refused]")) place.textContent = "";
    for (const field of this.querySelectorAll("[aria-invalid]"))
      field.removeAttribute("aria-invalid");
    const name = CSS.escape(setting);
    const beside = this.querySelector(`[data-refused="${name}"]`);
    (beside ?? this.find("refused")).textContent = why;
    if (beside) this.find("refused").textContent = "";
    if (why) this.querySelector(`[name="${name}"]`)?.setAttribute("aria-invalid", "true");
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
    const { prices: _prices, ...shared } = settings;
    for (const [name, value] of Object.entries(flat(shared))) {
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
    if (LIMIT.test(name)) settings.scheduling = { ...settings.scheduling, [name]: value };
    else if (FIGURE.test(name)) settings.policies = { ...settings.policies, [name]: value };
    else Object.assign(settings, { [name]: value });
  }
  return { settings, view };
}

/**
 * Tell whether an address states a setting by this name.
 *
 * @param {string} name
 */
export function isSetting(name) {
  return ["as_of", "market", "outgoing"].includes(name) || FIGURE.test(name) || LIMIT.test(name);
}

/**
 * @param {Settings} settings
 * @returns {Record<string, string | number>}
 */
function flat({ policies, scheduling, prices, ...settings }) {
  return { ...settings, ...policies, ...scheduling, ...prices };
}

customElements.define("planner-settings", SettingsSheet);
