/**
 * The memory image that Python starts from: fetched, unpacked, kept for the next visit.
 */

/** Begins the name of the cache that holds the image, unpacked, under its own address. */
const CACHE = "csp-planner-image";

/** How a gzip file starts. */
const GZIP = [0x1f, 0x8b];

/**
 * Return the image that an earlier visit kept, or fetch it.
 *
 * @param {string} url
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function getImage(url) {
  const known = await kept(url);
  if (known) return new Uint8Array(await known.arrayBuffer());
  const response = await get(url);
  // It is a gzip file. A host may send that under an encoding of its own, which the browser
  // undoes, or undo even its packing; whatever is on the way may take the encoding back.
  const image = response.headers.has("Content-Encoding")
    ? await whole(response)
    : await unpacked(response).catch(async () => whole(await get(url)));
  return GZIP.every((byte, place) => image[place] === byte) ? unpacked(new Response(image)) : image;
}

/** @param {string} url */
async function get(url) {
  const response = await fetch(url);
  if (!response.ok || !response.body) throw new Error(`${response.status} ${url}`);
  return response;
}

/** @param {Response} response */
async function whole(response) {
  return new Uint8Array(await response.arrayBuffer());
}

/** @param {Response} packed */
async function unpacked(packed) {
  return whole(new Response(packed.body?.pipeThrough(new DecompressionStream("gzip"))));
}

/**
 * Keep an image for the next visit, and none of an older version.
 *
 * Nothing depends on it: where storage is full or forbidden, the image is fetched again.
 *
 * @param {string} url
 * @param {Uint8Array<ArrayBuffer>} image
 */
export async function keepImage(url, image) {
  try {
    const cache = await cacheOf(url);
    const known = await cache.keys();
    await Promise.all(known.filter((one) => one.url !== url).map((one) => cache.delete(one)));
    if (!known.some((one) => one.url === url)) await cache.put(url, new Response(image));
  } catch {
    // As said above.
  }
}

/**
 * Forget an image that Python did not start from.
 *
 * @param {string} url
 */
export async function forgetImage(url) {
  try {
    await (await cacheOf(url)).delete(url);
  } catch {
    // Then there is none.
  }
}

/**
 * Another copy of the site on the same host keeps an image of its own.
 *
 * @param {string} url of the image, in `runtime/<Pyodide>/<packs>/`
 */
function cacheOf(url) {
  return caches.open(`${CACHE} ${new URL("../../../", url)}`);
}

/** @param {string} url */
async function kept(url) {
  try {
    return await (await cacheOf(url)).match(url);
  } catch {
    return undefined;
  }
}
