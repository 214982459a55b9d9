import { JsonText } from '@action-mesh/kernel';

import { callResult } from './call-result.js';

const of = (outcome: string): ReturnType<typeof callResult> =>
  callResult({ outcome: new JsonText(outcome), state: 'SUCCEEDED' });

describe('the result of a call', () => {
  it('is the exact JSON of the provider', () => {
    const json = '{ "id": 12345678901234567890, "price": 1.10 }';
    const { contentType, bytes } = of(
      `{"status":"succeeded","upstream":{"status_code":200},"result":${json}}`,
    );
    expect([contentType, bytes.toString()]).toEqual(['application/json; charset=utf-8', json]);
    expect(of('{"result":null}').bytes.toString()).toBe('null');
  });

  it('is the text of a provider that gave text, and the bytes of one that gave bytes', () => {
    const text = of('{"upstream":{"body":"text"},"result":"a \\"b\\"\\né"}');
    expect([text.contentType, text.bytes.toString()]).toEqual(['text/plain; charset=utf-8', 'a "b"\né']);
    const image = `{"content_type":"image/png","bytes":3,"base64":"${Buffer.from([0, 255, 1]).toString('base64')}"}`;
    const binary = of(`{"upstream":{"body":"binary"},"result":${image}}`);
    expect([binary.contentType, [...binary.bytes]]).toEqual(['image/png', [0, 255, 1]]);
    const undecodable = of(`{"upstream":{"body":"undecodable"},"result":${image}}`);
    expect(undecodable.contentType).toBe('application/octet-stream');
  });

  it('stays JSON where it only claims to be text or bytes', () => {
    for (const body of ['text', 'binary']) {
      const { contentType, bytes } = of(`{"upstream":{"body":"${body}"},"result":{"base64":7}}`);
      expect([contentType, bytes.toString()]).toEqual(['application/json; charset=utf-8', '{"base64":7}']);
    }
  });

  it('is missing, or missing so far, with the reason', () => {
    const refusal = (call: Parameters<typeof callResult>[0]): unknown => {
      try {
        return callResult(call);
      } catch (error) {
        return error;
      }
    };
    expect(refusal({ outcome: undefined, state: 'DISPATCHING' })).toMatchObject({
      refusal: 'result_not_ready',
    });
    expect(refusal({ outcome: new JsonText('{"status":"waiting"}'), state: 'RETRY_WAIT' })).toMatchObject({
      refusal: 'result_not_ready',
    });
    expect(refusal({ outcome: new JsonText('{"status":"failed"}'), state: 'FAILED' })).toMatchObject({
      refusal: 'result_not_found',
      message: 'The call is FAILED, and the provider gave no result.',
    });
    const cut = new JsonText('{"status":"failed","upstream":{"status_code":200,"incomplete":true}}');
    expect(refusal({ outcome: cut, state: 'FAILED' })).toMatchObject({
      message: expect.stringContaining('larger than the tool keeps') as string,
    });
  });
});
