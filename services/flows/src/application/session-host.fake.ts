import type { ClaimedRun, RecordedStep } from '../domain/flow-run.js';
import { StepRefusedError } from '../domain/flows.errors.js';
import type { UndoCall, SessionHost, StepCall } from './session-host.port.js';

/** A host in memory. Its calls stay open until a test answers them. */
export class FakeSessionHost implements SessionHost {
  readonly calls: (StepCall & { readonly callId: string })[] = [];
  readonly kept: (readonly RecordedStep[])[] = [];
  readonly children: string[] = [];
  readonly due: string[] = [];
  failedChildren = 0;
  /** Whether a person answered every question just now. */
  isAnswered = false;
  /** The next calls fail with it. */
  outage: Error | undefined;
  isOwner = true;
  refuses: string | undefined;
  atMs = 1_000_000;

  nowMs(): number {
    return this.atMs;
  }

  newId(): string {
    return `id-${this.kept.length + 1}`;
  }

  submit(_run: ClaimedRun, call: StepCall, onId: (callId: string) => void): Promise<string> {
    if (this.outage !== undefined) return Promise.reject(this.outage);
    if (this.refuses !== undefined) return Promise.reject(new StepRefusedError(this.refuses));
    const callId = `call-${this.calls.length + 1}`;
    onId(callId);
    this.calls.push({ ...call, callId });
    return Promise.resolve(callId);
  }

  keep(_run: ClaimedRun, steps: readonly RecordedStep[]): Promise<boolean> {
    this.kept.push(steps);
    return Promise.resolve(this.isOwner);
  }

  answerDue(_run: ClaimedRun, path: string): Promise<boolean> {
    this.due.push(path);
    return Promise.resolve(!this.isAnswered);
  }

  failChildren(): Promise<void> {
    this.failedChildren += 1;
    return Promise.resolve();
  }

  startChild(_run: ClaimedRun, { path }: { readonly path: string }): Promise<string> {
    this.children.push(path);
    return Promise.resolve('run_child');
  }

  compensation(_tenantId: string, step: RecordedStep): UndoCall {
    const { tool } = JSON.parse(step.about) as StepCall;
    return tool === 'send_mail'
      ? { missing: 'the tool declares no compensation' }
      : { tool: `undo_${tool}`, arguments: { of: step.callId ?? '' } };
  }
}
