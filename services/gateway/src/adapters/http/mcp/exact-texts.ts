import { compactJson, readJsonNode } from '@action-mesh/kernel';

import { randomUUID } from 'node:crypto';

/**
 * Carries exact JSON texts past a serializer that knows only JavaScript values. The serializer writes a mark for each
 * text, and {@link restore} puts the text in its place. An id of 64 bits keeps its digits.
 */
export class ExactTexts {
  readonly #texts = new Map<string, string>();

  get isEmpty(): boolean {
    return this.#texts.size === 0;
  }

  /** The object that stands for a JSON object until {@link restore}. Its mark is random, so no content contains it. */
  hold(json: string): Record<string, unknown> {
    const mark = `exact:${randomUUID()}`;
    // Without line breaks, a text fits into one line of an event stream.
    this.#texts.set(JSON.stringify({ [mark]: true }), compactJson(json, readJsonNode(json)));
    return { [mark]: true };
  }

  /** Replaces the marks in serialized JSON. */
  restore(serialized: string): string {
    let restored = serialized;
    for (const [mark, text] of this.#texts) restored = restored.replaceAll(mark, () => text);
    return restored;
  }
}
