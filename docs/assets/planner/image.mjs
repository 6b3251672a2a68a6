/**
 * The memory image that Python starts from: fetched, unpacked, kept for the next visit.
 */

/** The one cache that holds the image, unpacked, under the address it was fetched from. */
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
  const response = await fetch(url);
  if (!response.ok || !response.body) throw new Error(`${response.status} ${url}`);
  return unpacked(response.body);
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
    const cache = await caches.open(CACHE);
    const known = await cache.keys();
    await Promise.all(known.filter((one) => one.url !== url).map((one) => cache.delete(one)));
    if (!known.some((one) => one.url === url)) await cache.put(url, new Response(image));
  } catch {
    // As said above.
  }
}

/** Forget an image that Python did not start from. */
export async function forgetImage() {
  await globalThis.caches?.delete(CACHE).catch(() => {});
}

/** @param {string} url */
async function kept(url) {
  try {
    return await (await caches.open(CACHE)).match(url);
  } catch {
    return undefined;
  }
}

/**
 * Return the content of an image on its way, unpacked where it is still packed: a host may
 * send it under a `Content-Encoding`, which the browser undoes, or as the gzip file it is.
 *
 * @param {ReadableStream<Uint8Array<ArrayBuffer>>} body
 */
async function unpacked(body) {
  const reader = body.getReader();
  const { value: head = new Uint8Array() } = await reader.read();
  const whole = new ReadableStream({
    start: (stream) => stream.enqueue(head),
    async pull(stream) {
      const { done, value } = await reader.read();
      if (done) stream.close();
      else stream.enqueue(value);
    },
  });
  const packed = GZIP.every((byte, place) => head[place] === byte);
  const content = packed ? whole.pipeThrough(new DecompressionStream("gzip")) : whole;
  return new Uint8Array(await new Response(content).arrayBuffer());
}
