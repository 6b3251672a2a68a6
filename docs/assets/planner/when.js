/**
 * When Python starts: at once on the planner's own page, elsewhere once the reader turns to
 * the planner, and for readers who save data not before they press a button.
 *
 * And a button pressed before anything of the planner has come: its press is kept.
 */

/** What tells that a reader has opened the planner, or turns to it. */
const OPENED = "toggle";
const SIGNS = ["pointerenter", "focusin", OPENED];

/** Marks the button that was pressed last before the planner could hear it. */
const PRESSED = "data-pressed";
const EARLY = "csp-planner:not(:defined) button[data-part]";

/**
 * @param {HTMLElement} element the planner; `data-start` is `now` or `open`, `data-wanted` says
 *   that the reader has turned to it already
 * @param {() => void} start called at most once
 */
export function startWhenWanted(element, start) {
  if (savesData()) return;
  const { start: when, wanted } = element.dataset;
  if (when === "now" || wanted !== undefined) start();
  else whenTurnedTo(element, start);
}

/**
 * Do something once the reader turns to the planner; for readers who save data once it is open.
 *
 * @param {HTMLElement} element the planner
 * @param {() => void} act called at most once
 */
export function whenTurnedTo(element, act) {
  const heard = new AbortController();
  for (const sign of savesData() ? [OPENED] : SIGNS) {
    // A `toggle` doesn't bubble: it is caught on its way down.
    element.addEventListener(
      sign,
      () => {
        heard.abort();
        act();
      },
      { capture: true, signal: heard.signal },
    );
  }
}

/** @returns {boolean} whether the reader asked sites to send less */
export function savesData() {
  const { connection } = /** @type {{connection?: {saveData?: boolean}}} */ (navigator);
  return connection?.saveData === true || matchMedia("(prefers-reduced-data: reduce)").matches;
}

/** Keep a press on a button of a planner that isn't there yet to hear it. */
export function keepEarlyPress() {
  document.addEventListener("click", ({ target }) => {
    const pressed = /** @type {Element} */ (target).closest(EARLY);
    if (!pressed) return;
    document.querySelector(`[${PRESSED}]`)?.removeAttribute(PRESSED);
    pressed.setAttribute(PRESSED, "");
  });
}

/**
 * Press the button again that the reader pressed too early.
 *
 * @param {HTMLElement} element the planner, which hears its buttons now
 */
export function repeatEarlyPress(element) {
  const button = /** @type {HTMLElement | null} */ (element.querySelector(`[${PRESSED}]`));
  button?.removeAttribute(PRESSED);
  button?.click();
}
