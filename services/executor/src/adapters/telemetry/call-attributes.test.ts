import { attributeName } from '@action-mesh/telemetry/port';

import type { Ending } from '../../domain/outcome.js';
import { endingAttributes } from './call-attributes.js';

function shownResult(result: string): unknown {
  const ending = { status: 'succeeded', result } as unknown as Ending;
  return endingAttributes(ending, undefined, true)[attributeName.toolResult];
}

describe('the result on a span', () => {
  it('holds no member that is secret by name', () => {
    expect(shownResult('{"id":12345678901234567890,"access_token":"hush","pins":{"password":7531}}')).toBe(
      '{"id":12345678901234567890,"access_token":"[redacted]","pins":{"password":"[redacted]"}}',
    );
  });

  it('is cut after its secrets are gone, and is its size alone when it cannot be read', () => {
    const long = `{"note":"${'x'.repeat(31_990)}","secret":"hush"}`;
    expect(shownResult(long)).toMatch(/…$/);
    expect(shownResult(`{"a":"${'x'.repeat(40_000)}","secret":"hush"}`)).not.toContain('hush');
    expect(shownResult('{"token":"hush"')).toBe('[15 characters]');
  });
});
