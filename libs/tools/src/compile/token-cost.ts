import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';

import type { JsonSchema } from '../validate/json-schema.js';

const asText = { disallowedSpecial: new Set<string>() };

/**
 * Counts the tokens of a tool in a prompt: its name, its description and its input as compact JSON, with OpenAI's
 * o200k.
 *
 * A special token of that tokenizer (`<|endoftext|>`) counts as text here, because a description may mention it.
 * Vendors count and wrap tools differently, so the count compares tools and does not price them.
 */
export function tokenCost(slug: string, description: string, input: JsonSchema): number {
  return countTokens(JSON.stringify({ name: slug, description, parameters: input }), asText);
}
