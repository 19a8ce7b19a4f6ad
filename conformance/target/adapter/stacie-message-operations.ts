/** stacie.message.parse, on the reference codec of STACIE messages. */
import {
  formatStacieMessage,
  kindNamed,
  parseStacieMessage,
  StacieMessageError,
} from '../../../reference/formats/stacie/messages/index.js';
import { type ImmediateOperation, OperationRefusal, OperationUnsupported } from './serve.js';

export const stacieMessageOperations: Readonly<Record<'stacie.message.parse', ImmediateOperation>> = {
  'stacie.message.parse': (input) => {
    const { revision, message, text } = input as {
      readonly revision: '00' | '03';
      readonly message: string;
      readonly text: string;
    };
    const kind = kindNamed(message, revision);
    if (kind === undefined) {
      throw new OperationUnsupported(`no message ${JSON.stringify(message)} in revision ${revision}`);
    }
    try {
      const normal = formatStacieMessage(kind, revision, parseStacieMessage(kind, revision, text));
      return { value: JSON.parse(normal) as Record<string, unknown> };
    } catch (error) {
      if (!(error instanceof StacieMessageError)) throw error;
      const { requirement = error.interpretation, offset } = error;
      throw new OperationRefusal(error.message, { requirement, offset });
    }
  },
};
