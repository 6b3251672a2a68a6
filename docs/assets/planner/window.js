/**
 * Rows drawn as they are seen: of ten thousand, those in sight, and soon a few around.
 */

/** Rows drawn beyond both edges, so that a short scroll shows no gap. */
const AROUND = 12;

/** How long (ms) rows rest before those around them are drawn, too. */
const REST = 200;

/**
 * @typedef {object} Rows
 * @property {HTMLElement} scroller what scrolls
 * @property {HTMLElement} body what holds the rows
 * @property {() => number} height of one row (px); the same for each
 * @property {(from: number, to: number) => Promise<{html: string, total: number} | null>} fetch
 * @property {(height: number) => string} spacer HTML that is as high as rows left out
 * @property {(held: Held | null) => void} [drawn] after rows were drawn; what scrolls has
 *   the focus when one of them had it
 */

/**
 * @typedef {object} Held what had the focus before rows were drawn anew
 * @property {string} row
 * @property {number} stop the how-manieth of the row's places that can have it
 */

export class Windowed {
  #rows;
  #from = 0;
  #to = 0;
  /** @type {Promise<void> | null} until all that was asked for is drawn */
  #fetching = null;
  #again = false;
  #around = AROUND;
  #epoch = 0;
  /** @type {number | undefined} */
  #resting;
  /** How many rows there are. */
  total = 0;

  /** @param {Rows} rows */
  constructor(rows) {
    this.#rows = rows;
    rows.scroller.addEventListener("scroll", () => this.look(), { passive: true });
    new ResizeObserver(() => this.look()).observe(rows.scroller);
  }

  /** Draw anew, from the top or from where it is: at once only what is in sight. */
  async refresh({ top = false } = {}) {
    this.#epoch += 1;
    this.#from = this.#to = 0;
    if (top) this.#rows.scroller.scrollTop = 0;
    await this.#fetchInSight();
  }

  /** Draw what has come into sight. */
  look() {
    this.#look();
  }

  async #look() {
    // On paper nothing scrolls: there, every row would come into sight.
    if (matchMedia("print").matches) return;
    const [first, last] = this.#inSight();
    if (first >= this.#from && Math.min(last, this.total) <= this.#to) return;
    if (first >= this.#to || last <= this.#from) await this.#fetchInSight();
    else await this.#fetch(AROUND);
  }

  /**
   * Bring a row into sight and draw it.
   *
   * @param {number} row
   */
  async reveal(row) {
    const { scroller, height } = this.#rows;
    const top = row * height();
    const header = this.#header();
    if (top < scroller.scrollTop) scroller.scrollTop = top;
    else if (top + height() + header > scroller.scrollTop + scroller.clientHeight) {
      scroller.scrollTop = top + height() + header - scroller.clientHeight;
    }
    if (row < this.#from || row >= this.#to) await this.#look();
  }

  /** How much (px) stands above the rows, of what scrolls. */
  #header() {
    const { body, scroller } = this.#rows;
    const from = scroller.getBoundingClientRect().top + scroller.clientTop;
    return body.getBoundingClientRect().top - from + scroller.scrollTop;
  }

  /** How many rows are in sight. */
  get page() {
    const { scroller, height } = this.#rows;
    return Math.max(1, Math.floor(scroller.clientHeight / height()) - 1);
  }

  /** @returns {[number, number]} */
  #inSight() {
    const { scroller, height } = this.#rows;
    // With fewer rows than it has room for, it is lower than it can be.
    const most = parseFloat(getComputedStyle(scroller).maxBlockSize) || 0;
    const room = Math.max(scroller.clientHeight, most);
    const first = Math.floor(scroller.scrollTop / height());
    return [Math.max(0, first), first + Math.ceil(room / height()) + 1];
  }

  /** Draw what is in sight, and what is around it once nothing else is asked for. */
  async #fetchInSight() {
    clearTimeout(this.#resting);
    await this.#fetch(0);
    clearTimeout(this.#resting);
    if (this.#to) this.#resting = setTimeout(() => this.#extend(), REST);
  }

  /** Draw what is around, and leave what stands as it is: somebody may be about to press it. */
  async #extend() {
    const { body, fetch, height } = this.#rows;
    const [first, last] = this.#inSight();
    const [epoch, from, to] = [this.#epoch, this.#from, this.#to];
    const upper = Math.max(0, first - AROUND);
    const lower = Math.min(last + AROUND, this.total);
    const above = upper < from ? await fetch(upper, from) : null;
    const below = lower > to ? await fetch(to, lower) : null;
    if (epoch !== this.#epoch || from !== this.#from || to !== this.#to) return;
    const rows = body.querySelectorAll("[data-row]");
    if (above) {
      rows[0]?.insertAdjacentHTML("beforebegin", above.html);
      this.#from = upper;
    }
    if (below) {
      rows[rows.length - 1]?.insertAdjacentHTML("afterend", below.html);
      this.#to = lower;
    }
    // Each spacer stands for rows left out; none stands where none is.
    const [head, tail] = [body.firstElementChild, body.lastElementChild];
    if (above) fit(head, this.#from * height());
    if (below) fit(tail, (this.total - this.#to) * height());
  }

  /**
   * Draw what is in sight, and some rows around it.
   *
   * @param {number} around how many beyond each edge
   */
  #fetch(around) {
    this.#again = true;
    this.#around = around;
    this.#fetching ??= this.#untilDrawn().finally(() => {
      this.#fetching = null;
    });
    return this.#fetching;
  }

  async #untilDrawn() {
    while (this.#again) {
      this.#again = false;
      const epoch = this.#epoch;
      const [first, last] = this.#inSight();
      const [from, to] = [Math.max(0, first - this.#around), last + this.#around];
      const answer = await this.#rows.fetch(from, to);
      if (!answer) return;
      if (epoch === this.#epoch) this.#draw(from, Math.min(to, answer.total), answer);
      else this.#again = true;
    }
  }

  /**
   * @param {number} from
   * @param {number} to
   * @param {{html: string, total: number}} answer
   */
  #draw(from, to, { html, total }) {
    const { scroller, body, height, spacer, drawn } = this.#rows;
    this.total = total;
    if (from >= total && total) {
      scroller.scrollTop = 0;
      this.#again = true;
      return;
    }
    const held = this.#held();
    // Keys pressed until a row has the focus again still arrive.
    if (held) scroller.focus({ preventScroll: true });
    this.#from = from;
    this.#to = to;
    const draw = () => {
      const above = from * height();
      const below = Math.max(0, total - to) * height();
      body.innerHTML = `${above ? spacer(above) : ""}${html}${below ? spacer(below) : ""}`;
    };
    // How high a row is shows once there is one.
    const before = height();
    draw();
    if (height() !== before) {
      draw();
      this.look();
    }
    drawn?.(held);
  }

  /**
   * Give a row that was drawn anew the focus that it had.
   *
   * @param {Held} held
   */
  restore({ row, stop }) {
    this.#stops(row)[stop]?.focus({ preventScroll: true });
  }

  /** @returns {Held | null} */
  #held() {
    const active = /** @type {HTMLElement | null} */ (document.activeElement);
    const row = this.#rows.body.contains(active) && active?.closest("[data-row]");
    if (!active || !row) return null;
    const index = /** @type {HTMLElement} */ (row).dataset.row ?? "";
    return { row: index, stop: this.#stops(index).indexOf(active) };
  }

  /**
   * What can have the focus in a row.
   *
   * @param {string} row
   * @returns {HTMLElement[]}
   */
  #stops(row) {
    const stops = "a[href], button, input, [tabindex]";
    return [...this.#rows.body.querySelectorAll(`[data-row="${row}"] :is(${stops})`)].map(
      (stop) => /** @type {HTMLElement} */ (stop),
    );
  }
}

/**
 * @param {Element | null} spacer
 * @param {number} height px that the rows left out take
 */
function fit(spacer, height) {
  if (height) /** @type {HTMLElement} */ (spacer).style.blockSize = `${height}px`;
  else spacer?.remove();
}
