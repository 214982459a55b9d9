import type { CallRequest } from '@action-mesh/contracts/gateway';
import { defined } from '@action-mesh/kernel';
import { sampleTool } from '@action-mesh/testing';

import { acceptCall } from './accept-call.js';
import { CallRefusedError } from './admission.errors.js';
import { ToolRegistry } from './tool-registry.js';

const slug = 'crm_update_contact';
const tools = new ToolRegistry();
tools.put(sampleTool({ version: '1.0.0' }));
tools.put(sampleTool({ version: '1.2.0' }));

const direct: CallRequest = {
  call_id: '01998c50-0001-7c0d-9e0f-1a2b3c4d5e6f',
  user_id: 'ada',
  agent: { id: 'a', run_id: 'r' },
  tool: { slug },
  arguments: { email: 'ada@example.com' },
};

const through = (args: Record<string, unknown>): CallRequest => ({
  ...direct,
  tool: { slug: 'execute_tool' },
  arguments: args,
});

const accept = (request: CallRequest) =>
  acceptCall(request, {
    caller: { tenantId: 't' },
    tools,
    nowMs: Date.parse('2026-11-25T12:00:00Z'),
    newId: () => 'unused',
  });

function refusalOf(request: CallRequest): Pick<CallRefusedError, 'refusal' | 'message' | 'problems'> {
  try {
    accept(request);
  } catch (error) {
    if (error instanceof CallRefusedError) {
      const { refusal, message, problems } = error;
      return { refusal, message, problems };
    }
    throw error;
  }
  throw new Error('not refused');
}

describe('a call through execute_tool', () => {
  it('is the same call, with the same hash', () => {
    expect(accept(through({ tool: slug, arguments: direct.arguments }))).toEqual(accept(direct));
    expect(accept(through({ tool: slug, version: '1.0.0', arguments: direct.arguments }))).toEqual(
      accept({ ...direct, tool: { slug, version: '1.0.0' } }),
    );
  });

  it.each<[string, CallRequest['tool'], Record<string, unknown>, string, string]>([
    ['an unknown tool', { slug: 'crm_nothing' }, {}, '/tool/slug', '/arguments/tool'],
    [
      'an unknown version',
      { slug, version: '9.0.0' },
      direct.arguments,
      '/tool/version',
      '/arguments/version',
    ],
    ['wrong arguments', { slug }, { email: 7 }, '/arguments/email', '/arguments/arguments/email'],
  ])(
    'is refused like the direct call, with the pointer into the actual request: %s',
    (_, tool, args, pointer, pointerThrough) => {
      const refused = refusalOf({ ...direct, tool, arguments: args });
      const refusedThrough = refusalOf(
        through({
          tool: tool.slug,
          ...defined({ version: tool.version }),
          arguments: args,
        }),
      );
      expect(refused.problems[0]?.pointer).toBe(pointer);
      expect(refusedThrough.problems[0]?.pointer).toBe(pointerThrough);
      expect([refusedThrough.refusal, refusedThrough.message]).toEqual([refused.refusal, refused.message]);
    },
  );

  it.each([
    [{}, '/arguments/tool'],
    [{ tool: slug }, '/arguments/arguments'],
    [{ tool: slug, arguments: [] }, '/arguments/arguments'],
    [{ tool: slug, arguments: {}, more: 1 }, '/arguments'],
    [{ tool: 'NO', arguments: {} }, '/arguments/tool'],
  ])('is refused when its arguments name no call: %j', (args, pointer) => {
    const { refusal, problems } = refusalOf(through(args));
    expect(refusal).toBe('invalid_arguments');
    expect(problems[0]?.pointer).toBe(pointer);
  });

  it('cannot name execute_tool itself', () => {
    const nested = through({ tool: 'execute_tool', arguments: { tool: slug, arguments: {} } });
    expect(refusalOf(nested).refusal).toBe('tool_not_found');
  });
});
