/**
 * Rows drawn as they are seen: of ten thousand, the forty in sight and a few around.
 */

/** Rows drawn beyond both edges, so that a short scroll shows no gap. */
const AROUND = 12;

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
  #fetching = false;
  #again = false;
  #epoch = 0;
  /** How many rows there are. */
  total = 0;

  /** @param {Rows} rows */
  constructor(rows) {
    this.#rows = rows;
    rows.scroller.addEventListener("scroll", () => this.look(), { passive: true });
    new ResizeObserver(() => this.look()).observe(rows.scroller);
  }

  /** Draw anew, from the top or from where it is. */
  async refresh({ top = false } = {}) {
    this.#epoch += 1;
    this.#from = this.#to = 0;
    if (top) this.#rows.scroller.scrollTop = 0;
    await this.#fetch();
  }

  /** Draw what has come into sight. */
  look() {
    const [first, last] = this.#inSight();
    if (first < this.#from || Math.min(last, this.total) > this.#to) this.#fetch();
  }

  /**
   * Bring a row into sight and draw it.
   *
   * @param {number} row
   */
  async reveal(row) {
    const { scroller, height } = this.#rows;
    const top = row * height();
    const header = this.#rows.body.offsetTop;
    if (top < scroller.scrollTop) scroller.scrollTop = top;
    else if (top + height() + header > scroller.scrollTop + scroller.clientHeight) {
      scroller.scrollTop = top + height() + header - scroller.clientHeight;
    }
    if (row < this.#from || row >= this.#to) await this.#fetch();
  }

  /** How many rows are in sight. */
  get page() {
    const { scroller, height } = this.#rows;
    return Math.max(1, Math.floor(scroller.clientHeight / height()) - 1);
  }

  /** @returns {[number, number]} */
  #inSight() {
    const { scroller, height } = this.#rows;
    const first = Math.floor(scroller.scrollTop / height());
    return [Math.max(0, first), first + Math.ceil(scroller.clientHeight / height()) + 1];
  }

  async #fetch() {
    this.#again = true;
    if (this.#fetching) return;
    this.#fetching = true;
    try {
      while (this.#again) {
        this.#again = false;
        const epoch = this.#epoch;
        const [first, last] = this.#inSight();
        const from = Math.max(0, first - AROUND);
        const answer = await this.#rows.fetch(from, last + AROUND);
        if (!answer) return;
        if (epoch !== this.#epoch) {
          this.#again = true;
          continue;
        }
        this.#draw(from, Math.min(last + AROUND, answer.total), answer);
      }
    } finally {
      this.#fetching = false;
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
    if (height() !== before) draw();
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
