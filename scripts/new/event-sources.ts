import type { Name } from './names.js';

/** An event in the author's terms: `tool-retired` is `mesh.tool.retired`, with `tool_id` and `retired_at`. */
export interface NewEvent {
  readonly owner: string;
  readonly name: Name;
  /** The key of its topic in the manifest. */
  readonly topic: string;
  readonly description: string;
  readonly type: string;
  readonly subject: string;
  readonly participle: string;
  /** The type of its data: `RetiredTool`. */
  readonly data: string;
}

export function contract({
  owner,
  name,
  topic,
  description,
  type,
  subject,
  participle,
  data,
}: NewEvent): string {
  const call = owner === 'gateway' ? './call.js' : '../gateway/index.js';
  return `import { defineEvent, type EventData } from '@action-mesh/kernel';
import { z } from 'zod';

import { nameSchema } from '${call}';
import { topics } from '../topics.js';

/** ${description} */
export const ${name.pascal} = defineEvent({
  topic: topics.${topic}.name,
  type: '${type}',
  version: 1,
  description: ${quoted(description)},
  key: ({ ${subject}_id }) => ${subject}_id,
  schema: z.object({
    ${subject}_id: z.uuidv7(),
    tenant_id: nameSchema,
    ${participle}_at: z.iso.datetime(),
  }),
});

export type ${data} = EventData<typeof ${name.pascal}>;
`;
}

/** One record with every field, which every later version must be able to read. */
export function recordedRecord({ owner, type, subject, participle }: NewEvent): string {
  const time = '2026-03-02T09:30:00.000Z';
  const id = '01998c5e-7000-7333-9444-555566667777';
  const record = {
    key: id,
    headers: {
      ce_id: '01998c5e-7001-7333-9444-555566667778',
      ce_type: `${type}.v1`,
      ce_source: `/services/${owner}`,
      ce_specversion: '1.0',
      ce_time: time,
      'content-type': 'application/json',
      traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    },
    value: { [`${subject}_id`]: id, tenant_id: 't-1', [`${participle}_at`]: time },
  };
  return `${JSON.stringify(record, null, 2)}\n`;
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
