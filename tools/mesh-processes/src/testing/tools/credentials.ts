import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

/** Tools of two providers, one for a credential in a header and one for a credential in the query. */

const toolsOf = (slug: string) => {
  const provider = { slug, baseUrl: 'http://127.0.0.1:9' };
  const retry = { maxAttempts: 1, initialBackoffMs: 10, maxBackoffMs: 50 };
  const input = z.object({ id: z.string() });
  return [
    defineTool({
      ...{ slug: `${slug}_read`, version: '1.0.0', provider, input, retry },
      description: 'Returns the request itself.',
      http: { method: 'GET', path: '/{id}' },
      effect: { class: 'read' },
    }),
    defineTool({
      ...{ slug: `${slug}_write`, version: '1.0.0', provider, input, retry },
      description: 'Writes once.',
      http: { method: 'POST', path: '/{id}' },
    }),
  ];
};

export const [readInHeader, writeInHeader] = toolsOf('in_header');
export const [readInQuery, writeInQuery] = toolsOf('in_query');
