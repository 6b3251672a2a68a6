/**
 * From the planner on a guide page to the planner's own page, with all that was brought.
 *
 * It goes from window to window by `postMessage`, within this site alone: nothing of it
 * is stored or stands in an address.
 */

import { isSetting } from "./settings.js";

/** @import { Change, Source } from "./protocol.js" */

/** @typedef {{sources: Source[], changes: Change[]}} Handover */

const MARK = "#from-guide";
const READY = "csp-planner-ready";
const DATA = "csp-planner-data";

/**
 * Open the planner's own page and give it everything; the settings of this page's address too.
 *
 * @param {string} address of the planner's page
 * @param {Handover} handover
 * @returns {boolean} false where the browser opens no window
 */
export function handOver(address, handover) {
  const own = new URL(address, location.href);
  for (const [name, value] of new URLSearchParams(location.search)) {
    if (isSetting(name)) own.searchParams.set(name, value);
  }
  own.hash = MARK;
  const opened = open(own, "_blank");
  if (!opened) return false;
  addEventListener("message", function give(event) {
    if (event.origin !== location.origin || event.source !== opened) return;
    if (event.data !== READY) return;
    removeEventListener("message", give);
    opened.postMessage({ kind: DATA, handover }, location.origin);
  });
  return true;
}

/**
 * Receive what the page that opened this one hands over, once.
 *
 * @param {(handover: Handover) => void} take
 */
export function receive(take) {
  const opener = /** @type {Window | null} */ (window.opener);
  if (!opener || location.hash !== MARK) return;
  history.replaceState(history.state, "", location.href.slice(0, -MARK.length));
  addEventListener("message", function get(event) {
    if (event.origin !== location.origin || event.source !== opener) return;
    if (event.data?.kind !== DATA) return;
    removeEventListener("message", get);
    take(event.data.handover);
  });
  opener.postMessage(READY, location.origin);
}
