import type { CallContext, Handlers } from '../../protocol/handlers';
import { acceptOnly } from '../accepted-parameters';
import type { Regional } from '../service';
import type { MqApi } from './descriptions';
import { badRequest, notFound } from './errors';
import type { MqRegion } from './mq-region';

const maximumTags = 50;

/** Tags of brokers and configurations. */
export function tagOperations(regions: Regional<MqRegion>) {
  const tagsOf = (context: CallContext, arn: string): Map<string, string> => {
    context.authorize(`mq:${context.operation}`, arn);
    const [, , service, region = '', account = ''] = arn.split(':');
    const found = service === 'mq' ? regions.in(account, region).findByArn(arn) : undefined;
    if (!found) throw notFound(`Can't find requested resource [${arn}].`, 'resource-arn');
    return found.tags;
  };
  return {
    CreateTags(input, context) {
      acceptOnly('CreateTags', input, ['ResourceArn', 'Tags']);
      const tags = tagsOf(context, input.ResourceArn);
      const added = input.Tags ?? {};
      checkTags(added);
      if (new Set([...tags.keys(), ...Object.keys(added)]).size > maximumTags)
        throw badRequest(`A resource cannot have more than ${maximumTags} tags.`, 'tags');
      for (const [key, value] of Object.entries(added)) tags.set(key, value);
      return {};
    },

    DeleteTags(input, context) {
      acceptOnly('DeleteTags', input, ['ResourceArn', 'TagKeys']);
      const tags = tagsOf(context, input.ResourceArn);
      for (const key of input.TagKeys) tags.delete(key);
      return {};
    },

    ListTags(input, context) {
      acceptOnly('ListTags', input, ['ResourceArn']);
      return { Tags: Object.fromEntries(tagsOf(context, input.ResourceArn)) };
    },
  } satisfies Handlers<MqApi>;
}

function checkTags(tags: Readonly<Record<string, string>>): void {
  for (const [key, value] of Object.entries(tags)) {
    if (key.length < 1 || key.length > 128 || key.toLowerCase().startsWith('aws:'))
      throw badRequest(`Tag key [${key}] is invalid.`, 'tags');
    if (value.length > 256) throw badRequest(`The value of tag [${key}] is invalid.`, 'tags');
  }
}
