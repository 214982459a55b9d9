import type { Tool } from '@action-mesh/contracts/catalog';

import type { HttpFields } from '../definition/definition-schema.js';
import { memberPointer } from '../problem.js';
import { hasBody } from '../request/binding.js';
import { isMediaType } from '../request/file-argument.js';
import type { JsonSchema } from '../validate/json-schema.js';
import { declaredProperties, isClosed } from '../validate/object-schema.js';
import type { ProblemList } from './problem-list.js';

const pointer = '/http/body';

/** Reports contradictions within a body's definition, and between the body and the arguments. */
export function checkBody(
  http: HttpFields,
  input: JsonSchema,
  parameters: Tool['http']['parameters'],
  problems: ProblemList,
): void {
  const { body } = http;
  if (body === undefined) return;
  if (!hasBody(http)) problems.add(pointer, `cannot be sent with ${http.method}`);
  if (body.lists !== undefined && body.encoding !== 'form')
    problems.add(`${pointer}/lists`, 'is allowed only in a form');
  checkFiles(body, problems);
  const placed = new Set(parameters.map(({ argument }) => argument));
  const free = [...declaredProperties(input).keys()].filter((name) => !placed.has(name));
  if (body.argument !== undefined) checkWholeBody(body, body.argument, free, problems);
  else if (body.under === undefined) checkFixedMembers(Object.keys(body.fixed ?? {}), free, input, problems);
  else if (Object.hasOwn(body.fixed ?? {}, body.under)) {
    problems.add(memberPointer(`${pointer}/fixed`, body.under), 'is the member that holds the arguments');
  }
}

function checkFiles(body: NonNullable<HttpFields['body']>, problems: ProblemList): void {
  const { encoding, files, argument, under } = body;
  const hasFiles = encoding === 'multipart' || encoding === 'bytes';
  if (!hasFiles && files !== undefined)
    problems.add(`${pointer}/files`, 'is allowed only in a body of the encoding "multipart" or "bytes"');
  if (encoding === 'bytes' && argument === undefined)
    problems.add(pointer, 'must name the argument that is the whole body ("argument")');
  if (hasFiles && under !== undefined) problems.add(`${pointer}/under`, 'is allowed only in JSON or a form');
  for (const [name, mediaType] of Object.entries(files ?? {})) {
    if (!isMediaType(mediaType))
      problems.add(memberPointer(`${pointer}/files`, name), 'must be a media type such as image/png');
  }
}

function checkWholeBody(
  body: NonNullable<HttpFields['body']>,
  argument: string,
  free: readonly string[],
  problems: ProblemList,
): void {
  if (!free.includes(argument)) {
    problems.add(`${pointer}/argument`, `names "${argument}", which is not an argument or has another place`);
  }
  for (const name of free) {
    if (name !== argument) {
      problems.add(
        memberPointer('/input/properties', name),
        'has no place: another argument is the whole body',
      );
    }
  }
  if (body.under !== undefined)
    problems.add(`${pointer}/under`, 'is not allowed if one argument is the whole body');
  if (body.fixed !== undefined)
    problems.add(`${pointer}/fixed`, 'is not allowed if one argument is the whole body');
}

function checkFixedMembers(
  fixed: readonly string[],
  free: readonly string[],
  input: JsonSchema,
  problems: ProblemList,
): void {
  for (const name of fixed) {
    if (free.includes(name)) {
      problems.add(
        memberPointer(`${pointer}/fixed`, name),
        'is also an argument, which would take its place',
      );
    }
  }
  if (fixed.length > 0 && !isClosed(input)) {
    problems.add(
      '/input',
      'must declare all its names: an undeclared one could be the name of a fixed member',
    );
  }
}
