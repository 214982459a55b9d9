import { declareTool } from '@action-mesh/flow-api';

export const read_item = declareTool<{ id: string }, { name?: string }>({
  slug: 'read_item',
  version: '1.0.0',
  effect: 'read',
});
export const put_contact = declareTool<{ email: string; name: string }>({
  slug: 'put_contact',
  version: '1.0.0',
  effect: 'idempotent',
});
export const post_message = declareTool<{ channel: string; text: string }>({
  slug: 'post_message',
  version: '1.0.0',
  effect: 'keyed',
});
export const write_briefly = declareTool<{ text: string }>({
  slug: 'write_briefly',
  version: '1.0.0',
  effect: 'opaque',
});
export const create_entry = declareTool<{ title: string }, { id: string }>({
  slug: 'create_entry',
  version: '1.0.0',
  effect: 'opaque',
});
