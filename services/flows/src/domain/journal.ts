import type { RecordedStep, StepAnswer, StepDifference, StepKind, StepUndo } from './flow-run.js';
import { FlowCodeError } from './flows.errors.js';
import { undoScope } from './step-path.js';

/** The content of a step whose call the ledger knows with other content. The ledger alone can compare it. */
export const unknownContent = '';

/** The most steps of a run. A longer run is split into child flows. */
export const mostSteps = 1_000;
/** The most characters of all answers of a run. Each execution reads them. */
export const mostAnswerCharacters = 1_000_000;

interface Requested {
  readonly path: string;
  readonly scope: string;
  readonly kind: StepKind;
  readonly about: string;
  readonly undo?: StepUndo;
}

/**
 * The steps of a run during one execution of its code.
 *
 * - FJ1: a path stands for one request. Another request under it is a difference, and gets no answer.
 * - FJ2: within a sequential scope, code that asks for a new step has asked for every recorded one before.
 */
export class Journal {
  readonly #steps = new Map<string, RecordedStep>();
  /** Recorded steps that the code has not asked for in this execution, by scope. */
  readonly #left = new Map<string, Set<string>>();
  readonly #asked = new Set<string>();
  readonly #changed = new Set<string>();
  #answers = 0;
  #characters = 0;

  constructor(recorded: readonly RecordedStep[]) {
    for (const step of recorded) {
      this.#steps.set(step.path, step);
      if (step.scope !== undoScope) this.#leftOf(step.scope).add(step.path);
      this.#answers = Math.max(this.#answers, step.answered ?? 0);
      this.#characters += charactersOf(step.answer);
    }
  }

  /** The step for a request: the recorded one, or a new one. Throws `FlowCodeError` for a repeated name. */
  request({ path, scope, kind, about, undo }: Requested): RecordedStep | StepDifference {
    if (this.#asked.has(path))
      throw new FlowCodeError(`the flow has two steps with the path ${path}; give each its own name`);
    this.#asked.add(path);
    const recorded = this.#steps.get(path);
    if (recorded !== undefined) {
      this.#left.get(scope)?.delete(path);
      if (recorded.about === unknownContent && recorded.kind === kind) {
        this.#put({ ...recorded, about });
        return { ...recorded, about };
      }
      return recorded.kind === kind && recorded.about === about
        ? recorded
        : { step: path, recorded: textOf(recorded), now: textOf({ kind, about }) };
    }
    const [left] = this.#left.get(scope) ?? [];
    if (left !== undefined) return this.#leftOver(left, `the step ${path}: ${textOf({ kind, about })}`);
    if (this.#steps.size >= mostSteps)
      throw new FlowCodeError(`a run has at most ${mostSteps} steps; move a part into a child flow`);
    const step = {
      path,
      scope,
      kind,
      about,
      ordinal: this.#steps.size + 1,
      ...(undo === undefined ? {} : { undo }),
    };
    this.#put(step);
    return step;
  }

  /** The difference when the code ends before it asked for every recorded step. */
  unfinished(): StepDifference | undefined {
    for (const paths of this.#left.values())
      for (const path of paths) return this.#leftOver(path, 'the end of the flow');
    return undefined;
  }

  /** The ledger knows the call of a step with other content: what this execution asked for is no record of it. */
  refuse(path: string): void {
    const step = this.#steps.get(path);
    if (step !== undefined) this.#put({ ...step, about: unknownContent });
  }

  /** Adds what became known about a step. */
  change(path: string, more: Pick<RecordedStep, 'callId' | 'dueAtMs'>): void {
    const step = this.#steps.get(path);
    if (step !== undefined) this.#put({ ...step, ...more });
  }

  answer(path: string, answer: StepAnswer): void {
    const step = this.#steps.get(path);
    if (step === undefined || step.answer !== undefined) return;
    this.#answers += 1;
    this.#characters += charactersOf(answer);
    this.#put({ ...step, answer, answered: this.#answers });
  }

  get(path: string): RecordedStep | undefined {
    return this.#steps.get(path);
  }

  get steps(): readonly RecordedStep[] {
    return [...this.#steps.values()];
  }

  /** Whether the answers are more than a run may have. */
  get isTooLarge(): boolean {
    return this.#characters > mostAnswerCharacters;
  }

  /** Whether the answer of a call is outstanding. */
  get waitsOnCall(): boolean {
    return this.steps.some(({ kind, answer }) => kind === 'call' && answer === undefined);
  }

  /** Steps that are not on record as they are now. */
  get changes(): readonly RecordedStep[] {
    return [...this.#changed].flatMap((path) => this.#steps.get(path) ?? []);
  }

  /** These steps are on record. One that changed meanwhile is still a change. */
  committed(steps: readonly RecordedStep[]): void {
    for (const step of steps) if (this.#steps.get(step.path) === step) this.#changed.delete(step.path);
  }

  #put(step: RecordedStep): void {
    this.#steps.set(step.path, step);
    this.#changed.add(step.path);
  }

  #leftOf(scope: string): Set<string> {
    const paths = this.#left.get(scope) ?? new Set<string>();
    this.#left.set(scope, paths);
    return paths;
  }

  #leftOver(path: string, now: string): StepDifference {
    const recorded = this.#steps.get(path);
    return { step: path, recorded: recorded === undefined ? '' : textOf(recorded), now };
  }
}

function charactersOf(answer: StepAnswer | undefined): number {
  return answer?.ok === true ? (answer.text ?? '').length : 0;
}

function textOf({ kind, about }: Pick<RecordedStep, 'kind' | 'about'>): string {
  return `${kind} ${about}`;
}
