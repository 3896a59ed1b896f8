import { NotImplementedError } from '../../protocol/errors';
import { acceptOnly } from '../accepted-parameters';
import { invalid } from './errors';

/** Where a request is redirected; parts may name those of the request, such as `#{path}`. */
export interface Redirect {
  readonly protocol: string;
  readonly host: string;
  readonly port: string;
  readonly path: string;
  readonly query: string;
  readonly status: 301 | 302;
}

/** What is done with a request. */
export type Action =
  | { readonly kind: 'forward'; readonly targetGroupArn: string }
  | {
      readonly kind: 'fixed-response';
      readonly status: number;
      readonly contentType: string | undefined;
      readonly body: string | undefined;
    }
  | ({ readonly kind: 'redirect' } & Redirect);

/** An action as calls and templates give it; members besides are refused. */
export interface GivenAction {
  readonly Type: string | undefined;
  readonly Order?: number;
  readonly TargetGroupArn?: string;
  readonly ForwardConfig?: {
    readonly TargetGroups?: readonly { readonly TargetGroupArn?: string }[];
    readonly TargetGroupStickinessConfig?: { readonly Enabled?: boolean };
  };
  readonly FixedResponseConfig?: {
    readonly StatusCode?: string;
    readonly ContentType?: string;
    readonly MessageBody?: string;
  };
  readonly RedirectConfig?: {
    readonly Protocol?: string;
    readonly Host?: string;
    readonly Port?: string;
    readonly Path?: string;
    readonly Query?: string;
    readonly StatusCode?: string;
  };
}

/**
 * Reads the one action of a rule.
 *
 * @throws NotImplementedError for authentication and for weights; ServiceError
 */
export function actionOf(input: readonly GivenAction[]): Action {
  const [action, ...more] = input;
  if (!action) throw invalid('An action must be specified');
  if (more.length > 0) throw new NotImplementedError('more than one action of a rule');
  acceptOnly('an action of a rule', action, [
    'FixedResponseConfig',
    'ForwardConfig',
    'Order',
    'RedirectConfig',
    'TargetGroupArn',
    'Type',
  ]);
  switch (action.Type) {
    case 'forward':
      return { kind: 'forward', targetGroupArn: forwardedTo(action) };
    case 'fixed-response': {
      const { StatusCode, ContentType, MessageBody } = action.FixedResponseConfig ?? {};
      if (StatusCode === undefined || !/^[245]\d\d$/.test(StatusCode))
        throw invalid(
          `The status code '${StatusCode}' of a fixed response must be 2XX, 4XX or 5XX`,
        );
      const status = Number(StatusCode);
      return { kind: 'fixed-response', status, contentType: ContentType, body: MessageBody };
    }
    case 'redirect': {
      const { StatusCode, ...parts } = action.RedirectConfig ?? {};
      return {
        kind: 'redirect',
        protocol: parts.Protocol ?? '#{protocol}',
        host: parts.Host ?? '#{host}',
        port: parts.Port ?? '#{port}',
        path: parts.Path ?? '/#{path}',
        query: parts.Query ?? '#{query}',
        status: StatusCode === 'HTTP_302' ? 302 : 301,
      };
    }
    default:
      throw new NotImplementedError(`actions of type ${action.Type}`);
  }
}

export function describeAction(action: Action) {
  switch (action.kind) {
    case 'forward':
      return {
        Type: 'forward' as const,
        TargetGroupArn: action.targetGroupArn,
        ForwardConfig: {
          TargetGroups: [{ TargetGroupArn: action.targetGroupArn, Weight: 1 }],
          TargetGroupStickinessConfig: { Enabled: false },
        },
      };
    case 'fixed-response':
      return {
        Type: 'fixed-response' as const,
        FixedResponseConfig: {
          StatusCode: String(action.status),
          ContentType: action.contentType,
          MessageBody: action.body,
        },
      };
    case 'redirect':
      return {
        Type: 'redirect' as const,
        RedirectConfig: {
          Protocol: action.protocol,
          Host: action.host,
          Port: action.port,
          Path: action.path,
          Query: action.query,
          StatusCode: action.status === 302 ? ('HTTP_302' as const) : ('HTTP_301' as const),
        },
      };
  }
}

function forwardedTo(action: GivenAction): string {
  const groups = action.ForwardConfig?.TargetGroups ?? [];
  if (groups.length > 1) throw new NotImplementedError('weighted target groups');
  if (action.ForwardConfig?.TargetGroupStickinessConfig?.Enabled)
    throw new NotImplementedError('TargetGroupStickinessConfig of a forward action');
  const arn = action.TargetGroupArn ?? groups[0]?.TargetGroupArn;
  if (arn === undefined) throw invalid('A target group ARN must be specified');
  return arn;
}
