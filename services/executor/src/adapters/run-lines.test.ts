import { Writable } from 'node:stream';

import { childSpan } from '@action-mesh/kernel';
import { createLogger, traceFields } from '@action-mesh/platform';

import { runLines } from './run-lines.js';

it('every line about a call has its trace and its id', () => {
  const lines: Record<string, unknown>[] = [];
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(JSON.parse(chunk.toString()) as Record<string, unknown>);
      done();
    },
  });
  const { fenced, broken, refused, untold } = runLines(createLogger({ service: 'executor', destination }));
  const trace = childSpan();
  fenced.add(traceFields(trace, 'c1'));
  broken.add({ ...traceFields(trace, 'c2'), err: new Error('a defect') });
  const place = { topic: 'mesh.ingress', partition: 0, offset: 1n };
  refused.add({ ...place, tenantId: 'acme', callId: 'c3', code: 'TOO_DEEP', message: 'm', fix: 'f', trace });
  for (const budget of [fenced, broken, refused, untold]) budget.close();
  expect(lines.map(({ trace_id: traceId, call_id: callId }) => [traceId, callId])).toEqual([
    [trace.traceId, 'c1'],
    [trace.traceId, 'c2'],
    [trace.traceId, 'c3'],
  ]);
});
