import type { Answer } from './provider.port.js';

/** A whole answer with a value as its JSON body; without a value, one with an empty body. */
export function answerOf(value?: unknown): Answer {
  return value === undefined
    ? { body: { kind: 'empty' }, incomplete: false }
    : answerOfText(JSON.stringify(value));
}

/** A whole answer with this text of JSON. */
export function answerOfText(text: string): Answer {
  return { body: { kind: 'json', text }, result: text, incomplete: false };
}
