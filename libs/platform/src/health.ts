import { errorMessage } from '@action-mesh/kernel';

/** Returns a problem, for people, or `undefined` without one. The message of a thrown error counts as the problem. */
export type HealthCheck = () => string | undefined | Promise<string | undefined>;

export interface HealthComponent {
  readonly name: string;
  /** Whether the service can take work. */
  readonly ready?: HealthCheck;
  /** Whether the service works without a restart. */
  readonly live?: HealthCheck;
}

export interface HealthReport {
  readonly ok: boolean;
  /** The problems by component. */
  readonly problems: Readonly<Record<string, string>>;
}

/** The health checks of the components of one service. */
export class HealthChecks {
  readonly #components = new Map<string, HealthComponent>();
  readonly #timeoutMs: number;
  #draining = false;

  /** A check that takes longer than `timeoutMs` milliseconds counts as a problem. */
  constructor(timeoutMs = 2_000) {
    this.#timeoutMs = timeoutMs;
  }

  /** Adds a component, or replaces the one with the same name. Returns a function that removes it. */
  register(component: HealthComponent): () => void {
    this.#components.set(component.name, component);
    return () => {
      if (this.#components.get(component.name) === component) this.#components.delete(component.name);
    };
  }

  /** Makes the service not ready: it finishes its work and takes nothing new. */
  drain(): void {
    this.#draining = true;
  }

  async readiness(): Promise<HealthReport> {
    const report = await this.#ask('ready');
    return this.#draining
      ? { ok: false, problems: { ...report.problems, service: 'is shutting down' } }
      : report;
  }

  liveness(): Promise<HealthReport> {
    return this.#ask('live');
  }

  async #ask(kind: 'ready' | 'live'): Promise<HealthReport> {
    const answers = await Promise.all(
      [...this.#components.values()].map(
        async (component) => [component.name, await answer(component[kind], this.#timeoutMs)] as const,
      ),
    );
    const problems = Object.fromEntries(
      answers.filter((entry): entry is [string, string] => entry[1] !== undefined),
    );
    return { ok: Object.keys(problems).length === 0, problems };
  }
}

async function answer(check: HealthCheck | undefined, timeoutMs: number): Promise<string | undefined> {
  if (check === undefined) return undefined;
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`did not answer within ${timeoutMs} ms`), timeoutMs);
  });
  try {
    return await Promise.race([check(), timeout]);
  } catch (thrown) {
    return errorMessage(thrown);
  } finally {
    clearTimeout(timer);
  }
}
