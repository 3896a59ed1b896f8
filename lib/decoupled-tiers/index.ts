export { DecoupledTiers } from './decoupled-tiers';
export type {
  BackEndOptions,
  DecoupledTiersProps,
  FrontEndOptions,
  TierOptions,
} from './decoupled-tiers-props';
export { FrontEnd, type FrontEndProps } from './front-end';
