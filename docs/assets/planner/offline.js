/**
 * Have the site's service worker keep the planner and the guide for later visits, with or
 * without network.
 *
 * Only for readers who used it and don't save data. Where service workers are missing, forbidden
 * or fail, nothing changes but that.
 */

import { savesData } from "./when.js";

/** How long (ms) after the planner is ready: it should not be in the reader's way. */
const LATER = 2_000;

let asked = false;

/** @param {string} runtime absolute URL of the runtime's folder */
export function keepSite(runtime) {
  if (asked || savesData() || !navigator.serviceWorker) return;
  asked = true;
  // runtime/<Pyodide>/<packs>/ stands in the site's root.
  const root = new URL("../../../", runtime);
  setTimeout(async () => {
    try {
      await navigator.serviceWorker.register(new URL("service-worker.js", root));
      const { active } = await navigator.serviceWorker.ready;
      active?.postMessage({ keep: location.href });
    } catch {
      // As said above.
    }
  }, LATER);
}
