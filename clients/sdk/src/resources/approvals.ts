import type { ApiAnswers, ApiQueries, ApiSchemas } from '../generated/api.js';
import type { ApiClient } from '../http/api-client.js';
import type { MeshRequestOptions } from '../http/api-request.js';
import { wireNames, type CamelNames } from '../wire-names.js';
import { iteratePages } from './pages.js';

/** Conditions on approvals. */
export type ApprovalFilters = Partial<CamelNames<Omit<ApiQueries['listApprovals'], 'cursor'>>>;

/** An approval in a list, without the arguments of its call. */
export type ListedApproval = ApiAnswers['listApprovals']['approvals'][number];

/** The approval that a person saw: its digest names the arguments. */
export type SeenApproval = Pick<ApiSchemas['Approval'], 'id' | 'arguments_digest'>;

/** Calls that wait for a person's yes. */
export class ApprovalsApi {
  readonly #api: ApiClient;

  constructor(api: ApiClient) {
    this.#api = api;
  }

  /** A page of approvals. */
  list(
    filters: ApprovalFilters & { readonly cursor?: string } = {},
    options: MeshRequestOptions = {},
  ): Promise<ApiAnswers['listApprovals']> {
    return this.#api.call('listApprovals', { ...options, query: wireNames(filters) });
  }

  /** All approvals that fit. */
  iterate(filters: ApprovalFilters = {}, options: MeshRequestOptions = {}): AsyncIterable<ListedApproval> {
    return iteratePages(
      (cursor) => this.list({ ...filters, ...(cursor === undefined ? {} : { cursor }) }, options),
      ({ approvals }) => approvals,
    );
  }

  /** An approval with the exact arguments of its call. */
  get(id: string, options: MeshRequestOptions = {}): Promise<ApiSchemas['Approval']> {
    return this.#api.call('findApproval', { ...options, path: { id } });
  }

  /** Approves the call with the arguments that the person saw. */
  approve(
    seen: SeenApproval,
    { note, ...options }: { readonly note?: string } & MeshRequestOptions = {},
  ): Promise<ApiSchemas['Approval']> {
    return this.#api.call('approveCall', { ...options, path: { id: seen.id }, body: decision(seen, note) });
  }

  /** Rejects the call. It ends without a request. */
  reject(
    seen: SeenApproval,
    { note, ...options }: { readonly note?: string } & MeshRequestOptions = {},
  ): Promise<ApiSchemas['Approval']> {
    return this.#api.call('rejectCall', { ...options, path: { id: seen.id }, body: decision(seen, note) });
  }
}

function decision(seen: SeenApproval, note: string | undefined): ApiSchemas['ApprovalDecision'] {
  return { arguments_digest: seen.arguments_digest, ...(note === undefined ? {} : { note }) };
}
