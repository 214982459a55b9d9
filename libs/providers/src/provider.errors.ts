import { MeshError } from '@action-mesh/kernel';

/**
 * Why a value does not fit a provider. `MISSING`: a setting or a field has no value. `INVALID`: a value does not match its
 * pattern or would change the meaning of an address. `UNKNOWN`: a template names no setting and no field.
 * `FOREIGN_HOST`: an address belongs to a host that the provider does not cover. `AMBIGUOUS`: several accounts fit.
 */
export type ProviderErrorCode =
  | 'PROVIDER_VALUE_MISSING'
  | 'PROVIDER_VALUE_INVALID'
  | 'PROVIDER_VALUE_UNKNOWN'
  | 'PROVIDER_FOREIGN_HOST'
  | 'PROVIDER_AMBIGUOUS';

/** A value and the definition of a provider do not fit. The message names the value and never shows it. */
export class ProviderError extends MeshError {
  readonly code: ProviderErrorCode;
  readonly retry = 'terminal';
  /** The names of the settings or fields. */
  readonly names: readonly string[];

  constructor(code: ProviderErrorCode, message: string, names: readonly string[] = []) {
    super(message);
    this.code = code;
    this.names = names;
  }
}
