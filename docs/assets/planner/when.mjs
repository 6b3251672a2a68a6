/**
 * When Python starts: at once on the planner's own page, elsewhere once the reader turns to
 * the planner, and for readers who save data not before they press a button.
 */

/** What tells that a reader turns to the planner. */
const SIGNS = ["pointerenter", "focusin", "toggle"];

/**
 * @param {HTMLElement} element the planner; `data-start` is `now` or `open`
 * @param {() => void} start called at most once
 */
export function startWhenWanted(element, start) {
  if (savesData()) return;
  if (element.dataset.start === "now") {
    start();
    return;
  }
  const heard = new AbortController();
  for (const sign of SIGNS) {
    // A `toggle` doesn't bubble: it is caught on its way down.
    element.addEventListener(
      sign,
      () => {
        heard.abort();
        start();
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
