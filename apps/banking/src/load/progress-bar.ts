/** A line of the terminal that shows how far something has come. Where there is no terminal, nothing. */
export class ProgressBar {
  readonly #what: string;
  readonly #out: NodeJS.WriteStream;

  constructor(what: string, out: NodeJS.WriteStream = process.stderr) {
    this.#what = what;
    this.#out = out;
  }

  show(done: number, total: number, note: string): void {
    if (!this.#out.isTTY) return;
    const filled = Math.round((WIDTH * done) / total);
    const bar = '█'.repeat(filled) + '░'.repeat(WIDTH - filled);
    this.#out.write(`\r\u001b[K${this.#what}  ${bar}  ${done} of ${total}  ${note}`);
  }

  clear(): void {
    if (this.#out.isTTY) this.#out.write('\r\u001b[K');
  }
}

const WIDTH = 30;
