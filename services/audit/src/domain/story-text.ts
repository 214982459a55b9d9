import type { CallStory } from '@action-mesh/contracts/audit';

import { clockTime } from './entry-sentence.js';

/** The longest arguments and results in a text, in characters. */
const longestValue = 400;

/** The story of a call for people: thought, action, what happened, observation. */
export function storyText(story: Omit<CallStory, 'text'>): string {
  const { tool = 'unknown tool', tool_version: version, thought } = story;
  const action = [tool, version ?? '', valueText(story.arguments)].filter((part) => part !== '').join(' ');
  return [
    line('Thought', thought ?? '(none given)'),
    line('Action', action),
    line('', about(story)),
    ...(story.duplicates === undefined ? [] : [line('', submitted(story.duplicates))]),
    ...story.events.map(({ at, text }) => `  ${clockTime(at)}  ${oneLine(text)}`),
    line('Observation', observation(story)),
  ].join('\n');
}

function about({
  user_id: user,
  agent_id: agent,
  run_id: run,
  step,
  call_id: call,
  trace_id: trace,
}: Omit<CallStory, 'text'>) {
  return [
    user === undefined ? 'for an erased user' : `for ${user}`,
    agent === undefined ? '' : `by ${agent}`,
    run === undefined ? '' : `run ${run}`,
    step === undefined ? '' : `step ${step}`,
    `call ${call}`,
    trace === undefined ? '' : `trace ${trace}`,
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

function submitted(duplicates: number): string {
  return `submitted ${duplicates + 1} times: ${duplicates} duplicate${duplicates === 1 ? '' : 's'} did not run`;
}

function observation({ status, result, error, attempts, duration_ms: ms }: Omit<CallStory, 'text'>): string {
  const what = error === undefined ? valueText(result) : `${error.code}: ${error.message ?? ''}`;
  const cost = [
    attempts === undefined ? '' : `${attempts} attempt${attempts === 1 ? '' : 's'}`,
    ms === undefined ? '' : `${ms} ms`,
  ]
    .filter((part) => part !== '')
    .join(', ');
  return [status.replaceAll('_', ' '), what, cost === '' ? '' : `(${cost})`]
    .filter((part) => part !== '')
    .join(' ');
}

function valueText(value: CallStory['arguments']): string {
  if (value === undefined) return '';
  const text = oneLine(value.text);
  return text.length <= longestValue ? text : `${text.slice(0, longestValue)}…`;
}

/** Texts of others must not draw lines of their own. */
function oneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ');
}

function line(title: string, text: string): string {
  return `${title.padEnd(13)}${oneLine(text)}`;
}
