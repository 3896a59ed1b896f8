import type { RecordedType, RecordedValue } from './recorded-types';
import type { ResourceSchema } from './resource-schemas';

/**
 * A type as it is recorded where nothing but its published schema is known: its identifier, its ARN and its
 * attributes are made up after their names. Attributes that are objects are left out, so that `Fn::GetAtt` of
 * one is refused.
 */
export function publishedType(type: string, schema: ResourceSchema): RecordedType {
  const [, namespace = '', name = ''] = type.split('::');
  const maker = new ValueMaker(schema, namespace.toLowerCase(), name);
  // A placeholder can only refer to what comes before it: parts of ARNs before ARNs.
  const names = [...maker.namedByService(), ...schema.attributes];
  const ordered = [...names.filter((one) => !isArn(one)), ...names.filter(isArn)];
  const values: Record<string, RecordedValue> = {};
  for (const one of ordered) {
    const value = maker.value(one);
    if (value !== undefined) values[one] = value;
  }
  if (!schema.ref.every((part) => part in values || part in schema.properties)) {
    return { type, values: { ...values, Ref: '{name}' } };
  }
  return { type, values: schema.ref.length > 0 ? values : { ...values, Ref: '{name}' } };
}

/** What a value of that name looks like: the first pattern that fits decides. */
const looks: readonly (readonly [RegExp, string])[] = [
  [/^(.*AccountId|Owner(Id)?|AccountID)$/, '{account}'],
  [/(Url|URL|Uri|URI|ApiEndpoint)$/, 'https://{hex}.{service}.{region}.amazonaws.com'],
  [
    /(Endpoint|Address|DomainName|DNSName|DnsName|Hostname)$/,
    '{hex}.{service}.{region}.amazonaws.com',
  ],
  [/Dns$/, '{hex}.{service}.{region}.amazonaws.com'],
  [/(Ip|IpAddress|IP)$/, '198.51.100.{byte}'],
  [/Port$/, '443'],
  [/(Status|State)$/, 'ACTIVE'],
  [/(Version|VersionNumber|Revision)$/, '1'],
  [/(At|Time|Date|Timestamp)$/, '{time}'],
  [/AvailabilityZone$/, '{region}a'],
  [/Region$/, '{region}'],
  [/Name$/, '{name}'],
];

class ValueMaker {
  constructor(
    private readonly schema: ResourceSchema,
    private readonly service: string,
    private readonly typeName: string,
  ) {}

  /** Properties that the service fills in if the template does not: those that identifier and ARN are made of. */
  namedByService(): string[] {
    const { properties, ref } = this.schema;
    const parts = this.arnVariables().map((variable) => this.arnPart(variable));
    const needed = [...ref, ...parts, this.nameProperty() ?? ''];
    return [...new Set(needed)].filter((name) => /^\(*s/.test(properties[name] ?? ''));
  }

  value(name: string): RecordedValue | undefined {
    const type = this.schema.attributeTypes?.[name] ?? 's';
    if (type.startsWith('[')) {
      const item = this.scalar(name.replace(/s$/, ''), type.slice(1));
      return item === undefined ? undefined : [item];
    }
    return this.scalar(name, type);
  }

  private scalar(name: string, type: string): string | undefined {
    switch (type) {
      case 's':
        return this.text(name);
      case 'n':
      case 'i':
        return '1';
      case 'b':
        return 'false';
      default:
        return undefined;
    }
  }

  private text(name: string): string {
    const last = name.slice(name.lastIndexOf('.') + 1);
    if (isArn(last)) return this.arn(last);
    const property = this.nameProperty();
    if (this.names.includes(name) && property !== undefined && property !== name) {
      return `{${property}}`;
    }
    const look = looks.find(([pattern]) => pattern.test(last))?.[1];
    if (look !== undefined) return look.replace('{service}', this.service);
    const stem = /^(.*?)(Id|ID|Identifier|Uid)$/.exec(last)?.[1];
    return stem === undefined ? '{logicalId}-{hex}' : `${kebab(stem || this.typeName)}-{hex}`;
  }

  private arn(name: string): string {
    const { arn } = this.schema;
    const own = /^(Arn|ARN)$/.test(name) || this.schema.ref.includes(name);
    if (!own || arn === undefined) {
      const what = own ? this.typeName : name.replace(/(Arn|ARN)$/, '');
      return `arn:aws:${this.service}:{region}:{account}:${kebab(what)}/{hex}`;
    }
    return arn.replace(/\$\{(\w+)\}/g, (_match, variable: string) => {
      const scoped = { Partition: 'aws', Region: '{region}', Account: '{account}' }[variable];
      return scoped ?? `{${this.arnPart(variable)}}`;
    });
  }

  /** What the type calls its resources' names: `Name`, or the type's own with it. */
  private get names(): string[] {
    return [`${this.typeName}Name`, 'Name'];
  }

  /** The property that sets it. */
  private nameProperty(): string | undefined {
    return this.names.find((one) => one in this.schema.properties);
  }

  private arnVariables(): string[] {
    const variables = [...(this.schema.arn ?? '').matchAll(/\$\{(\w+)\}/g)].map(
      ([, one = '']) => one,
    );
    return variables.filter((one) => !['Partition', 'Region', 'Account'].includes(one));
  }

  /** The property or attribute that an ARN's variable stands for: often, but not always, of the same name. */
  private arnPart(variable: string): string {
    const { attributes, properties, ref } = this.schema;
    const known = [...Object.keys(properties), ...attributes].filter((one) => !isArn(one));
    const same = known.find((one) => one.toLowerCase() === variable.toLowerCase());
    const [identifier = 'hex'] = ref.filter((one) => known.includes(one));
    const named = this.names.find((one) => known.includes(one));
    return same ?? named ?? identifier;
  }
}

function isArn(name: string): boolean {
  return /(Arn|ARN)$/.test(name);
}

function kebab(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase();
}
