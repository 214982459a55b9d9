import jsonata from 'jsonata';

import type { MappingAnswer, MappingInput, MappingJob } from '../mapping-messages.js';

/** Evaluates mappings in a process of its own, which its owner ends when it takes too long. */

/** Levels of calls within each other. */
const deepestStack = 500;
/** The longest list that an expression may make. */
const longestList = 100_000;

interface EntryResult {
  readonly entry: number;
  readonly arguments: unknown;
  readonly user_id?: unknown;
}

async function evaluate(
  expression: string,
  job: MappingJob,
  input: MappingInput,
  item?: unknown,
): Promise<unknown> {
  const compiled = jsonata(expression, {
    timeout: job.timeoutMs,
    stack: deepestStack,
    sequence: longestList,
  });
  return compiled.evaluate(input.payload, item === undefined ? input.bindings : { ...input.bindings, item });
}

async function answerTo(job: MappingJob): Promise<MappingAnswer> {
  const input = JSON.parse(job.input) as MappingInput;
  const results: EntryResult[] = [];
  for (const [entry, call] of job.calls.entries()) {
    let member = 'when';
    try {
      if (call.when !== undefined && (await evaluate(call.when, job, input)) !== true) continue;
      member = 'for_each';
      const items = await itemsOf(call.for_each, job, input);
      if (results.length + items.length > job.mostCalls) {
        const detail = `the mapping gives more than ${job.mostCalls} calls`;
        return { reason: 'too_many_calls', detail };
      }
      for (const item of items) {
        member = 'arguments';
        const args = await evaluate(call.arguments, job, input, item);
        member = 'user_id';
        const user = call.user_id === undefined ? undefined : await evaluate(call.user_id, job, input, item);
        results.push({ entry, arguments: args, ...(user === undefined ? {} : { user_id: user }) });
      }
    } catch (error) {
      return { reason: 'mapping_failed', detail: `calls[${entry}].${member}: ${messageOf(error)}` };
    }
  }
  const text = JSON.stringify(results);
  return text.length > job.mostCharacters
    ? { reason: 'mapping_too_large', detail: `the results have more than ${job.mostCharacters} characters` }
    : { results: text };
}

/** Without a list, an entry gives one call, which has no item. */
async function itemsOf(
  forEach: string | undefined,
  job: MappingJob,
  input: MappingInput,
): Promise<readonly unknown[]> {
  if (forEach === undefined) return [undefined];
  const items: unknown = await evaluate(forEach, job, input);
  if (items === undefined) return [];
  // JSONata gives a single item in place of a list with one.
  return Array.isArray(items) ? (items as readonly unknown[]) : [items];
}

function messageOf(error: unknown): string {
  const message = (error as { readonly message?: unknown } | null)?.message;
  return typeof message === 'string' ? message.slice(0, 300) : 'the expression failed';
}

process.on('message', (job: MappingJob) => {
  answerTo(job).then(
    (answer) => process.send?.(answer),
    (error: unknown) =>
      process.send?.({ reason: 'mapping_failed', detail: messageOf(error) } satisfies MappingAnswer),
  );
});
// Its owner is gone.
process.on('disconnect', () => process.exit());
process.send?.('ready');
