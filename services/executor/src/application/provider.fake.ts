import type { ProviderAnswer } from './provider.port.js';

/** A whole answer with a value as its JSON body. Without a value, the body is empty. */
export function answerOf(value?: unknown): ProviderAnswer {
  return value === undefined
    ? { body: { kind: 'empty' }, incomplete: false }
    : answerOfText(JSON.stringify(value));
}

/** A whole answer with this JSON text as its body. */
export function answerOfText(text: string): ProviderAnswer {
  return { body: { kind: 'json', text }, result: text, incomplete: false };
}
