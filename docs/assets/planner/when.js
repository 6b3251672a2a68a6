/**
 * When Python starts: at once on the planner's own page, elsewhere once the reader turns to
 * the planner, and for readers who save data not before they press a button or bring a file.
 */

/** What tells that a reader has opened the planner, or turns to it. */
const OPENED = "toggle";
const SIGNS = ["pointerenter", "focusin", OPENED];

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
  // Opened before anything could hear of it.
  if (element.querySelector(".planner-closed[open]")) return act();
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
