/**
 * Keeps the planner, and then the guide, for later visits of readers who used it, with or
 * without network.
 *
 * What the network has comes first, except for files whose address changes with their
 * content. Without network a page and its parts come from one build, the one this file
 * belongs to: each file is kept under its hash and only if it has that hash. A next build
 * brings a next service worker, which takes over once no page of this one is open.
 */

/** Files by path below the site's root: the hash of each, as hexadecimal SHA-256. */
const KEPT = {{ kept | tojson }};

const ROOT = new URL("./", self.location).href;
/** Another copy of the site on the same host keeps files of its own. */
const CACHE = `csp-planner-site ${ROOT}`;

/** Paths that never mean another content. */
const ADDRESSED =
  /^runtime\/|\/assets\/(?:planner\.[0-9a-f]{8}\/|site\.[0-9a-f]{8}\.css$)|\.[0-9a-f]{8}\.min\.(?:css|js)$/;

self.addEventListener("install", (event) => event.waitUntil(renew()));
self.addEventListener("activate", (event) => event.waitUntil(takeOver()));
self.addEventListener("message", (event) => event.waitUntil(keep(groupsOf(event.data.keep))));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const path = request.method === "GET" ? pathOf(request.url) : null;
  const hash = path === null ? undefined : hashOf(path);
  if (hash) event.respondWith(answer(request, path, hash));
});

/** Answer from what is kept: at once where that can't be old, else without network. */
async function answer(request, path, hash) {
  const known = () => caches.match(keyOf(path, hash), { ignoreVary: true }).catch(() => undefined);
  if (ADDRESSED.test(path)) return (await known()) ?? fetch(request);
  try {
    return await fetch(request);
  } catch (error) {
    const kept = await known();
    if (kept) return kept;
    throw error;
  }
}

/** Keep the files of some groups. */
async function keep(groups) {
  const cache = await caches.open(CACHE);
  for (const group of groups) {
    for (const [path, hash] of Object.entries(KEPT[group])) {
      const key = keyOf(path, hash);
      if (!(await cache.match(key, { ignoreVary: true }))) await cache.put(key, await fetched(path, hash));
    }
  }
}

/** Fetch a file of this build; anything else under its address is an error. */
async function fetched(path, hash) {
  const address = ROOT + path.replace(/(^|\/)index\.html$/, "$1");
  const response = await fetch(address, { cache: ADDRESSED.test(path) ? "default" : "no-cache" });
  const content = await response.clone().arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
  const found = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  if (found !== hash) throw new Error(`${address} is not of this build`);
  const isPlain = !response.redirected && response.headers.get("Vary") !== "*";
  if (ADDRESSED.test(path) && isPlain) return response;
  return new Response(content, {
    headers: { "Content-Type": response.headers.get("Content-Type") ?? "" },
  });
}

/** Keep of this build what was kept of the last one. */
async function renew() {
  const keys = await (await caches.open(CACHE)).keys();
  const paths = new Set(keys.map(({ url }) => new URL(url).pathname));
  const was = Object.keys(KEPT).filter((group) =>
    Object.keys(KEPT[group]).some((path) => paths.has(new URL(ROOT + path).pathname)),
  );
  if (was.length) await keep(["shared", ...was]);
}

/** Answer for the pages that are open, too: should they need a file again, it is kept. */
async function takeOver() {
  await forget();
  await self.clients.claim();
}

/** Forget what isn't of this build. */
async function forget() {
  const wanted = new Set(
    Object.values(KEPT).flatMap((group) =>
      Object.entries(group).map(([path, hash]) => keyOf(path, hash)),
    ),
  );
  const cache = await caches.open(CACHE);
  for (const request of await cache.keys()) {
    if (!wanted.has(request.url)) await cache.delete(request);
  }
}

/** Return the groups that a page needs, and those that its links lead to, in this order. */
function groupsOf(address) {
  const language = pathOf(address)?.split("/")[0] ?? "";
  return language in KEPT ? ["shared", language, `${language}/guide`] : [];
}

/** Return an address's path below the site's root, or null where it stands outside. */
function pathOf(address) {
  const { origin, pathname } = new URL(address);
  const url = origin + pathname;
  if (!url.startsWith(ROOT)) return null;
  const path = url.slice(ROOT.length);
  return path === "" || path.endsWith("/") ? `${path}index.html` : path;
}

function hashOf(path) {
  return Object.values(KEPT).find((group) => path in group)?.[path];
}

/**
 * Return the address under which a file is kept: with its hash, unless its own says as much.
 * Browsers keep what they compile of a script beside it, under the address it was fetched from.
 */
function keyOf(path, hash) {
  return ADDRESSED.test(path) ? ROOT + path : `${ROOT}${path}?${hash}`;
}
