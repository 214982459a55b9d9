import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';

import type { JsonSchema } from '../validate/json-schema.js';

const AS_TEXT = { disallowedSpecial: new Set<string>() };

/**
 * Tokens that a tool takes in a prompt: its name, its description and its input as compact JSON, counted by OpenAI's o200k.
 * What is a mark of that tokenizer (`<|endoftext|>`) is text here: descriptions speak of them, and are no reason to fail.
 * Vendors count differently and wrap tools differently, so this compares tools rather than prices them.
 */
export function tokenCost(slug: string, description: string, input: JsonSchema): number {
  return countTokens(JSON.stringify({ name: slug, description, parameters: input }), AS_TEXT);
}
