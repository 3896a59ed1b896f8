import { NotImplementedError, ServiceError } from '../../protocol/errors';
import type { CallContext, Handlers } from '../../protocol/handlers';
import { acceptOnly } from '../accepted-parameters';
import { Constraints } from '../constraints';
import { pageOf, sortedBy } from '../page';
import { matches } from './filters';
import type { Parameter, ParameterVersion } from './parameter';
import { parseReference } from './parameter-name';
import { type ParameterStore, parameterNotFound } from './parameter-store';

type Ssm = typeof import('@aws-sdk/client-ssm');

/** The operations of Parameter Store. */
export function parameterOperations(
  storeOf: (context: CallContext) => ParameterStore,
): Handlers<Ssm> {
  function authorize(context: CallContext, name: string): void {
    context.authorize(`ssm:${context.operation}`, storeOf(context).arn(parseReference(name).name));
  }

  /** A parameter as the Get operations show it. */
  function shown(
    context: CallContext,
    parameter: Parameter,
    version: ParameterVersion,
    decrypt: boolean | undefined,
  ) {
    const secret = version.type === 'SecureString' && decrypt;
    return {
      Name: parameter.name,
      Type: version.type,
      Value: secret ? storeOf(context).decrypt(parameter, version, context.caller) : version.value,
      Version: version.version,
      LastModifiedDate: new Date(version.modifiedAt),
      ARN: parameter.arn,
      DataType: version.dataType,
    };
  }

  return {
    PutParameter(input, context) {
      acceptOnly('ssm.PutParameter', input, [
        'Name',
        'Description',
        'Value',
        'Type',
        'KeyId',
        'Overwrite',
        'AllowedPattern',
        'Tags',
        'Tier',
        'DataType',
      ]);
      authorize(context, input.Name);
      if (input.DataType !== undefined && input.DataType !== 'text')
        throw new NotImplementedError(`DataType ${input.DataType} of ssm.PutParameter`);
      new Constraints('ValidationException')
        .oneOf('type', input.Type, ['String', 'StringList', 'SecureString'])
        .oneOf('tier', input.Tier, ['Standard', 'Advanced', 'Intelligent-Tiering'])
        .check();
      if (input.Overwrite && input.Tags)
        throw new ServiceError(
          'ValidationException',
          "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or RemoveTagsFromResource.",
        );
      const store = storeOf(context);
      const put = store.put(
        input.Name,
        {
          value: input.Value,
          type: input.Type,
          description: input.Description,
          keyId: input.KeyId,
          allowedPattern: input.AllowedPattern,
          tier: input.Tier,
          overwrite: input.Overwrite,
        },
        context.caller,
      );
      for (const tag of input.Tags ?? []) store.get(input.Name).tags.set(tag.Key, tag.Value);
      return { Version: put.version, Tier: put.tier };
    },

    GetParameter(input, context) {
      acceptOnly('ssm.GetParameter', input, ['Name', 'WithDecryption']);
      authorize(context, input.Name);
      const { parameter, version, selector } = storeOf(context).resolve(input.Name);
      const details = shown(context, parameter, version, input.WithDecryption);
      return { Parameter: { ...details, Selector: selector } };
    },

    GetParameters(input, context) {
      acceptOnly('ssm.GetParameters', input, ['Names', 'WithDecryption']);
      new Constraints('ValidationException').length('names', input.Names, 1, 10).check();
      for (const name of input.Names) authorize(context, name);
      const found = [];
      const invalid: string[] = [];
      for (const name of new Set(input.Names)) {
        const resolved = resolveOrNothing(storeOf(context), name);
        if (!resolved) {
          invalid.push(name);
          continue;
        }
        const { parameter, version, selector } = resolved;
        const details = shown(context, parameter, version, input.WithDecryption);
        found.push({ ...details, Selector: selector });
      }
      return { Parameters: found, InvalidParameters: invalid };
    },

    GetParametersByPath(input, context) {
      authorize(context, input.Path);
      new Constraints('ValidationException').range('maxResults', input.MaxResults, 1, 10).check();
      if (!input.Path.startsWith('/'))
        throw new ServiceError(
          'ValidationException',
          'The parameter doesn\'t meet the parameter name requirements. The parameter name must begin with a forward slash "/". It can\'t be prefixed with "aws" or "ssm" (case-insensitive).',
        );
      const store = storeOf(context);
      const filters = input.ParameterFilters ?? [];
      const under = store
        .under(input.Path, input.Recursive ?? false)
        .filter((parameter) => filters.every((filter) => matches(parameter, filter)));
      const page = parameterPage(under, input, 10);
      return {
        Parameters: page.items.map((parameter) =>
          shown(context, parameter, parameter.latest, input.WithDecryption),
        ),
        NextToken: page.nextToken,
      };
    },

    GetParameterHistory(input, context) {
      authorize(context, input.Name);
      new Constraints('ValidationException').range('maxResults', input.MaxResults, 1, 50).check();
      const parameter = storeOf(context).get(input.Name);
      const page = pageOf(
        parameter.versions,
        (version) => String(version.version).padStart(12, '0'),
        input.MaxResults ?? 50,
        input.NextToken,
        invalidToken,
      );
      return {
        Parameters: page.items.map((version) => {
          const { Version, Value } = shown(context, parameter, version, input.WithDecryption);
          return { ...metadata(parameter, version), Version, Value, Labels: [] };
        }),
        NextToken: page.nextToken,
      };
    },

    DescribeParameters(input, context) {
      acceptOnly('ssm.DescribeParameters', input, ['ParameterFilters', 'MaxResults', 'NextToken']);
      const store = storeOf(context);
      context.authorize('ssm:DescribeParameters', '*');
      new Constraints('ValidationException').range('maxResults', input.MaxResults, 1, 50).check();
      const filters = input.ParameterFilters ?? [];
      const found = store
        .all()
        .filter((parameter) => filters.every((filter) => matches(parameter, filter)));
      const page = parameterPage(found, input, 50);
      return {
        Parameters: page.items.map((parameter) => ({
          ...metadata(parameter, parameter.latest),
          ARN: parameter.arn,
        })),
        NextToken: page.nextToken,
      };
    },

    DeleteParameter(input, context) {
      authorize(context, input.Name);
      if (!storeOf(context).delete(input.Name)) throw parameterNotFound(input.Name);
      return {};
    },

    DeleteParameters(input, context) {
      new Constraints('ValidationException').length('names', input.Names, 1, 10).check();
      for (const name of input.Names) authorize(context, name);
      const deleted: string[] = [];
      const invalid: string[] = [];
      for (const name of input.Names)
        (storeOf(context).delete(name) ? deleted : invalid).push(name);
      return { DeletedParameters: deleted, InvalidParameters: invalid };
    },

    AddTagsToResource(input, context) {
      const { tags } = tagged(storeOf, context, input);
      for (const tag of input.Tags) tags.set(tag.Key, tag.Value);
      return {};
    },

    RemoveTagsFromResource(input, context) {
      const { tags } = tagged(storeOf, context, input);
      for (const key of input.TagKeys) tags.delete(key);
      return {};
    },

    ListTagsForResource(input, context) {
      const { tags } = tagged(storeOf, context, input);
      return { TagList: [...tags].map(([Key, Value]) => ({ Key, Value })) };
    },
  };
}

function tagged(
  storeOf: (context: CallContext) => ParameterStore,
  context: CallContext,
  { ResourceType: type, ResourceId: id }: { ResourceType: string; ResourceId: string },
): Parameter {
  if (type !== 'Parameter')
    throw new NotImplementedError(`ResourceType ${type} of ssm.${context.operation}`);
  const store = storeOf(context);
  context.authorize(`ssm:${context.operation}`, store.arn(id));
  const parameter = store.all().find((candidate) => candidate.name === id);
  if (!parameter)
    throw new ServiceError('InvalidResourceId', `The resource ID ${id} is not valid.`);
  return parameter;
}

function metadata(parameter: Parameter, version: ParameterVersion) {
  return {
    Name: parameter.name,
    Type: version.type,
    KeyId: version.keyId,
    LastModifiedDate: new Date(version.modifiedAt),
    LastModifiedUser: version.modifiedBy,
    Description: version.description,
    AllowedPattern: version.allowedPattern,
    Version: version.version,
    Tier: version.tier,
    Policies: [],
    DataType: version.dataType,
  };
}

/** GetParameters reports what it does not find, and fails for what the emulator does not have. */
function resolveOrNothing(store: ParameterStore, name: string) {
  try {
    return store.resolve(name);
  } catch (error) {
    const missing = ['ParameterNotFound', 'ParameterVersionNotFound'];
    if (error instanceof ServiceError && missing.includes(error.code)) return undefined;
    throw error;
  }
}

function parameterPage(
  parameters: readonly Parameter[],
  input: { MaxResults?: number | undefined; NextToken?: string | undefined },
  defaultSize: number,
) {
  const name = (parameter: Parameter) => parameter.name;
  return pageOf(
    sortedBy(parameters, name),
    name,
    input.MaxResults ?? defaultSize,
    input.NextToken,
    invalidToken,
  );
}

function invalidToken(): ServiceError {
  return new ServiceError('InvalidNextToken', 'The specified token is not valid.');
}
