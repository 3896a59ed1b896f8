import { IpBlock } from '../network/ip-block';
import { templateError } from './template-errors';

/**
 * What `Fn::Cidr` returns: the first `count` (1 to 256) blocks of `2^bits` addresses in an IPv4 or IPv6 block.
 *
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-cidr.html
 */
export function cidrBlocks(text: string, count: number, bits: number): string[] {
  const block = IpBlock.parse(text);
  if (!block) throw templateError(`Fn::Cidr contains invalid CIDR block ${text}`);
  if (!Number.isInteger(count) || count < 1 || count > 256) {
    throw templateError(`Fn::Cidr count must be between 1 and 256, got ${count}`);
  }
  const { width, first, size } = block;
  if (!Number.isInteger(bits) || bits < 1 || BigInt(count) << BigInt(bits) > size) {
    throw templateError(`Fn::Cidr cannot take ${count} blocks with ${bits} bits out of ${text}`);
  }
  return Array.from({ length: count }, (_, index) =>
    String(IpBlock.at(width, first + (BigInt(index) << BigInt(bits)), width - bits)),
  );
}
