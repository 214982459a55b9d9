import type { Ending } from '../domain/outcome.js';
import type { Park } from './ledger.port.js';

/** The wait of a call, and the outcome for its caller if there is one. */
export interface Parking {
  readonly park: Park;
  readonly ending?: Ending;
}
