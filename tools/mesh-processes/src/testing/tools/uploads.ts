import { defineTool, fileSchema } from '@action-mesh/tools';

/** A tool that uploads a file to the provider simulator, once per key. */
export const uploadPhoto = defineTool({
  slug: 'upload_photo',
  version: '1.0.0',
  provider: { slug: 'sim', baseUrl: 'http://127.0.0.1:9' },
  description: 'Uploads a photo with a title.',
  input: {
    type: 'object',
    properties: { title: { type: 'string' }, photo: fileSchema },
    required: ['photo'],
    additionalProperties: false,
  },
  http: {
    method: 'POST',
    path: '/photos',
    body: { encoding: 'multipart', files: { photo: 'image/png' } },
  },
  effect: { class: 'keyed', in: 'header', name: 'Idempotency-Key', ttlMs: 86_400_000 },
  retry: { maxAttempts: 3, initialBackoffMs: 10, maxBackoffMs: 50 },
});
