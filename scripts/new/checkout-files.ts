import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { UsageError } from './names.js';

/** The files of a checkout, written all together: an error in the last change leaves the checkout unchanged. */
export class CheckoutFiles {
  readonly #root: string;
  readonly #written = new Map<string, string>();

  constructor(root: string) {
    this.#root = root;
  }

  has(path: string): boolean {
    return this.#written.has(path) || existsSync(join(this.#root, path));
  }

  read(path: string): string {
    return this.#written.get(path) ?? readFileSync(join(this.#root, path), 'utf8');
  }

  /** Adds a file. Throws {@link UsageError} when the checkout has it already. */
  add(path: string, content: string): void {
    if (this.has(path)) throw new UsageError(`${path} exists already`);
    this.#written.set(path, content);
  }

  /** Replaces the one place that `anchor` matches. Throws when the file has no such place. */
  edit(path: string, anchor: RegExp, replacement: (match: string) => string): void {
    const content = this.read(path);
    if (!anchor.test(content)) throw new Error(`${path} has no place for the change: ${anchor.source}`);
    this.#written.set(
      path,
      content.replace(anchor, (match) => replacement(match)),
    );
  }

  /** Writes all files and returns their paths. */
  write(): string[] {
    for (const [path, content] of this.#written) {
      mkdirSync(dirname(join(this.#root, path)), { recursive: true });
      writeFileSync(join(this.#root, path), content);
    }
    return [...this.#written.keys()];
  }
}
