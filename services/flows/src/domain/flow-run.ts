import type { JsonValue } from '@action-mesh/kernel';

/**
 * The state of a run.
 *
 * - `open`: it runs, or waits for an answer, a time or a person.
 * - `succeeded`, `failed`, `cancelled`: final. What its steps did is undone in the last two, as far as they say how.
 * - `diverged`: its code asked for something else than before. Nothing was sent. A person decides.
 * - `blocked`: its code or its deployment has a fault. A person mends it and resumes the run.
 * - `needs_review`: an undo failed. `problem` lists the effects that stand.
 */
export const runStates = [
  'open',
  'succeeded',
  'failed',
  'cancelled',
  'diverged',
  'blocked',
  'needs_review',
] as const;
export type RunState = (typeof runStates)[number];

/** Why a run stopped, without values of steps. */
export interface RunProblem {
  readonly code: string;
  readonly message: string;
  readonly step?: string;
  /** Paths of steps whose effect stands although the run failed. */
  readonly stands?: readonly string[];
  /** What was recorded, and what the code asks for now. */
  readonly difference?: StepDifference;
}

export interface StepDifference {
  readonly step: string;
  readonly recorded: string;
  readonly now: string;
}

export type StepKind = 'call' | 'value' | 'sleep' | 'flow' | 'ask';

/** The final answer of a step. */
export type StepAnswer =
  /** `text` is the exact JSON. Absent: the answer has no value. */
  | { readonly ok: true; readonly text?: string }
  | {
      readonly ok: false;
      readonly error: 'failed' | 'unknown' | 'timed_out';
      readonly code: string;
      readonly message: string;
    };

/** A step as the record knows it. */
export interface RecordedStep {
  readonly path: string;
  /** The path of the steps around it: sequential steps share a scope, parallel branches have their own. */
  readonly scope: string;
  readonly kind: StepKind;
  /** What the step asked for, as canonical JSON. Another text in a replay is a divergence. */
  readonly about: string;
  /** The place in the order of first requests, from 1. */
  readonly ordinal: number;
  readonly answer?: StepAnswer;
  /** The place in the order of answers, from 1. */
  readonly answered?: number;
  readonly callId?: string;
  readonly dueAtMs?: number;
  readonly undo?: StepUndo;
}

/** How to undo a step: by the compensation that its tool declares, or by another call of the tool. */
export type StepUndo =
  | { readonly kind: 'declared' }
  | { readonly kind: 'call'; readonly arguments: JsonValue };

/** A run that an instance has claimed. */
export interface ClaimedRun {
  readonly tenantId: string;
  readonly id: string;
  readonly flow: string;
  readonly version: number;
  readonly digest: string;
  readonly userId: string;
  readonly input: JsonValue;
  readonly traceparent: string | undefined;
  readonly startedAtMs: number;
  /** Grows with each claim. A save under an older one changes nothing. */
  readonly epoch: number;
  /** Answers from outside that this execution knows. */
  readonly signals: number;
  /** Present: the steps failed with it, and their effects are being undone. */
  readonly failure: RunProblem | undefined;
  readonly steps: readonly RecordedStep[];
}
