export { DecoupledTiers } from './decoupled-tiers';
export type {
  BackEndOptions,
  DecoupledTiersProps,
  FrontEndOptions,
  TierOptions,
} from './decoupled-tiers-props';
export { FrontEnd, type FrontEndAlarms, type FrontEndProps } from './front-end';
