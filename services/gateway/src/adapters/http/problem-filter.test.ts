import { Writable } from 'node:stream';

import { createLogger } from '@action-mesh/platform';
import type { ArgumentsHost } from '@nestjs/common';
import fastify from 'fastify';

import { outcomeReport } from '../kafka/outcome-report.js';
import { ProblemFilter } from './problem-filter.js';
import type { RouteTable } from './route-table.js';

function capture() {
  const lines: Record<string, unknown>[] = [];
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(JSON.parse(chunk.toString()) as Record<string, unknown>);
      done();
    },
  });
  return { lines, logger: createLogger({ service: 'gateway', destination }) };
}

const traceId = 'a'.repeat(32);

it('a request that fails leaves a line with its trace', async () => {
  const { lines, logger } = capture();
  const app = fastify();
  const filter = new ProblemFilter({ methods: () => [] } as unknown as RouteTable, logger);
  app.setErrorHandler((error, request, reply) => {
    const http = { getRequest: () => request, getResponse: () => reply };
    filter.catch(error, { switchToHttp: () => http } as unknown as ArgumentsHost);
  });
  app.get('/v1/calls', () => Promise.reject(new TypeError('a defect')));
  const headers = { traceparent: `00-${traceId}-${'b'.repeat(16)}-01` };
  const { statusCode } = await app.inject({ method: 'GET', url: '/v1/calls', headers });
  expect(statusCode).toBe(500);
  expect(lines).toMatchObject([{ msg: 'a request failed', trace_id: traceId, route: '/v1/calls' }]);
  await app.close();
});

it('an outcome without a reader leaves a line with its call and its trace', () => {
  const { lines, logger } = capture();
  const report = outcomeReport(logger);
  const trace = { traceId, spanId: 'b'.repeat(16), sampled: true };
  report.unreadable('c1', trace);
  report.stranger('c2', 1, trace);
  expect(lines).toMatchObject([
    { call_id: 'c1', trace_id: traceId },
    { call_id: 'c2', trace_id: traceId, count: 1 },
  ]);
});
