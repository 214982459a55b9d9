import type { Pagination, Tool } from '@action-mesh/contracts/catalog';
import type { JsonSchema } from '@action-mesh/tools';
import { declaredProperties } from '@action-mesh/tools/compile';

import type { OpenApiDocument } from '../document/openapi-document.js';
import { below } from '../finding.js';
import { objectAt } from '../json-object.js';
import type { Operation } from './operation.js';

/** The usual names of an argument for a page, and of the value in the answer that it takes. In lower case, letters only. */
const tokens: readonly (readonly [argument: RegExp, answer: RegExp])[] = [
  [/^(next)?pagetoken$/, /^nextpagetoken$/],
  [/^(next|start|page|after)?cursor$/, /^(next|end)cursor$/],
  [/^(next|continuation)token$/, /^(next(continuation)?|continuation)token$/],
];

/** The usual names of an object in the answer that tells about the page. */
const pageInfo = /^(responsemetadata|meta|metadata|paging|pagination|pageinfo|page)$/;

const pageArgument = /^(page|pagenumber|cursor|after|before|offset|start|since|pagetoken)$/;

/**
 * The pagination of an imported tool, by the usual names and by a described `Link` header. Undefined when nothing is
 * certain: a wrong guess would lead a caller to a wrong page.
 */
export function inferPagination(
  document: OpenApiDocument,
  operation: Operation,
  tool: Tool,
): Pagination | undefined {
  if (tool.effect.class !== 'read') return undefined;
  const names = [...declaredProperties(tool.input).keys()];
  const output = tool.output as JsonSchema | undefined;
  return (output && tokenIn(output, names)) ?? linkOf(document, operation, tool);
}

function tokenIn(output: JsonSchema, names: readonly string[]): Pagination | undefined {
  const outer = declaredProperties(output);
  const after = names.find((name) => name === 'starting_after');
  if (after !== undefined && outer.has('has_more') && outer.has('data')) {
    return { by: 'last_item', argument: after, items: '/data', id: '/id', more: '/has_more' };
  }
  const places = [...outer].flatMap(([name, schemas]) => [
    { name, pointer: pointerOf(name) },
    ...(pageInfo.test(lettersOf(name)) ? schemas : []).flatMap((schema) =>
      [...declaredProperties(schema, output).keys()].map((inner) => ({
        name: inner,
        pointer: pointerOf(name) + pointerOf(inner),
      })),
    ),
  ]);
  for (const [argument, answer] of tokens) {
    const taker = names.find((name) => argument.test(lettersOf(name)));
    const place = places.find(({ name }) => answer.test(lettersOf(name)));
    if (taker !== undefined && place !== undefined)
      return { by: 'token', argument: taker, at: place.pointer };
  }
  return undefined;
}

/** A response that describes `Link`, and an argument that a link can set. */
function linkOf(
  document: OpenApiDocument,
  { source, pointer }: Operation,
  { http }: Tool,
): Pagination | undefined {
  const setsPage = http.parameters.some(
    (each) => each.in === 'query' && pageArgument.test(lettersOf(each.name)),
  );
  if (!setsPage) return undefined;
  const responses = objectAt(source, 'responses');
  for (const [status, response] of Object.entries(responses)) {
    if (!/^2(\d\d|XX)$/i.test(status)) continue;
    const followed = document.follow(response, below(pointer, 'responses', status));
    if (!followed.ok) continue;
    const headers = Object.keys(objectAt(followed.value, 'headers'));
    if (headers.some((name) => name.toLowerCase() === 'link')) return { by: 'link' };
  }
  return undefined;
}

function lettersOf(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z]/g, '');
}

function pointerOf(name: string): string {
  return `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
