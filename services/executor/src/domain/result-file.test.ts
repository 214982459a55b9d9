import { fileOfResult } from './result-file.js';

type Reference = Parameters<typeof fileOfResult>[1];

const at = (pointer: string, encoding: Reference['encoding'] = 'text'): Reference => ({
  kind: 'result',
  callId: '',
  pointer,
  encoding,
});

function textOf(result: string, reference: Reference): string {
  const file = fileOfResult(`{"status":"succeeded","result":${result}}`, reference);
  return 'failure' in file
    ? file.failure.message.replace('the result of the referenced call ', '')
    : file.bytes.toString();
}

describe('a file from a result', () => {
  it.each([
    ['a text', '{"csv":"a,b\\n1,2"}', at('/csv'), 'a,b\n1,2'],
    ['base64', '{"content":"aGkg\\nISE="}', at('/content', 'base64'), 'hi !!'],
    [
      'base64 for URLs, without padding',
      '["_-8"]',
      at('/0', 'base64'),
      Buffer.from('_-8', 'base64').toString(),
    ],
    ['JSON, to the last digit', '{"a":{"id":7615917337495251231}}', at('/a'), '{"id":7615917337495251231}'],
    ['the whole result', '[1,  2]', at(''), '[1,  2]'],
  ])('is %s', (_, result, reference, text) => {
    expect(textOf(result, reference)).toBe(text);
  });

  it('is the bytes of a binary answer, with its type', () => {
    const outcome = '{"result":{"content_type":"image/png","bytes":2,"base64":"AP8="}}';
    expect(fileOfResult(outcome, at(''))).toEqual({
      bytes: Buffer.from([0, 255]),
      contentType: 'image/png',
    });
  });

  it.each([
    ['nothing there', '{"a":1}', at('/b'), 'has nothing there'],
    ['two members of one name', '{"a":"x","a":"y"}', at('/a'), 'has nothing there'],
    ['no base64', '{"a":"*"}', at('/a', 'base64'), 'has no base64 there'],
    ['cut base64', '{"a":"YWFhYQA"}', at('/a/b', 'base64'), 'has nothing there'],
    ['a number as base64', '{"a":1}', at('/a', 'base64'), 'has no string there'],
    ['half of a surrogate pair', '{"a":"\\ud800"}', at('/a'), 'has a text there that UTF-8 cannot hold'],
  ])('is refused with %s', (_, result, reference, message) => {
    expect(textOf(result, reference)).toBe(message);
  });

  it('is refused for an outcome without a result', () => {
    expect(fileOfResult('{"status":"succeeded"}', at(''))).toMatchObject({
      failure: { code: 'file_not_in_result' },
    });
  });
});
