import { countedBy, type CompiledPolicy } from '../policy/policy-book.js';
import type { Subject } from '../governor.port.js';
import { AdaptiveLimit, type ConcurrencyRules } from './adaptive-limit.js';

/** A place among the requests under way. */
export interface Place {
  readonly adaptive: AdaptiveLimit;
  readonly era: number;
  /** Counters of policies that it takes a place of. */
  readonly counted: readonly string[];
}

/** Why there is no place, and when there may be one. */
export interface Crowd {
  readonly scope: string;
  readonly waitMs: number;
}

interface ToolLimit {
  readonly provider: string;
  readonly tool: string;
  readonly adaptive: AdaptiveLimit;
}

/** How long to wait for a place, milliseconds: not so short that it becomes a spin, not so long that it stays empty. */
const shortestWaitMs = 20;
const longestWaitMs = 1_000;

/** How many requests are under way, by tool, and by what policies count; of this process alone. */
export class Gates {
  readonly #rules: ConcurrencyRules;
  readonly #tools = new Map<string, ToolLimit>();
  readonly #counts = new Map<string, number>();

  constructor(rules: ConcurrencyRules) {
    this.#rules = rules;
  }

  enter(subject: Subject, policies: readonly CompiledPolicy[]): Place | Crowd {
    const { adaptive } = this.#tool(subject);
    const waitMs = Math.min(longestWaitMs, Math.max(shortestWaitMs, Math.ceil(adaptive.averageMs)));
    const counted: string[] = [];
    for (const compiled of policies) {
      const { id, per, max_concurrency: max } = compiled.policy;
      if (max === undefined) continue;
      const value = countedBy(compiled, subject);
      const key = `${id}\n${value}`;
      if ((this.#counts.get(key) ?? 0) >= max) return { scope: `${per}:${value}#${id}`, waitMs };
      counted.push(key);
    }
    if (!adaptive.enter()) return { scope: `tool:${subject.tool}`, waitMs };
    for (const key of counted) this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
    return { adaptive, era: adaptive.era, counted };
  }

  leave({ adaptive, counted }: Place): void {
    adaptive.leave();
    for (const key of counted) {
      const left = (this.#counts.get(key) ?? 1) - 1;
      if (left > 0) this.#counts.set(key, left);
      else this.#counts.delete(key);
    }
  }

  all(): IterableIterator<ToolLimit> {
    return this.#tools.values();
  }

  #tool({ provider, tool }: Subject): ToolLimit {
    const key = `${provider}\n${tool}`;
    const known = this.#tools.get(key);
    if (known !== undefined) return known;
    const made: ToolLimit = { provider, tool, adaptive: new AdaptiveLimit(this.#rules) };
    this.#tools.set(key, made);
    return made;
  }
}
