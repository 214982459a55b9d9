import type { OpenApiDocument } from '../document/openapi-document.js';
import { below, type Findings } from '../finding.js';
import { member, objectAt, stringAt, type ReadonlyJsonObject } from '../json-object.js';
import { bodyMembers } from './body-members.js';
import { shapesOf } from './parameter-style.js';
import type { DeclaredBody } from './request-body.js';

/**
 * The format of lists in a form: repeated pairs, or each item as `name[0]=value`, for which OpenAPI has no exact
 * term.
 */
type ListForm = 'repeated' | 'indexed';

const written: Readonly<Record<ListForm, string>> = {
  repeated: 'lists as repeated pairs',
  indexed: 'lists as name[0]=value',
};
const mostMembers = 1_000;

/**
 * The format of the lists in a form: the document's one format for all of them, else repeated pairs. Warns of each
 * member with another format in the document. Objects are `name[member]=value`.
 */
export function listsOfForm(
  document: OpenApiDocument,
  { media, pointer }: DeclaredBody,
  findings: Findings,
): 'indexed' | undefined {
  const schemas = memberSchemas(document, member(media, 'schema'));
  const encoding = objectAt(media, 'encoding');
  const names = new Set([...schemas.keys(), ...Object.keys(encoding)]);
  const members = [...names].slice(0, mostMembers).map((name) => ({
    name,
    wanted: objectAt(encoding, name),
    shapes: shapesOf(document, schemas.get(name)),
  }));
  const lists = members.filter(({ shapes }) => shapes.has('array'));
  const form: ListForm =
    lists.length > 0 && lists.every(({ wanted }) => listForm(wanted) === 'indexed') ? 'indexed' : 'repeated';
  for (const { name, wanted, shapes } of members) {
    const isWritten =
      (!shapes.has('array') || listForm(wanted) === form) && (!shapes.has('object') || isDeep(wanted));
    if (isWritten) continue;
    findings.warn(
      'body_encoding',
      below(pointer, 'encoding', name),
      `has a style that the mesh does not support; it writes ${written[form]}, objects as name[member]=value`,
    );
  }
  return form === 'indexed' ? form : undefined;
}

/** The members that are arguments of their own. For a body that is one argument, its direct members. */
function memberSchemas(document: OpenApiDocument, schema: unknown): ReadonlyMap<string, unknown> {
  const found = bodyMembers(document, schema, '');
  if (found !== undefined) return new Map([...found.members].map(([name, part]) => [name, part.schema]));
  const followed = document.follow(schema, '');
  return new Map(followed.ok ? Object.entries(objectAt(followed.value, 'properties')) : []);
}

function listForm(wanted: ReadonlyJsonObject): ListForm | undefined {
  const style = stringAt(wanted, 'style');
  if (style === 'deepObject') return 'indexed';
  if (isMediaType(wanted)) return undefined;
  return (style ?? 'form') === 'form' && member(wanted, 'explode') !== false ? 'repeated' : undefined;
}

/** An encoding without `style` and `explode` counts as deep, because the document wants no other format. */
function isDeep(wanted: ReadonlyJsonObject): boolean {
  if (isMediaType(wanted)) return false;
  const style = stringAt(wanted, 'style');
  return style === 'deepObject' || (style === undefined && member(wanted, 'explode') === undefined);
}

/** Whether a member is a document of its own, such as JSON within a form. */
function isMediaType(wanted: ReadonlyJsonObject): boolean {
  return (
    stringAt(wanted, 'contentType') !== undefined &&
    member(wanted, 'style') === undefined &&
    member(wanted, 'explode') === undefined
  );
}
