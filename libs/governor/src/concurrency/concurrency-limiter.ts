import { countedBy, type CompiledPolicy } from '../policy/policy-index.js';
import type { Subject } from '../governor.port.js';
import { AdaptiveLimit, type ConcurrencyRules } from './adaptive-limit.js';

/** A slot among the requests under way. */
export interface Slot {
  readonly adaptive: AdaptiveLimit;
  readonly byTenant: Map<string, number>;
  readonly tenantId: string;
  readonly era: number;
  /** Counters of the policies in which it takes a slot. */
  readonly counted: readonly string[];
}

/** The reason why no slot is free, and the time until one may be. */
export interface SlotRefusal {
  readonly scope: string;
  readonly waitMs: number;
}

interface ToolLimit {
  readonly provider: string;
  readonly tool: string;
  readonly adaptive: AdaptiveLimit;
  /** Requests under way, by tenant. */
  readonly byTenant: Map<string, number>;
}

/**
 * The share of a tool's slots for tenants that hold fewer than it. A flood of one tenant thus leaves slots for all
 * others.
 */
const reservedShare = 1 / 8;

/**
 * How long to wait for a slot, milliseconds. A shorter wait would be a busy loop; a longer one would leave the slot
 * empty.
 */
const shortestWaitMs = 20;
const longestWaitMs = 1_000;

/** Counts the requests under way in this process, by tool and by the counters of policies. */
export class ConcurrencyLimiter {
  readonly #rules: ConcurrencyRules;
  readonly #tools = new Map<string, ToolLimit>();
  readonly #counts = new Map<string, number>();

  constructor(rules: ConcurrencyRules) {
    this.#rules = rules;
  }

  acquire(subject: Subject, policies: readonly CompiledPolicy[]): Slot | SlotRefusal {
    const limit = this.#tool(subject);
    const counted: string[] = [];
    const refusal = this.#refusal(limit, subject, policies, counted);
    const { adaptive, byTenant } = limit;
    const { tenantId } = subject;
    if (refusal !== undefined) return refusal;
    adaptive.acquire();
    byTenant.set(tenantId, (byTenant.get(tenantId) ?? 0) + 1);
    for (const key of counted) this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
    return { adaptive, byTenant, tenantId, era: adaptive.era, counted };
  }

  /** The reason why no slot is free now. Undefined: one is. It takes none. */
  refusal(subject: Subject, policies: readonly CompiledPolicy[]): SlotRefusal | undefined {
    const limit = this.#tools.get(toolKey(subject)) ?? newToolLimit(subject, this.#rules);
    return this.#refusal(limit, subject, policies, []);
  }

  /** Adds the counters in which a slot would count to `counted`. */
  #refusal(
    { adaptive, byTenant }: ToolLimit,
    subject: Subject,
    policies: readonly CompiledPolicy[],
    counted: string[],
  ): SlotRefusal | undefined {
    const waitMs = Math.min(longestWaitMs, Math.max(shortestWaitMs, Math.ceil(adaptive.averageMs)));
    for (const compiled of policies) {
      const { id, per, max_concurrency: max } = compiled.policy;
      if (max === undefined) continue;
      const value = countedBy(compiled, subject);
      const key = `${id}\n${value}`;
      if ((this.#counts.get(key) ?? 0) >= max) return { scope: `${per}:${value}#${id}`, waitMs };
      counted.push(key);
    }
    const own = byTenant.get(subject.tenantId) ?? 0;
    const reserved = Math.floor(adaptive.limit * reservedShare);
    const hasSlot = adaptive.inFlight < adaptive.limit - reserved || own < reserved;
    return hasSlot && adaptive.inFlight < adaptive.limit
      ? undefined
      : { scope: `tool:${subject.tool}`, waitMs };
  }

  release({ adaptive, byTenant, tenantId, counted }: Slot): void {
    adaptive.release();
    lower(byTenant, tenantId);
    for (const key of counted) lower(this.#counts, key);
  }

  all(): IterableIterator<ToolLimit> {
    return this.#tools.values();
  }

  #tool(subject: Subject): ToolLimit {
    const key = toolKey(subject);
    const known = this.#tools.get(key);
    if (known !== undefined) return known;
    const made = newToolLimit(subject, this.#rules);
    this.#tools.set(key, made);
    return made;
  }
}

function toolKey({ provider, tool }: Subject): string {
  return `${provider}\n${tool}`;
}

function newToolLimit({ provider, tool }: Subject, rules: ConcurrencyRules): ToolLimit {
  return { provider, tool, adaptive: new AdaptiveLimit(rules), byTenant: new Map() };
}

function lower(counts: Map<string, number>, key: string): void {
  const left = (counts.get(key) ?? 1) - 1;
  if (left > 0) counts.set(key, left);
  else counts.delete(key);
}
