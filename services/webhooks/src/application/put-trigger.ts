import type { InternalCaller } from '@action-mesh/contracts';
import { triggerSlugSchema } from '@action-mesh/contracts/gateway';
import { triggerRequestSchema, type TriggerRequest, type TriggerView } from '@action-mesh/contracts/webhooks';
import { newId, schemaProblems, type Clock } from '@action-mesh/kernel';
import { nextTime, scheduleProblem } from '@action-mesh/triggers';
import { keyOfSecret } from '@action-mesh/triggers';

import { freshSecret, storedSecret, type StoredTrigger } from '../domain/stored-trigger.js';
import { InvalidTriggerError, type SettingProblem } from '../domain/trigger.errors.js';
import type { Mapper } from './mapper.port.js';
import type { ShowTrigger } from './show-trigger.js';
import type { TriggerStore } from './trigger-store.port.js';

interface PutTriggerParts {
  readonly store: TriggerStore;
  readonly mapper: Pick<Mapper, 'problemOf'>;
  readonly show: Pick<ShowTrigger, 'changed'>;
  readonly clock: Clock;
}

/** Declares a trigger, or replaces its settings. Its secrets stay, unless the request has others. */
export class PutTrigger {
  readonly #parts: PutTriggerParts;

  constructor(parts: PutTriggerParts) {
    this.#parts = parts;
  }

  /** Throws `InvalidTriggerError`, or `TriggerConflictError` for a missing secret or too many triggers. */
  async run({ tenantId, holder }: InternalCaller, name: string, body: unknown): Promise<TriggerView> {
    const { store, show, clock } = this.#parts;
    const nowMs = clock.now();
    const { secrets: given, ...settings } = this.#read(name, body, nowMs);
    let made: string | undefined;
    const stored = await store.change(tenantId, name, (current): StoredTrigger => {
      const isSigned = settings.scheme !== 'api_key';
      const isKept = current !== undefined && current.settings.scheme === settings.scheme;
      let secrets = isKept ? current.secrets : [];
      if (given !== undefined) secrets = given.map((secret) => storedSecret(secret, nowMs));
      else if (isSigned && secrets.length === 0) {
        made = freshSecret(settings);
        secrets = [storedSecret(made, nowMs)];
      }
      return {
        tenantId,
        name,
        settings,
        secrets: isSigned ? secrets : [],
        revision: newId(),
        nextAtMs: settings.schedule === undefined ? undefined : nextTime(settings.schedule, nowMs),
        createdAtMs: current?.createdAtMs ?? nowMs,
        updatedAtMs: nowMs,
        updatedBy: holder,
      };
    });
    return show.changed(stored, made);
  }

  #read(name: string, body: unknown, nowMs: number): TriggerRequest {
    if (!triggerSlugSchema.safeParse(name).success)
      throw new InvalidTriggerError('the name of a trigger is lower-case words joined by underscores', []);
    const read = triggerRequestSchema.safeParse(body);
    if (!read.success)
      throw new InvalidTriggerError(
        'the settings of the trigger are not right',
        schemaProblems(read.error.issues),
      );
    const problems = [...this.#expressionProblems(read.data), ...otherProblems(read.data, nowMs)];
    if (problems.length > 0)
      throw new InvalidTriggerError('the settings of the trigger are not right', problems);
    return read.data;
  }

  #expressionProblems({ calls = [] }: TriggerRequest): SettingProblem[] {
    return calls.flatMap((call, index) =>
      (['when', 'for_each', 'arguments', 'user_id'] as const).flatMap((member) => {
        const expression = call[member];
        const message = expression === undefined ? undefined : this.#parts.mapper.problemOf(expression);
        return message === undefined ? [] : [{ pointer: `/calls/${index}/${member}`, message }];
      }),
    );
  }
}

function otherProblems({ schedule, scheme, secrets = [] }: TriggerRequest, nowMs: number): SettingProblem[] {
  const wrong = schedule === undefined ? undefined : scheduleProblem(schedule, nowMs);
  return [
    ...(wrong === undefined ? [] : [{ pointer: `/schedule/${wrong.member}`, message: wrong.message }]),
    ...secrets.flatMap((secret, index) =>
      keyOfSecret(scheme, secret) === undefined
        ? [{ pointer: `/secrets/${index}`, message: 'must be base64 of 16 bytes or more, such as whsec_…' }]
        : [],
    ),
  ];
}
