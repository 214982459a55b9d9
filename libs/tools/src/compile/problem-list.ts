import { schemaProblems } from '@action-mesh/kernel';
import type { z } from 'zod';

import type { Problem } from '../problem.js';

/** Collects the problems that the rules find. It is bounded, because one mistake can repeat in a thousand places. */
export class ProblemList {
  static readonly #most = 50;
  readonly #problems: Problem[] = [];

  get all(): readonly Problem[] {
    return this.#problems;
  }

  get isEmpty(): boolean {
    return this.#problems.length === 0;
  }

  add(pointer: string, message: string): void {
    if (this.#problems.length < ProblemList.#most) this.#problems.push({ pointer, message });
  }

  addAll(problems: readonly Problem[]): void {
    for (const { pointer, message } of problems) this.add(pointer, message);
  }

  addIssues(pointer: string, issues: readonly z.core.$ZodIssue[]): void {
    this.addAll(schemaProblems(issues, pointer));
  }
}
