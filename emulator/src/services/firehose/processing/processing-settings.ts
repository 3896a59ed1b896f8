import { NotImplementedError } from '../../../protocol/errors';
import type { ProcessingConfiguration } from '../api';

/** What is done with records before they are delivered. */
export interface ProcessingSettings {
  /** Roles that it acts as, besides that of the destination. */
  readonly roleArns: readonly string[];
}

/**
 * Reads what a request says of the processing.
 *
 * @returns undefined if nothing is to be done
 */
export function processingSettings(
  configuration: ProcessingConfiguration | undefined,
): ProcessingSettings | undefined {
  if (configuration?.Enabled !== true) return undefined;
  if ((configuration.Processors ?? []).length > 0)
    throw new NotImplementedError('parameter ProcessingConfiguration of CreateDeliveryStream');
  return undefined;
}
