import { draftOf } from './n8n-workflow.js';

const step = (id: number, parent_id: number | null, rest: object) => ({
  id,
  parent_id,
  selected_api: 'WebHookCLIAPI@1.1.1',
  type_of: 'write',
  meta: { stepTitle: `step ${id}` },
  ...rest,
});
const posts = (params: object) =>
  draftOf(
    JSON.stringify({
      metadata: { version: 2 },
      zaps: [
        {
          id: 1,
          title: 'Case',
          nodes: {
            '1': step(1, null, { action: 'hook_v2', type_of: 'read', params: {} }),
            '2': step(2, 1, {
              action: 'post',
              params: { url: 'https://x.example.com/', data: { a: '1' }, ...params },
            }),
          },
        },
      ],
    }),
  );

describe('a request of Webhooks by Zapier', () => {
  it('has the media type of its payload', () => {
    expect(posts({ payload_type: 'form' }).code).toContain(
      "'Content-Type': 'application/x-www-form-urlencoded'",
    );
    expect(posts({ payload_type: 'json' }).code).not.toContain('headers');
    expect(posts({ payload_type: 'xml' }).node('step 2')).toMatchObject({
      state: 'manual',
      notes: ['a body as xml'],
    });
  });

  it('names a user and a password, and has neither in the draft', () => {
    const { node, result } = posts({ basic_auth: 'ada|hunter2hunter2' });
    expect(node('step 2').hazards).toContain('secret-inline');
    expect(result.report.secrets).toEqual([
      { where: 'zaps.0.nodes.2.params.basic_auth', kind: 'credential' },
    ]);
    expect(JSON.stringify(result)).not.toContain('hunter2');
  });
});
