import type { Pagination, Tool } from '@action-mesh/contracts/catalog';
import type { AcceptedCall } from '@action-mesh/contracts/gateway';
import { linkedArguments } from '@action-mesh/tools';
import { IJsonError, jsonAt, JsonText, readJsonNode, writeJson } from '@action-mesh/kernel';

type Given = AcceptedCall['arguments'];

/**
 * The arguments of the call for the next page, as JSON. Tokens and ids keep their exact text. Undefined on the last page,
 * and when the outcome has no page or leads to the same page again.
 */
export function nextArguments(
  pagination: Pagination,
  tool: Pick<Tool, 'input' | 'http'>,
  given: Given,
  outcome: string,
): string | undefined {
  try {
    if (jsonAt(outcome, '/status') !== '"succeeded"') return undefined;
    const page = jsonAt(outcome, '/result');
    if (pagination.by === 'link') return linked(linkOf(pagination, tool, page, outcome), tool, given);
    const value = page === undefined ? undefined : followingValue(pagination, given, page);
    if (value === undefined) return undefined;
    const { argument } = pagination;
    const text = asTyped(value, typesOf(tool.input, argument));
    if (text === JSON.stringify(given[argument])) return undefined;
    return writeJson({ ...given, [argument]: new JsonText(text) });
  } catch (error) {
    // Two members of one name, or another answer that readers resolve differently.
    if (error instanceof IJsonError) return undefined;
    throw error;
  }
}

/** The arguments in the link to the next page, as texts. */
function linkOf(
  { at }: Extract<Pagination, { by: 'link' }>,
  tool: Pick<Tool, 'http'>,
  page: string | undefined,
  outcome: string,
): Readonly<Record<string, string>> | undefined {
  if (at === undefined) {
    const next = jsonAt(outcome, '/upstream/next');
    return next === undefined ? undefined : (JSON.parse(next) as Record<string, string>);
  }
  const link = page === undefined ? undefined : jsonAt(page, at);
  if (link?.startsWith('"') !== true) return undefined;
  const query = (JSON.parse(link) as string).split('#', 1)[0]?.split('?').slice(1).join('?');
  return query === undefined ? undefined : linkedArguments(tool, query);
}

function linked(
  link: Readonly<Record<string, string>> | undefined,
  { input }: Pick<Tool, 'input'>,
  given: Given,
): string | undefined {
  if (link === undefined) return undefined;
  const texts = Object.entries(link).map(
    ([argument, value]) => [argument, asTyped(JSON.stringify(value), typesOf(input, argument))] as const,
  );
  if (texts.every(([argument, text]) => text === JSON.stringify(given[argument]))) return undefined;
  return writeJson({
    ...given,
    ...Object.fromEntries(texts.map(([argument, text]) => [argument, new JsonText(text)])),
  });
}

/** The JSON text of the argument's value. */
function followingValue(
  pagination: Exclude<Pagination, { by: 'link' }>,
  given: Given,
  page: string,
): string | undefined {
  switch (pagination.by) {
    case 'token':
      if (pagination.more !== undefined && jsonAt(page, pagination.more) !== 'true') return undefined;
      return scalar(jsonAt(page, pagination.at));
    case 'last_item': {
      if (jsonAt(page, pagination.more) !== 'true') return undefined;
      const list = itemsAt(page, pagination.items);
      return list === undefined || list.count === 0
        ? undefined
        : scalar(jsonAt(page, `${pagination.items}/${list.count - 1}${pagination.id}`));
    }
    case 'offset': {
      const before = given[pagination.argument] ?? 0;
      const total = Number(jsonAt(page, pagination.total));
      const list = itemsAt(page, pagination.items);
      if (list === undefined || list.count === 0 || typeof before !== 'number') return undefined;
      const next = before + list.count;
      return next < total && Number.isSafeInteger(next) ? String(next) : undefined;
    }
  }
}

function itemsAt(page: string, pointer: string): { readonly count: number } | undefined {
  const text = jsonAt(page, pointer);
  return text?.startsWith('[') === true ? { count: readJsonNode(text).children.length } : undefined;
}

/** A text with content, or a number. */
function scalar(text: string | undefined): string | undefined {
  return text !== undefined && ((/^"./.test(text) && text !== '""') || /^[-0-9]/.test(text))
    ? text
    : undefined;
}

/** A number as a text, or a text as a number, where the argument takes nothing else. */
function asTyped(text: string, types: readonly string[]): string {
  const isText = text.startsWith('"');
  if (types.length === 0 || types.includes(isText ? 'string' : 'number')) return text;
  if (isText) {
    const isNumber =
      /^"-?(0|[1-9][0-9]*)"$/.test(text) && types.some((type) => type === 'integer' || type === 'number');
    const isFlag = /^"(true|false)"$/.test(text) && types.includes('boolean');
    return isNumber || isFlag ? text.slice(1, -1) : text;
  }
  return types.includes('string') && !types.includes('integer') ? JSON.stringify(text) : text;
}

function typesOf({ properties }: Tool['input'], argument: string): readonly string[] {
  const members = typeof properties === 'object' && !Array.isArray(properties) ? properties : undefined;
  const schema = members?.[argument];
  const type =
    typeof schema === 'object' && schema !== null && !Array.isArray(schema) ? schema['type'] : undefined;
  return [type].flat().filter((name) => typeof name === 'string');
}
