import { hash } from 'node:crypto';
import type { EndpointKind } from './behaviours.js';
import type { ReceivedRequest } from './received-request.js';

export interface Reply {
  readonly status: number;
  readonly body: unknown;
}

interface Posted {
  readonly path: string;
  readonly reference: string;
  readonly atMs: number;
  readonly record: unknown;
}

const firstNames = ['Ada', 'Grace', 'Linus', 'Katherine', 'Edsger', 'Barbara', 'Donald', 'Radia'] as const;
const lastNames = ['Okafor', 'Lindqvist', 'Tanaka', 'Moreau', 'Haddad', 'Novak', 'Silva', 'Iyer'] as const;
const titles = ['Head of Operations', 'VP Sales', 'Staff Engineer', 'Founder', 'Marketing Lead'] as const;
const industries = ['logistics', 'fintech', 'health', 'manufacturing', 'education'] as const;

/** The endpoints for the example tools, with their state. Unknown paths accept every write, as `/echo` does. */
export class Endpoints {
  readonly #contacts = new Map<string, unknown>();
  #posted: Posted[] = [];
  #writes = 0;

  kindOf(request: ReceivedRequest): EndpointKind {
    if (request.pathname === '/enrich') return { mode: 'read' };
    if (request.pathname === '/slack/chat.postMessage') return { mode: 'keyed' };
    if (request.pathname === '/tickets') return { mode: 'probeable' };
    return { mode: 'opaque' };
  }

  /** The answer to a read. Changes nothing. */
  read(request: ReceivedRequest, kind: EndpointKind, nowMs: number): Reply {
    if (request.pathname === '/enrich') return enrich(request.field('email'));
    if (kind.mode === 'probeable') {
      const reference = request.query.get(kind.field ?? 'reference');
      const visibleUntil = nowMs - (kind.visibleAfterMs ?? 0);
      const items = this.#posted
        .filter(
          (item) =>
            item.path === request.pathname && item.reference === reference && item.atMs <= visibleUntil,
        )
        .map((item) => item.record);
      return { status: 200, body: { items } };
    }
    const contact = contactOf(request);
    if (contact !== undefined) {
      const stored = this.#contacts.get(contact);
      return stored === undefined
        ? { status: 404, body: { error: 'not_found' } }
        : { status: 200, body: stored };
    }
    const item = /^\/items\/([^/]+)$/.exec(request.pathname)?.[1];
    if (item !== undefined) return { status: 200, body: { id: item, name: `item ${item}` } };
    return { status: 200, body: { ok: true, path: request.path } };
  }

  /** Applies a write and returns its answer. */
  write(request: ReceivedRequest, kind: EndpointKind, nowMs: number): Reply {
    this.#writes += 1;
    const n = this.#writes;
    const contact = contactOf(request);
    if (contact !== undefined && request.method === 'DELETE') {
      this.#contacts.delete(contact);
      return { status: 200, body: { deleted: contact } };
    }
    if (contact !== undefined) {
      const stored = { ...asObject(request.json), email: contact };
      this.#contacts.set(contact, stored);
      return { status: 200, body: stored };
    }
    if (request.pathname === '/slack/chat.postMessage') {
      const channel = request.field('channel') ?? 'general';
      return { status: 200, body: { ok: true, channel, ts: `${1_700_000_000 + n}.000100` } };
    }
    if (kind.mode === 'probeable') {
      const record = { ...asObject(request.json), id: `r-${n}` };
      const reference = request.field(kind.field ?? 'reference');
      if (typeof reference === 'string') {
        this.#posted.push({ path: request.pathname, reference, atMs: nowMs, record });
      }
      return { status: 201, body: record };
    }
    return { status: 200, body: { ok: true, n } };
  }

  clear(): void {
    this.#contacts.clear();
    this.#posted = [];
    this.#writes = 0;
  }
}

function contactOf(request: ReceivedRequest): string | undefined {
  const name = /^\/crm\/contacts\/([^/]+)$/.exec(request.pathname)?.[1];
  if (name === undefined) return undefined;
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

function enrich(email: unknown): Reply {
  const domain = typeof email === 'string' ? /^[^@\s]+@([^@\s]+)$/.exec(email)?.[1] : undefined;
  if (typeof email !== 'string' || domain === undefined)
    return { status: 422, body: { error: 'invalid_email' } };
  const person = hash('sha256', email.toLowerCase(), 'buffer');
  const company = hash('sha256', domain.toLowerCase(), 'buffer');
  const pick = (from: readonly string[], seed: Buffer, at: number): string =>
    from[seed.readUInt8(at) % from.length] ?? '';
  return {
    status: 200,
    body: {
      person: {
        email,
        name: `${pick(firstNames, person, 0)} ${pick(lastNames, person, 1)}`,
        title: pick(titles, person, 2),
      },
      company: {
        domain,
        name: domain.split('.')[0] ?? domain,
        industry: pick(industries, company, 0),
        employees: 10 + (company.readUInt16BE(1) % 5000),
      },
    },
  };
}
