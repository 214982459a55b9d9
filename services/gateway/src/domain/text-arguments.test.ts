import type { JsonValue } from '@action-mesh/kernel';

import { RequestRefusedError } from './gateway.errors.js';
import { withArgumentsRead } from './text-arguments.js';

const given = (text: string): JsonValue => ({ user_id: 'u1', arguments: text });

describe('arguments as a text of JSON', () => {
  it('are the object that the text holds', () => {
    const read = withArgumentsRead(given('{ "email": "ada@example.com", "company": null }'));
    expect(read).toEqual({ user_id: 'u1', arguments: { email: 'ada@example.com', company: null } });
  });

  it.each<JsonValue>([{ arguments: { a: 1 } }, { arguments: ['{}'] }, {}, ['{}'], '{}', null])(
    'are not read in any other place: %j',
    (json) => expect(withArgumentsRead(json)).toBe(json),
  );

  it.each<[string, string, object]>([
    ['broken off', '{"a": "b', { code: 'IJSON_SYNTAX' }],
    ['empty', '', { code: 'IJSON_SYNTAX' }],
    ['two', '{} {}', { code: 'IJSON_SYNTAX', message: 'the text is not JSON, at character 3 of the text' }],
    ['with one name twice', '{"a": 1, "a": 2}', { code: 'IJSON_DUPLICATE_NAME' }],
    ['with a forbidden name', '{"__proto__": {}}', { code: 'IJSON_FORBIDDEN_NAME' }],
    ['with a number that other parsers read differently', '{"a": 1e400}', { code: 'IJSON_NUMBER_RANGE' }],
    ['no object', '["a"]', { message: 'the text holds no JSON object' }],
    ['a text in a text', '"{}"', { message: 'the text holds no JSON object' }],
    ['deeper than a body', `${'{"a":'.repeat(31)}{}${'}'.repeat(31)}`, { code: 'IJSON_TOO_DEEP' }],
  ])('are refused where the text is %s', (_what, text, problem) => {
    let refused: unknown;
    try {
      withArgumentsRead(given(text));
    } catch (error) {
      refused = error;
    }
    expect(refused).toBeInstanceOf(RequestRefusedError);
    expect(refused).toMatchObject({
      refusal: 'invalid_arguments',
      fix: expect.stringContaining('as the model gave it') as string,
      problems: [{ pointer: '/arguments', ...problem }],
    });
  });
});
