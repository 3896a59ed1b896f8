import type { PropertyReader } from '../../../cloudformation/provider';
import { NotImplementedError } from '../../../protocol/errors';
import type { GivenAction } from '../actions';
import type { GivenCondition } from '../rule-conditions';

/** Actions as a template has them: with the names of the API. */
export function givenActions(properties: PropertyReader, name: string): GivenAction[] {
  return (properties.objects(name) ?? []).map((action) => {
    only(action, 'an action of a rule', [
      'FixedResponseConfig',
      'ForwardConfig',
      'Order',
      'RedirectConfig',
      'TargetGroupArn',
      'Type',
    ]);
    const fixed = action.object('FixedResponseConfig');
    const forward = action.object('ForwardConfig');
    const redirect = action.object('RedirectConfig');
    return {
      Type: action.string('Type'),
      TargetGroupArn: action.string('TargetGroupArn'),
      FixedResponseConfig: fixed && {
        StatusCode: fixed.string('StatusCode'),
        ContentType: fixed.string('ContentType'),
        MessageBody: fixed.string('MessageBody'),
      },
      ForwardConfig: forward && {
        TargetGroups: forward
          .objects('TargetGroups')
          ?.map((group) => ({ TargetGroupArn: group.string('TargetGroupArn') })),
        TargetGroupStickinessConfig: {
          Enabled: forward.object('TargetGroupStickinessConfig')?.boolean('Enabled'),
        },
      },
      RedirectConfig: redirect && {
        Protocol: redirect.string('Protocol'),
        Host: redirect.string('Host'),
        Port: redirect.string('Port'),
        Path: redirect.string('Path'),
        Query: redirect.string('Query'),
        StatusCode: redirect.string('StatusCode'),
      },
    };
  });
}

/** Conditions as a template has them. */
export function givenConditions(properties: PropertyReader): GivenCondition[] {
  return (properties.objects('Conditions') ?? []).map((condition) => {
    only(condition, 'a condition of a rule', [
      'Field',
      'HostHeaderConfig',
      'PathPatternConfig',
      'Values',
    ]);
    const hosts = condition.object('HostHeaderConfig');
    const paths = condition.object('PathPatternConfig');
    return {
      Field: condition.string('Field'),
      Values: condition.strings('Values'),
      HostHeaderConfig: hosts && { Values: hosts.strings('Values') },
      PathPatternConfig: paths && { Values: paths.strings('Values') },
    };
  });
}

function only(properties: PropertyReader, what: string, names: readonly string[]): void {
  const other = properties.keys().find((key) => !names.includes(key));
  if (other !== undefined) throw new NotImplementedError(`parameter ${other} of ${what}`);
}
