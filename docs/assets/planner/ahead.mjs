/**
 * Starts Python while the planner's page is still on its way: this module runs as soon as it
 * is there. The element takes the worker over once it is.
 */

import { startAhead } from "./boot.mjs";
import { savesData } from "./when.mjs";

const script = /** @type {HTMLElement | null} */ (document.querySelector("script[data-runtime]"));

if (script && !savesData()) {
  startAhead(new URL(script.dataset.runtime ?? "", document.baseURI).href);
}
