import { authBrokerPoints } from '@action-mesh/auth-broker/diagnostics';

/** What a refresh does to the refresh token before it. */
export const rotations = ['strict', 'leeway', 'none'] as const;
export type Rotation = (typeof rotations)[number];

/** A diagnostic point that each refresh passes. */
export type RefreshPoint = Exclude<keyof typeof authBrokerPoints, 'after_revoke_response'>;

/** A point at which a broker is killed, or a fault of the token endpoint. `calm`: neither. */
export type Disturbance = 'calm' | 'slow' | '500 after rotation' | RefreshPoint;

export const refreshPoints = (Object.keys(authBrokerPoints) as (keyof typeof authBrokerPoints)[]).filter(
  (point): point is RefreshPoint => point !== 'after_revoke_response',
);

/** One race: how the server rotates, and what goes wrong meanwhile. */
export interface AuthCell {
  readonly rotation: Rotation;
  readonly disturbance: Disturbance;
}

/** What one race showed. */
export interface AuthCellResult extends AuthCell {
  readonly callers: number;
  /** Callers with a credential that the server accepted, and those that were sent to the user. */
  readonly served: number;
  readonly sentToUser: number;
  /** How often the authorization server saw its most presented refresh token, and how many it saw. */
  readonly mostUses: number;
  readonly refreshTokens: number;
  /** The state of the connection at the end, with its reason. */
  readonly state: string;
  readonly crashed: boolean;
  readonly tookMs: number;
  readonly faults: readonly string[];
}

const disturbances: readonly Disturbance[] = ['calm', 'slow', '500 after rotation', ...refreshPoints];

/** Every cell with this text in its name. */
export function authCells(only: string): readonly AuthCell[] {
  return disturbances
    .flatMap((disturbance) => rotations.map((rotation) => ({ rotation, disturbance })))
    .filter((cell) => nameOfAuthCell(cell).includes(only));
}

export function nameOfAuthCell({ rotation, disturbance }: AuthCell): string {
  return `${disturbance}/${rotation}`;
}

/**
 * Whether the only copy of a new refresh token can be lost. The server has ended the old one, and its answer died with a
 * broker, or came too late, or never came.
 */
export function mayLose({ rotation, disturbance }: AuthCell): boolean {
  return rotation === 'strict' && isAnswerLost(disturbance);
}

/** How often one refresh token may be presented: twice if a first use may have got lost. */
export function mostUses({ disturbance }: AuthCell): number {
  return disturbance === 'calm' ? 1 : 2;
}

function isAnswerLost(disturbance: Disturbance): boolean {
  return ['slow', '500 after rotation', 'after_refresh_response', 'before_commit'].includes(disturbance);
}
