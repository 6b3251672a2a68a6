/**
 * Fetches the planner of a guide page once the reader turns to it: most never do.
 *
 * Until then the page has its closed frame only, which `closed.css` draws.
 */

import { keepEarly } from "./early.js";
import { whenTurnedTo } from "./when.js";

keepEarly();

for (const element of /** @type {NodeListOf<HTMLElement>} */ (
  document.querySelectorAll('csp-planner[data-start="open"]')
)) {
  whenTurnedTo(element, () => {
    element.dataset.wanted = "";
    const style = document.createElement("link");
    style.rel = "stylesheet";
    style.href = new URL("planner.css", import.meta.url).href;
    // Even where it doesn't come the planner works, and better unadorned than not at all.
    for (const end of ["load", "error"]) {
      style.addEventListener(end, () => element.toggleAttribute("data-styled", true));
    }
    document.head.append(style);
    import("./element.js").catch(() => element.toggleAttribute("data-late", true));
  });
}
