/**
 * Packs of files that Python finds on its file system: a standard library, packages.
 *
 * A pack is one file of the site: the contents of its members, one after the other. Its
 * index stands in `contents.json`.
 */

/**
 * @typedef {object} Pack
 * @property {string} file the pack's name in the runtime's folder
 * @property {string} into the folder that its members belong to
 * @property {[path: string, size: number][]} members in the order in which they follow each other
 */

/**
 * The part of Emscripten's file system that is needed here.
 *
 * @typedef {{
 *   mkdirTree: (path: string) => void,
 *   writeFile: (path: string, content: Uint8Array) => void,
 *   analyzePath: (path: string) => {exists: boolean, object: object},
 *   lookupPath: (path: string, ...options: unknown[]) => unknown,
 *   ErrnoError: new (number: number) => Error,
 * }} FileSystem
 */

/** What a file system says where a file can't be read (EIO, as Emscripten counts). */
const UNREADABLE = 29;

const NOTHING = new Uint8Array();

/**
 * @param {Record<string, Pack>} packs
 * @param {string} name
 * @returns {Pack}
 * @throws {ReferenceError} the site holds no such pack
 */
export function packOf(packs, name) {
  const pack = packs[name];
  if (!pack) throw new ReferenceError(name);
  return pack;
}

/**
 * Write the members of a pack.
 *
 * @param {FileSystem} system
 * @param {Pack} pack
 * @param {Uint8Array} content the pack as it was fetched
 */
export function unpack(system, pack, content) {
  for (const { path, start, size } of members(pack)) {
    makeFolder(system, path);
    system.writeFile(path, content.slice(start, start + size));
  }
}

/**
 * Do something before a file system is first asked for a path in some folder.
 *
 * @param {FileSystem} system
 * @param {string} folder
 * @param {() => void} prepare may use the file system
 */
export function beforeFirstLook(system, folder, prepare) {
  const { lookupPath } = system;
  system.lookupPath = (path, ...options) => {
    if (path?.startsWith(folder)) {
      system.lookupPath = lookupPath;
      prepare();
    }
    return lookupPath(path, ...options);
  };
}

/**
 * Put the members of a pack into place and fetch their contents only when one is read.
 *
 * Python reads synchronously, so `read` has to answer at once. Where it throws, Python finds a
 * file that can't be read just now, and may look again.
 *
 * @param {FileSystem} system
 * @param {Pack} pack
 * @param {() => Uint8Array} read the pack's content; called once, when it is first needed
 */
export function unpackLater(system, pack, read) {
  /** @type {Uint8Array | undefined} */
  let content;
  for (const { path, start, size } of members(pack)) {
    makeFolder(system, path);
    system.writeFile(path, NOTHING);
    Object.defineProperties(system.analyzePath(path).object, {
      usedBytes: { value: size, writable: true },
      contents: {
        get: () => {
          try {
            content ??= read();
          } catch {
            throw new system.ErrnoError(UNREADABLE);
          }
          return content.subarray(start, start + size);
        },
      },
    });
  }
}

/** @param {Pack} pack */
function members(pack) {
  let start = 0;
  return pack.members.map(([name, size]) => {
    const member = { path: `${pack.into}/${name}`, start, size };
    start += size;
    return member;
  });
}

/**
 * @param {FileSystem} system
 * @param {string} path of a file
 */
function makeFolder(system, path) {
  system.mkdirTree(path.slice(0, path.lastIndexOf("/")));
}
