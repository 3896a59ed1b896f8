import { utf8 } from './bytes';
import { splitMembers } from './error-content';
import { type FormDialect, readForm } from './form';
import type { WireRequest, WireResponse } from './message';
import type { ServiceModel } from './service-model';
import type { Operation } from './shape';
import type { WireError, WireProtocol } from './wire-protocol';
import { escapeXml, writeMembers, type XmlStyle } from './xml';

const contentType = 'text/xml';

/** The protocols `awsQuery` and `ec2Query`: the operation in the form field `Action`, answers in XML. */
export class QueryRpcProtocol implements WireProtocol {
  private readonly style: XmlStyle;

  constructor(private readonly dialect: FormDialect) {
    this.style = { flatLists: dialect === 'ec2Query' };
  }

  decode(operation: Operation, request: WireRequest, service: ServiceModel): object {
    const form = formOf(request);
    // Older clients of SQS name the queue by the path that they post to.
    if (
      service.signingName === 'sqs' &&
      operation.input.members.has('QueueUrl') &&
      !form.has('QueueUrl') &&
      request.path.length > 1
    )
      form.set('QueueUrl', request.origin + request.path);
    return readForm(form, operation.input, this.dialect);
  }

  encode(
    operation: Operation,
    output: object,
    service: ServiceModel,
    requestId: string,
  ): WireResponse {
    const { name } = operation;
    const members =
      operation.output.kind === 'unit' ? '' : writeMembers(operation.output, output, this.style);
    const content =
      this.dialect === 'ec2Query'
        ? `<requestId>${requestId}</requestId>${members}`
        : (operation.output.kind === 'unit' ? '' : `<${name}Result>${members}</${name}Result>`) +
          `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>`;
    return {
      status: 200,
      headers: { 'x-amzn-requestid': requestId, 'content-type': contentType },
      body: `<?xml version="1.0"?><${name}Response xmlns="${service.xmlNamespace}">${content}</${name}Response>`,
    };
  }

  encodeError(error: WireError, service: ServiceModel, requestId: string): WireResponse {
    const { queryCode: code, queryMessage: message } = error;
    const detail = xmlErrorMembers({ ...error, message }, code, this.style);
    // SQS has an element more, always empty.
    const more = service.signingName === 'sqs' ? '<Detail/>' : '';
    const body =
      this.dialect === 'ec2Query'
        ? `<Response><Errors><Error>${detail}</Error></Errors><RequestID>${requestId}</RequestID></Response>`
        : `<ErrorResponse xmlns="${service.xmlNamespace}"><Error><Type>${error.fault}</Type>${detail}${more}</Error>` +
          `<RequestId>${requestId}</RequestId></ErrorResponse>`;
    return {
      status: error.status,
      headers: { 'x-amzn-requestid': requestId, 'content-type': contentType },
      body: `<?xml version="1.0"?>${body}`,
    };
  }
}

/** The fields of a request: those of the body, and those of the query string, as either may carry them. */
export function formOf(request: WireRequest): URLSearchParams {
  const form = new URLSearchParams(utf8(request.body));
  if (request.query)
    for (const [key, value] of new URLSearchParams(request.query)) form.set(key, value);
  return form;
}

/** Code, message and the error's own members as elements. */
export function xmlErrorMembers(error: WireError, code: string, style: XmlStyle): string {
  const { known, unknown } = splitMembers(error);
  const own = error.modelled ? writeMembers(error.modelled.shape, known, style) : '';
  const others = Object.entries(unknown)
    .map(([name, value]) => `<${name}>${escapeXml(String(value))}</${name}>`)
    .join('');
  return `<Code>${escapeXml(code)}</Code><Message>${escapeXml(error.message)}</Message>${own}${others}`;
}
