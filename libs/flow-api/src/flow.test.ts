import {
  FlowDefinitionError,
  TimedOut,
  ToolCallFailed,
  ToolCallUnknown,
  UnfinishedStepError,
} from './flow-api.errors.js';
import { flow } from './flow.js';
import { declareTool } from './tool-declaration.js';
import { todo, type UnfinishedStep } from './todo.js';
import { trigger } from './trigger.js';

const steps = () => Promise.resolve(undefined);

describe('flow', () => {
  it('keeps its options and its steps, and cannot be changed', () => {
    const made = flow({ id: 'new-lead', version: 2, on: trigger.webhook('new_lead'), user: 'u1' }, steps);
    expect(made).toEqual({
      id: 'new-lead',
      version: 2,
      on: { kind: 'webhook', name: 'new_lead' },
      user: 'u1',
      steps,
    });
    expect(Object.isFrozen(made)).toBe(true);
  });

  it.each(['', 'New', 'a--b', '-a', 'a/b', 'a'.repeat(101)])('refuses the id %j', (id) => {
    expect(() => flow({ id, version: 1, on: trigger.manual(), user: 'u' }, steps)).toThrow(
      FlowDefinitionError,
    );
  });

  it.each([0, 1.5, -1, Number.NaN])('refuses the version %j', (version) => {
    expect(() => flow({ id: 'a', version, on: trigger.manual(), user: 'u' }, steps)).toThrow(
      FlowDefinitionError,
    );
  });
});

describe('trigger', () => {
  it('has one constructor for each kind', () => {
    const tool = declareTool({ slug: 'list_mail', version: '1.0.0', effect: 'read' });
    const key = () => 'k';
    expect(trigger.schedule('0 8 * * *', { timezone: 'Europe/Berlin' })).toEqual({
      kind: 'schedule',
      cron: '0 8 * * *',
      timezone: 'Europe/Berlin',
    });
    expect(trigger.kafka('orders')).toEqual({ kind: 'kafka', topic: 'orders' });
    expect(trigger.poll(tool, { arguments: {}, everySeconds: 60, key })).toEqual({
      kind: 'poll',
      tool,
      arguments: {},
      everySeconds: 60,
      key,
    });
    expect(trigger.manual()).toEqual({ kind: 'manual' });
  });
});

describe('errors of a flow', () => {
  it('name their step and carry no values', () => {
    expect(new ToolCallFailed('update-crm', 'crm_update', 'refused')).toMatchObject({
      code: 'FLOW_TOOL_CALL_FAILED',
      step: 'update-crm',
      tool: 'crm_update',
      message: 'refused',
    });
    expect(new ToolCallUnknown('a', 'b').message).toContain('step a');
    expect(new TimedOut('a')).toMatchObject({ code: 'FLOW_TIMED_OUT', step: 'a' });
  });

  it('stop a run that reaches an unfinished step', () => {
    const reach = () => void todo('write it' as unknown as UnfinishedStep);
    expect(reach).toThrow(UnfinishedStepError);
  });
});
