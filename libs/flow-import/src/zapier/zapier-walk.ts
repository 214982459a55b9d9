import type { NodeLedger } from '../model/node-record.js';
import { endsPath } from '../model/path-end.js';
import type { DraftStep } from '../model/workflow.js';
import type { ToolChooser } from '../tools/tool-chooser.js';
import type { Zap, ZapStep } from './zap.js';
import { conditionOfFilter, zapierSite, type ZapierContext, type ZapierSite } from './zapier-site.js';
import { writeZapStep } from './zapier-steps.js';

/** Paths nested deeper than any Zap are left to a person. */
const deepest = 40;

/** Writes the steps of a Zap: a chain, whose paths run one after the other when their rules hold. */
export class ZapierWalk {
  readonly #zap: Zap;
  readonly #ledger: NodeLedger;
  readonly #tools: ToolChooser;
  readonly #seen = new Set<string>();

  constructor(zap: Zap, ledger: NodeLedger, tools: ToolChooser) {
    this.#zap = zap;
    this.#ledger = ledger;
    this.#tools = tools;
  }

  /** Writes the chain that begins with a step. */
  chain(start: string | undefined, context: ZapierContext): void {
    let inner = context;
    let id = start;
    while (id !== undefined) {
      const step = this.#zap.steps.get(id);
      // A chain of a file that was edited may lead back to itself.
      if (step === undefined || this.#seen.has(id)) return;
      this.#seen.add(id);
      if (step.app === 'Branching' && step.action === 'branch') {
        this.#paths(step, inner);
        return;
      }
      inner = writeZapStep(this.#site(step, inner));
      const [next, ...others] = step.children;
      for (const other of others) this.#ledger.manual(other, 'a second step behind one that is no branch');
      id = next;
    }
  }

  /** Every path whose rules hold runs. */
  #paths(branch: ZapStep, context: ZapierContext): void {
    this.#ledger.check(branch.id, 'all-routes');
    if (context.depth > deepest) {
      this.#site(branch, context).leave(`paths nested deeper than ${deepest} levels`);
      return;
    }
    for (const [place, id] of branch.children.entries()) {
      const path = this.#zap.steps.get(id);
      if (path === undefined || this.#seen.has(id)) continue;
      const steps: DraftStep[] = [];
      const isFilter = path.typeOf === 'filter';
      const condition = isFilter ? conditionOfFilter(this.#site(path, context)) : undefined;
      if (isFilter) {
        this.#seen.add(id);
        this.#ledger.translated(id);
      }
      this.chain(isFilter ? path.children[0] : id, { ...context, steps, depth: context.depth + 1 });
      const isLast = place === branch.children.length - 1;
      const own: DraftStep[] =
        !isLast && steps.some(endsPath) ? [{ kind: 'block', steps, output: { hint: path.title } }] : steps;
      if (condition === undefined) context.steps.push(...own);
      else
        context.steps.push({
          kind: 'if',
          node: id,
          name: path.title,
          arms: [{ condition, steps: own }],
          otherwise: [],
        });
    }
  }

  #site(step: ZapStep, context: ZapierContext): ZapierSite {
    return zapierSite(step, context, this.#ledger, this.#tools);
  }
}
