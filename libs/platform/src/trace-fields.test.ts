import { traceFields } from './trace-fields.js';

const trace = { traceId: 'a'.repeat(32) };

it('names the trace and the call of a line, as far as they are known', () => {
  expect(traceFields(trace, 'c1')).toEqual({ trace_id: trace.traceId, call_id: 'c1' });
  expect(traceFields(trace)).toEqual({ trace_id: trace.traceId });
  expect(traceFields(undefined, 'c1')).toEqual({ call_id: 'c1' });
  expect(traceFields(undefined)).toEqual({});
});
