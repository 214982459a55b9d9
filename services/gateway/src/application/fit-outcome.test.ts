import { readFieldPaths } from '../domain/field-paths.js';
import { fitOutcome, type ResultFit } from './fit-outcome.js';

const url = '/v1/calls/c1/result';

function fitting(outcome: string, fit: Partial<ResultFit>): string {
  return fitOutcome(outcome, { isForModel: false, ...fit }, url);
}

describe('an outcome that is cut', () => {
  const head = '{"call_id":"c1", "duration_ms":1.50,"status":"succeeded","upstream":{"status_code":200}';

  it('keeps its exact text when the result fits', () => {
    const outcome = `${head},"result":{ "id":7615917337495251231 }}`;
    expect(fitting(outcome, {})).toBe(outcome);
    expect(fitting(outcome, { maxBytes: 256 })).toBe(`${head},"result":{"id":7615917337495251231}}`);
    expect(fitting(`${head}}`, { maxBytes: 256 })).toBe(`${head}}`);
  });

  it('says what is cut, and where the whole result is', () => {
    const items = Array.from({ length: 100 }, () => '{"id":7615917337495251231}').join(', ');
    const cut = fitting(`${head},"result":[${items}]}`, { maxBytes: 256 });
    expect(cut.startsWith(`${head},"result":[{"id":7615917337495251231},{"id":`)).toBe(true);
    const kept = 9;
    expect(JSON.parse(cut)).toMatchObject({
      result: Array.from({ length: kept }, () => ({})),
      cut: {
        bytes: kept * 27 + 1,
        of_bytes: 100 * 27 + 1,
        places: [{ pointer: '', unit: 'items', kept, of: 100 }],
        result_url: url,
      },
    });
  });

  it('has the fields that were asked for, and names the fields without a value', () => {
    const outcome = `${head},"result":{"a": 1.0,"b":"${'b'.repeat(2_000)}","c":{"d":1E400}}}`;
    const fields = readFieldPaths('$.a,$.c.d,$.e');
    expect(fitting(outcome, { fields })).toBe(
      `${head},"result":{"a":1.0,"c":{"d":1E400}},"cut":{"bytes":25,"of_bytes":2032,"fields":["$.a","$.c.d","$.e"],"missing":["$.e"],"result_url":"${url}"}}`,
    );
    expect(fitting(outcome, { fields: readFieldPaths('$') })).toBe(outcome.replace('"a": 1', '"a":1'));
    expect(JSON.parse(fitting(outcome, { fields: readFieldPaths('b'), maxBytes: 256 }))).toMatchObject({
      result: { b: expect.stringMatching(/^b+…$/) as string },
      cut: { fields: ['b'], places: [{ pointer: '/b', unit: 'bytes', of: 2_000 }] },
    });
    expect(fitting(`${head},"result":"text"}`, { fields })).toContain('"result":null,"cut":{"bytes":4');
  });

  it('has the whole answer to a failed call, within its bytes', () => {
    const failed = `{"status":"failed","result":{"reason":"no"}}`;
    expect(fitting(failed, { fields: readFieldPaths('$.a') })).toBe(failed);
  });

  it.each(['binary', 'undecodable'])('shows a %s answer without its bytes', (body) => {
    const result = { content_type: 'image/png', bytes: 600, base64: 'A'.repeat(800) };
    const outcome = JSON.stringify({ status: 'succeeded', upstream: { status_code: 200, body }, result });
    const shown = {
      result: { content_type: 'image/png', bytes: 600 },
      cut: { bytes: 40, of_bytes: 852, result_url: url },
    };
    expect(JSON.parse(fitting(outcome, { isForModel: true }))).toMatchObject(shown);
    expect(JSON.parse(fitting(outcome, { maxBytes: 300 }))).toMatchObject(shown);
    expect(fitting(outcome, { maxBytes: 2_000 })).toBe(outcome);
    expect(fitting(outcome.replace(body, 'text'), { isForModel: true })).toContain('AAAA');
  });
});
