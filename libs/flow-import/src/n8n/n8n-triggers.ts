import { field, elementsOf, plainTextOf } from '../read/fields.js';
import type { NodeLedger } from '../model/node-record.js';
import type { DraftTrigger } from '../model/workflow.js';
import { slugOf } from '../code/identifiers.js';
import type { JsonValue } from '@action-mesh/kernel';
import type { N8nNode } from './n8n-graph.js';

/** Whether a node starts runs. */
export function isTrigger({ type }: N8nNode): boolean {
  return /trigger$/i.test(type) || ['webhook', 'cron', 'interval', 'start', 'emailReadImap'].includes(type);
}

const polled = new Set([
  'gmailTrigger',
  'googleSheetsTrigger',
  'googleDriveTrigger',
  'rssFeedReadTrigger',
  'emailReadImap',
  'airtableTrigger',
  'notionTrigger',
  'googleCalendarTrigger',
]);

/** The trigger of a flow. Everything that the file cannot say is a hazard of the node. */
export function n8nTrigger(node: N8nNode, ledger: NodeLedger, timezone: string | undefined): DraftTrigger {
  const { type, name, parameters } = node;
  ledger.translated(name);
  switch (type) {
    case 'webhook': {
      const path = plainTextOf(parameters['path']) ?? name;
      if ((plainTextOf(parameters['authentication']) ?? 'none') === 'none')
        ledger.check(name, 'no-auth-webhook');
      if (parameters['multipleMethods'] === true)
        ledger.check(name, 'unmapped', 'it accepts several methods');
      return { kind: 'webhook', name: eventName(path) };
    }
    case 'formTrigger':
      ledger.check(name, 'no-auth-webhook', 'a form: send its fields to this trigger');
      return { kind: 'webhook', name: eventName(plainTextOf(parameters['formTitle']) ?? name) };
    case 'chatTrigger':
    case 'manualChatTrigger':
      ledger.check(name, 'model-fills', 'a chat: the agent starts this flow with chatInput');
      return { kind: 'manual' };
    case 'manualTrigger':
    case 'start':
    case 'executeWorkflowTrigger':
      return { kind: 'manual' };
    case 'errorTrigger':
      ledger.check(
        name,
        'unmapped',
        'it runs when another workflow fails: subscribe it to failed runs of those',
      );
      return { kind: 'webhook', name: 'flow_failed' };
    case 'scheduleTrigger':
    case 'cron':
    case 'interval':
      return schedule(node, ledger, timezone);
    default:
      break;
  }
  const app = type.replace(/Trigger$/, '');
  ledger.check(name, 'cursor', `the events of ${app}`);
  const slug = slugOf(app.replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2'), 'app').replaceAll('-', '_');
  if (!polled.has(type)) return { kind: 'webhook', name: `${slug}_event` };
  ledger.check(name, 'not-in-catalog', `the tool ${slug}_list_new`);
  const description = `Lists records of ${app} that are new since a cursor.`;
  return {
    kind: 'poll',
    choice: { wanted: { slug: `${slug}_list_new`, description, effect: 'read' } },
    everySeconds: 60,
  };
}

const eventName = (path: string) => slugOf(path.replaceAll('_', '-'), 'event').replaceAll('-', '_');

function schedule(node: N8nNode, ledger: NodeLedger, timezone: string | undefined): DraftTrigger {
  const { name, parameters, type } = node;
  if (timezone === undefined)
    ledger.check(name, 'timezone', 'the time zone of the instance is not in the file');
  const rules =
    type === 'scheduleTrigger'
      ? elementsOf(field(parameters, 'rule', 'interval'))
      : type === 'cron'
        ? elementsOf(field(parameters, 'triggerTimes', 'item'))
        : [
            {
              field: plainTextOf(parameters['unit']) ?? 'seconds',
              [`${plainTextOf(parameters['unit']) ?? 'seconds'}Interval`]: parameters['interval'] ?? 1,
            },
          ];
  if (rules.length > 1) ledger.check(name, 'unmapped', `${rules.length - 1} further schedules`);
  const cron = type === 'cron' ? oldCron(rules[0]) : newCron(rules[0] ?? {});
  if (cron === undefined) {
    ledger.manual(name, 'a schedule that no cron expression of five fields holds');
    return { kind: 'todo', what: 'the schedule of this flow' };
  }
  return { kind: 'schedule', cron, ...(timezone === undefined ? {} : { timezone }) };
}

const whole = (value: JsonValue | undefined, otherwise: number): number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : otherwise;

/** A cron expression of n8n has six fields, seconds first, or five. */
function fiveFields(expression: string): string | undefined {
  const fields = expression.trim().split(/\s+/);
  const five = fields.length === 6 && fields[0] === '0' ? fields.slice(1) : fields;
  return five.length === 5 && five.every((one) => /^[\d*,/A-Za-z#L?-]+$/.test(one))
    ? five.join(' ')
    : undefined;
}

function newCron(rule: JsonValue): string | undefined {
  const get = (name: string) => field(rule, name);
  const kind = plainTextOf(get('field')) ?? 'days';
  const minute = whole(get('triggerAtMinute'), 0);
  const hour = whole(get('triggerAtHour'), 0);
  const every = (name: string) => {
    const count = whole(get(name), 1);
    return count <= 1 ? '*' : `*/${count}`;
  };
  switch (kind) {
    case 'cronExpression':
      return fiveFields(plainTextOf(get('expression')) ?? '');
    case 'minutes':
      return `${whole(get('minutesInterval'), 5) <= 1 ? '*' : `*/${whole(get('minutesInterval'), 5)}`} * * * *`;
    case 'hours':
      return `${minute} ${every('hoursInterval')} * * *`;
    case 'days':
      // A cron field of days starts again each month, so only every day is the same.
      return whole(get('daysInterval'), 1) <= 1 ? `${minute} ${hour} * * *` : undefined;
    case 'weeks': {
      const days = elementsOf(get('triggerAtDay')).filter((day) => typeof day === 'number');
      return whole(get('weeksInterval'), 1) <= 1
        ? `${minute} ${hour} * * ${days.length === 0 ? 0 : days.join(',')}`
        : undefined;
    }
    case 'months':
      return `${minute} ${hour} ${whole(get('triggerAtDayOfMonth'), 1)} ${every('monthsInterval')} *`;
    default:
      return undefined;
  }
}

function oldCron(rule: JsonValue | undefined): string | undefined {
  const hour = whole(field(rule, 'hour'), 14);
  const minute = whole(field(rule, 'minute'), 0);
  switch (plainTextOf(field(rule, 'mode')) ?? 'everyDay') {
    case 'custom':
      return fiveFields(plainTextOf(field(rule, 'cronExpression')) ?? '');
    case 'everyMinute':
      return '* * * * *';
    case 'everyHour':
      return `${minute} * * * *`;
    case 'everyDay':
      return `${minute} ${hour} * * *`;
    case 'everyWeek':
      return `${minute} ${hour} * * ${plainTextOf(field(rule, 'weekday')) ?? '1'}`;
    case 'everyMonth':
      return `${minute} ${hour} ${whole(field(rule, 'dayOfMonth'), 1)} * *`;
    default:
      return undefined;
  }
}
