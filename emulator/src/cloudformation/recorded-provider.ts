import type { Clock } from '../clock/clock';
import type { RandomSource, RandomStream } from '../random/random';
import type {
  ResourceProvider,
  ResourceRequest,
  ResourceState,
  TemplateValue,
  UpdateRequest,
} from './provider';
import type { RecordedType, RecordedValue } from './recorded-types';
import { resourceSchema } from './resource-schemas';
import { isList, isScalar } from './values';

/** Keeps resources of a type that the emulator does not emulate. */
export class RecordedProvider implements ResourceProvider {
  readonly level = 'recorded';
  readonly type: string;

  /** @param allowedOnly - whether it is recorded only because the user allows it */
  constructor(
    private readonly recorded: RecordedType,
    private readonly random: RandomSource,
    private readonly clock: Clock,
    readonly allowedOnly?: boolean,
  ) {
    this.type = recorded.type;
  }

  /** Whether `Fn::GetAtt` of it can be answered for a resource with these properties. */
  hasAttribute(name: string, properties: object): boolean {
    return name in this.recorded.values || name in properties;
  }

  async create(request: ResourceRequest): Promise<ResourceState> {
    const stream = this.random.stream(
      `cloudformation/recorded/${request.account}/${request.region}/${request.stackName}/${request.logicalId}`,
    );
    const known: Record<string, TemplateValue> = { ...request.properties };
    for (const [name, value] of Object.entries(this.recorded.values)) {
      if (known[name] !== undefined) continue;
      known[name] = isText(value)
        ? this.fill(value, known, request, stream)
        : value.map((item) => this.fill(item, known, request, stream));
    }
    const { Ref: ref, ...attributes } = known;
    const identifier = resourceSchema(this.type)?.ref ?? [];
    return {
      physicalId: String(ref ?? identifier.map((name) => textOf(known[name])).join('|')),
      attributes,
    };
  }

  async update({ physicalId, previous, properties }: UpdateRequest): Promise<ResourceState> {
    const generated = Object.entries(previous.attributes).filter(
      ([name]) => !(name in previous.properties),
    );
    return { physicalId, attributes: { ...Object.fromEntries(generated), ...properties } };
  }

  async delete(): Promise<void> {}

  private fill(
    template: string,
    known: Readonly<Record<string, TemplateValue>>,
    request: ResourceRequest,
    random: RandomStream,
  ): string {
    return template.replace(/\{(\w+)\}/g, (_match, name: string) => {
      switch (name) {
        case 'account':
          return request.account;
        case 'byte':
          return String(random.integer(256));
        case 'hex':
          return random.hex(17);
        case 'logicalId':
          return request.logicalId;
        case 'name':
          return request.generateName(255);
        case 'region':
          return request.region;
        case 'stack':
          return request.stackName;
        case 'time':
          return new Date(this.clock.now()).toISOString();
        case 'uuid':
          return random.uuid();
        default:
          return textOf(known[name]);
      }
    });
  }
}

function isText(value: RecordedValue): value is string {
  return typeof value === 'string';
}

function textOf(value: TemplateValue | undefined): string {
  if (isScalar(value)) return String(value);
  return isList<TemplateValue>(value) ? value.map(textOf).join(',') : '';
}
