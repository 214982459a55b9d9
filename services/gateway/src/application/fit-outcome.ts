import type { ResultCut } from '@action-mesh/contracts/gateway';
import { compactJson, memberName, readJsonNode, withChildren, type JsonNode } from '@action-mesh/kernel';

import { cutJson, type CutJson } from '../domain/cut-json.js';
import type { FieldPaths } from '../domain/field-paths.js';
import { selectFields, type SelectedFields } from '../domain/select-fields.js';

/** The part of a result that a caller asks for. */
export interface AskedFit {
  /** The fields of the result of a successful call. Absent: all. */
  readonly fields?: FieldPaths | undefined;
  /** The most bytes of `result`, as JSON in UTF-8. Absent: any number. */
  readonly maxBytes?: number | undefined;
}

/** The part of a result that a caller sees. */
export interface ResultFit extends AskedFit {
  /** A binary answer is shown without its bytes. False: only if they exceed `maxBytes`. */
  readonly isForModel: boolean;
}

/**
 * An outcome whose `result` is cut to the part that fits. A cut result has the member `cut` behind it. All other members
 * keep their exact text, and so does an outcome with a whole result. A result that a caller asks a part of loses the
 * whitespace between its parts. The answer to a failed call keeps all its fields, because they explain the failure. Throws `IJsonError` when the outcome is not JSON.
 */
export function fitOutcome(outcome: string, fit: ResultFit, resultUrl: string): string {
  const root = readJsonNode(outcome);
  const whole = memberOf(root, 'result');
  if (whole === undefined) return outcome;
  const asReference = isBinary(outcome, root) && (fit.isForModel || whole.bytes > (fit.maxBytes ?? Infinity));
  const reference = asReference ? withoutBytes(whole) : whole;
  const fields = isSucceeded(outcome, root) ? fit.fields : undefined;
  const { node, missing } = selected(reference, fields);
  const { text = 'null', places } = cut(outcome, node, fit.maxBytes);
  const bytes = Buffer.byteLength(text);
  const isCut = bytes < whole.bytes || missing.length > 0;
  if (!isCut && fit.maxBytes === undefined && fields === undefined) return outcome;
  const about: ResultCut = {
    bytes,
    of_bytes: whole.bytes,
    ...(fields !== undefined && { fields: [...fields.texts] }),
    ...(missing.length > 0 && { missing: [...missing] }),
    ...(places.length > 0 && { places: [...places] }),
    result_url: resultUrl,
  };
  return `${outcome.slice(0, whole.start)}${text}${isCut ? `,"cut":${JSON.stringify(about)}` : ''}${outcome.slice(whole.end)}`;
}

/** An outcome with the member `next`: the call for the next page. `next` is the JSON of its arguments. */
export function withNextPage(outcome: string, next: string): string {
  return `${outcome.trimEnd().slice(0, -1)},"next":{"arguments":${next}}}`;
}

function selected(node: JsonNode, fields: FieldPaths | undefined): SelectedFields {
  return fields === undefined ? { node, missing: [] } : selectFields(node, fields);
}

function cut(outcome: string, shown: JsonNode | undefined, maxBytes: number | undefined): CutJson {
  if (shown === undefined) return { text: undefined, places: [] };
  return maxBytes === undefined
    ? { text: compactJson(outcome, shown), places: [] }
    : cutJson(outcome, shown, maxBytes);
}

function isSucceeded(outcome: string, root: JsonNode): boolean {
  return textOf(outcome, memberOf(root, 'status')) === '"succeeded"';
}

function isBinary(outcome: string, root: JsonNode): boolean {
  const upstream = memberOf(root, 'upstream');
  const form = textOf(outcome, upstream && memberOf(upstream, 'body'));
  return form === '"binary"' || form === '"undecodable"';
}

function textOf(outcome: string, node: JsonNode | undefined): string | undefined {
  return node && outcome.slice(node.start, node.end);
}

/** What a binary answer is: its type and its size. */
function withoutBytes(result: JsonNode): JsonNode {
  const left = result.children.filter((child) => memberName(child) !== 'base64');
  return left.length === result.children.length ? result : withChildren(result, left);
}

function memberOf(object: JsonNode, name: string): JsonNode | undefined {
  if (object.kind !== 'object') return undefined;
  return object.children.find((child) => memberName(child) === name);
}
