import type { Tool } from '@action-mesh/contracts/catalog';
import type { JsonObject } from '@action-mesh/kernel';

import { slugOf, type FreeNames } from '../code/identifiers.js';
import { variableOf, type Variable } from '../model/expression.js';
import { NodeLedger } from '../model/node-record.js';
import type { DraftTrigger, DraftStep, Workflow } from '../model/workflow.js';
import { plainTextOf } from '../read/fields.js';
import { FlowImportError } from '../read/flow-import.errors.js';
import { exportLimits } from '../read/parse-export.js';
import { ToolChooser } from '../tools/tool-chooser.js';
import { readZap, type ZapStep } from './zap.js';
import { ZapierWalk } from './zapier-walk.js';

/** Reads one Zap. */
export function readZapier(raw: JsonObject, catalogue: readonly Tool[], flowIds: FreeNames): Workflow {
  const zap = readZap(raw);
  if (zap.steps.size > exportLimits.maxNodes) {
    throw new FlowImportError(`a Zap has more than ${exportLimits.maxNodes} steps: split it first`);
  }
  const ledger = new NodeLedger();
  for (const step of zap.steps.values()) ledger.add(step.id, step.title, `${step.api} ${step.action}`.trim());
  const { root } = zap;
  const input: Variable = { hint: 'input' };
  const steps: DraftStep[] = [];
  const trigger: DraftTrigger = root === undefined ? { kind: 'manual' } : triggerOf(root, ledger);
  if (root !== undefined) {
    const [first, ...others] = root.children;
    for (const other of others) ledger.manual(other, 'a second step behind the trigger');
    const outputs = new Map([[root.id, variableOf(input)]]);
    new ZapierWalk(zap, ledger, new ToolChooser(catalogue, ledger)).chain(first, {
      steps,
      outputs,
      depth: 0,
    });
  }
  const id = flowIds.take(slugOf(zap.title, 'flow'));
  return {
    source: 'zapier',
    title: zap.title,
    flows: [
      { id, title: zap.title, ...(root === undefined ? {} : { node: root.id }), trigger, input, steps },
    ],
    nodes: ledger.close(),
    connections: [...zap.steps.values()].flatMap((step) =>
      step.authentication === undefined
        ? []
        : [{ kind: step.app, name: 'its connection', nodes: [step.title] }],
    ),
    samples: new Map(),
    unknowns: [
      'Webhook addresses and connections are not in an export of Zaps.',
      ...(zap.status === undefined
        ? ['The file does not say whether the Zap is on.']
        : [`The Zap is ${zap.status}.`]),
    ],
    triggers: root === undefined ? [] : [root.id],
  };
}

function triggerOf(step: ZapStep, ledger: NodeLedger): DraftTrigger {
  ledger.translated(step.id);
  if (step.app === 'WebHook') {
    ledger.check(step.id, 'no-auth-webhook');
    if (step.action === 'hook_raw') ledger.check(step.id, 'unmapped', 'it read the raw body and the headers');
    return { kind: 'webhook', name: slugOf(step.title.replaceAll('_', '-'), 'event').replaceAll('-', '_') };
  }
  if (step.app === 'Schedule') return scheduleOf(step, ledger);
  const slug = slugOf(step.app.replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2'), 'app').replaceAll('-', '_');
  ledger.check(step.id, 'cursor', `the events of ${step.app}`);
  if (/hook$/.test(step.action)) return { kind: 'webhook', name: `${slug}_event` };
  ledger.check(step.id, 'not-in-catalog', `the tool ${slug}_list_new`);
  const description = `Lists records of ${slug} that are new since a cursor.`;
  return {
    kind: 'poll',
    choice: { wanted: { slug: `${slug}_list_new`, description, effect: 'read' } },
    everySeconds: 900,
  };
}

function scheduleOf({ id, action, params }: ZapStep, ledger: NodeLedger): DraftTrigger {
  const match = /^(\d{1,2}):?(\d{2})?\s*(am|pm)?/i.exec(
    plainTextOf(params['time_of_day'] ?? params['hour']) ?? '',
  );
  const hour =
    match === null
      ? undefined
      : (Number(match[1]) % (match[3] === undefined ? 24 : 12)) + (/pm/i.test(match[3] ?? '') ? 12 : 0);
  const minute = Number(match?.[2] ?? 0);
  const name = action.toLowerCase().replaceAll('_', '');
  ledger.check(id, 'timezone', 'the time zone of the account is not in the file');
  if (name === 'everyhour') return { kind: 'schedule', cron: '0 * * * *' };
  if (name === 'everyday' && hour !== undefined) return { kind: 'schedule', cron: `${minute} ${hour} * * *` };
  ledger.manual(id, 'a schedule whose time is not in the file');
  return { kind: 'todo', what: 'the schedule of this flow' };
}
