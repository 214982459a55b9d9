import type { Tool } from '@action-mesh/contracts/catalog';
import type { JsonObject } from '@action-mesh/kernel';

import { slugOf, type FreeNames } from '../code/identifiers.js';
import { variableOf, type Variable } from '../model/expression.js';
import { NodeLedger } from '../model/node-record.js';
import type { DraftConnection, DraftTrigger, DraftStep, Workflow } from '../model/workflow.js';
import { field, plainTextOf } from '../read/fields.js';
import { FlowImportError } from '../read/flow-import.errors.js';
import { exportLimits } from '../read/parse-export.js';
import { ToolChooser } from '../tools/tool-chooser.js';
import { makeModules, type MakeModule } from './make-module.js';
import { MakeWalk } from './make-walk.js';

/** Reads one scenario of Make. */
export function readMake(blueprint: JsonObject, catalogue: readonly Tool[], flowIds: FreeNames): Workflow {
  const all = new Map<string, MakeModule>();
  const flow = makeModules(blueprint['flow'], all);
  if (all.size > exportLimits.maxNodes) {
    throw new FlowImportError(`a scenario has more than ${exportLimits.maxNodes} modules: split it first`);
  }
  const ledger = new NodeLedger();
  for (const [key, module] of all) ledger.add(key, module.title, module.module);
  const title = plainTextOf(blueprint['name']) ?? 'Imported scenario';
  const [first, ...rest] = flow;
  const id = flowIds.take(slugOf(title, 'flow'));
  const input: Variable = { hint: 'input' };
  const trigger = first === undefined ? undefined : triggerOf(first, ledger);
  const steps: DraftStep[] = [];
  const outputs = new Map(
    trigger !== undefined && first !== undefined ? [[first.id, { expr: variableOf(input) }] as const] : [],
  );
  const walk = new MakeWalk(ledger, new ToolChooser(catalogue, ledger));
  walk.chain(trigger === undefined ? flow : rest, { steps, outputs, depth: 0, inLoop: false });
  return {
    source: 'make',
    title,
    flows: [
      {
        id,
        title,
        ...(trigger === undefined || first === undefined ? {} : { node: first.key }),
        trigger: trigger ?? { kind: 'manual' },
        input,
        steps,
      },
    ],
    nodes: ledger.close(),
    connections: connectionsOf(all),
    samples: new Map(),
    unknowns: [
      ...(trigger === undefined
        ? ['The scenario starts by a schedule, which is not in a blueprint: replace trigger.manual().']
        : []),
      'Connections, webhook addresses, data stores and their contents are not in a blueprint.',
      ...(field(blueprint, 'metadata', 'scenario', 'sequential') === true
        ? ['The scenario ran one execution at a time.']
        : []),
    ],
    triggers: trigger === undefined || first === undefined ? [] : [first.key],
  };
}

/** The trigger of a scenario; undefined when its first module is an ordinary one and a schedule starts it. */
function triggerOf(module: MakeModule, ledger: NodeLedger): DraftTrigger | undefined {
  const [app = '', action = ''] = module.module.split(':', 2);
  if (module.module === 'gateway:CustomWebHook' || module.module === 'gateway:CustomMailHook') {
    ledger.check(module.key, 'no-auth-webhook');
    return { kind: 'webhook', name: slugOf(module.title.replaceAll('_', '-'), 'event').replaceAll('-', '_') };
  }
  if (!/^(?:watch|trigger|new|instant|TriggerWatch)/i.test(action)) return undefined;
  ledger.check(module.key, 'cursor', `the events of ${app}`);
  ledger.check(module.key, 'not-in-catalog', 'a tool that lists new records');
  const slug = `${slugOf(app, 'app').replaceAll('-', '_')}_list_new`;
  const description = `Lists records of ${app} that are new since a cursor.`;
  return { kind: 'poll', choice: { wanted: { slug, description, effect: 'read' } }, everySeconds: 900 };
}

function connectionsOf(all: ReadonlyMap<string, MakeModule>): readonly DraftConnection[] {
  const found = new Map<string, { kind: string; name: string; nodes: string[] }>();
  for (const module of all.values()) {
    if (module.connection === undefined) continue;
    const kind = module.module.split(':')[0] ?? '';
    const key = JSON.stringify([kind, module.connection]);
    const known = found.get(key) ?? { kind, name: `connection ${module.connection}`, nodes: [] };
    known.nodes.push(module.title);
    found.set(key, known);
  }
  return [...found.values()];
}
