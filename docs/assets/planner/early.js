/**
 * What a reader does before the planner has come: kept, so that nothing of it is lost.
 *
 * Text pasted into the box and files chosen by their button are kept by the page itself; a
 * press on a button and files dropped are kept here. Imports nothing, as it stands in the head
 * of the planner's page.
 */

/** A planner that nothing has been made of yet; later nothing is found by it. */
const EARLY = "csp-planner:not(:defined)";

/** Marks the button that was pressed last. */
const PRESSED = "data-pressed";

/** Keep what the reader does until the planner is there to hear it. */
export function keepEarly() {
  document.addEventListener("click", ({ target }) => {
    const planner = earlyAt(target);
    const button = planner && /** @type {Element} */ (target).closest("button[data-part]");
    if (!button) return;
    planner.querySelector(`[${PRESSED}]`)?.removeAttribute(PRESSED);
    button.setAttribute(PRESSED, "");
  });
  for (const kind of ["dragenter", "dragover", "drop"]) {
    document.addEventListener(kind, (event) => {
      const { dataTransfer, target } = /** @type {DragEvent} */ (event);
      const planner = earlyAt(target);
      if (!planner || !dataTransfer?.types.includes("Files")) return;
      // Else the browser would leave the page for the file.
      event.preventDefault();
      const chooser = /** @type {HTMLInputElement | null} */ (
        planner.querySelector("input[type=file]")
      );
      if (kind === "drop" && chooser) chooser.files = dataTransfer.files;
    });
  }
}

/**
 * Press the button again that the reader pressed too early.
 *
 * @param {HTMLElement} planner which hears its buttons now
 */
export function repeatEarlyPress(planner) {
  const button = /** @type {HTMLElement | null} */ (planner.querySelector(`[${PRESSED}]`));
  button?.removeAttribute(PRESSED);
  button?.click();
}

/**
 * @param {EventTarget | null} target
 * @returns {Element | null} the planner that it stands in, while that is nothing but its HTML
 */
function earlyAt(target) {
  return target instanceof Element ? target.closest(EARLY) : null;
}
