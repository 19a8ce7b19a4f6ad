/** armor.decode and armor.encode, on the reference codec of armor. */
import { ArmorError, decodeArmor, encodeArmor } from '../../../reference/formats/armor.js';
import { fromBase64url, toBase64url } from './binary.js';
import { type ImmediateOperation, OperationRefusal } from './serve.js';

export const armorOperations: Readonly<Record<'armor.decode' | 'armor.encode', ImmediateOperation>> = {
  'armor.decode': (input) => {
    const { label, data } = refusingArmor(() => decodeArmor(input.text as string));
    return { label, data: toBase64url(data) };
  },
  'armor.encode': (input) => ({
    text: refusingArmor(() => encodeArmor(input.label as string, fromBase64url(input.data as string))),
  }),
};

/** @throws OperationRefusal for what the codec refuses */
export function refusingArmor<Value>(work: () => Value): Value {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof ArmorError)) throw error;
    const { message, requirement, offset } = error;
    throw new OperationRefusal(message, { requirement, offset });
  }
}
