/** Where a delivery stream is. */
export interface DeliveryStreamAddress {
  readonly account: string;
  readonly region: string;
  readonly name: string;
}

/** What a delivery stream's name may be made of, up to 64 characters. */
export const namePattern = '[a-zA-Z0-9_.-]+';

const arnPattern =
  /^arn:aws[a-z-]*:firehose:([a-z0-9-]+):(\d{12}):deliverystream\/([a-zA-Z0-9_.-]+)$/;

export function deliveryStreamArn({ account, region, name }: DeliveryStreamAddress): string {
  return `arn:aws:firehose:${region}:${account}:deliverystream/${name}`;
}

/** Undefined for any other text. */
export function parseDeliveryStreamArn(text: string): DeliveryStreamAddress | undefined {
  const [, region, account, name] = arnPattern.exec(text) ?? [];
  if (region === undefined || account === undefined || name === undefined) return undefined;
  return { region, account, name };
}
