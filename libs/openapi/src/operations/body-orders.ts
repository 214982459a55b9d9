import type { OpenApiDocument } from '../document/openapi-document.js';
import { listAt, member, objectAt } from '../json-object.js';
import { orderWords } from './effect-words.js';
import type { Operation } from './operation.js';

const mostParts = 50;
const jsonPatch = 'application/json-patch+json';

/**
 * The member of a body that orders an action instead of describing a state: `action` of `{ action: "end" }`, `op` of
 * a JSON patch. The search covers the members of the body, of its parts, and of the items of a list.
 */
export function orderedBy(document: OpenApiDocument, { source }: Operation): string | undefined {
  const body = document.follow(member(source, 'requestBody'), '');
  const content = body.ok ? objectAt(body.value, 'content') : {};
  if (Object.hasOwn(content, jsonPatch)) return 'op';
  const waiting = Object.values(content).map((media) => member(media, 'schema'));
  for (let looked = 0; looked < mostParts && waiting.length > 0; looked += 1) {
    const followed = document.follow(waiting.shift(), '');
    if (!followed.ok) continue;
    const { value } = followed;
    const order = Object.keys(objectAt(value, 'properties')).find((name) =>
      orderWords.has(name.toLowerCase()),
    );
    if (order !== undefined) return order;
    const parts = ['allOf', 'anyOf', 'oneOf'].flatMap((keyword) => listAt(value, keyword));
    waiting.push(...parts, ...[member(value, 'items')].filter((items) => items !== undefined));
  }
  return undefined;
}
