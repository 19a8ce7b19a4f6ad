/** How a fault bends one operation of the reference adapter: its text on the way in, or its answer on the way out. */
import { type Operation, OperationRefusal, type Operations } from '../target/adapter/serve.js';

export type Bend = (inner: Operations) => Operations;

/** Replaces one operation by what `change` makes of it; the others stay. */
export function bend(name: string, change: (operation: Operation) => Operation): Bend {
  return (inner) => {
    const operation = inner[name];
    if (operation === undefined) throw new Error(`the reference has no operation ${name} that a fault could bend`);
    return { ...inner, [name]: change(operation) };
  };
}

/** The operation sees another text than it was given, in the member of that name. */
export function bendInput(name: string, member: string, change: (text: string) => string): Bend {
  return bend(name, (operation) => (input) => {
    const text = input[member];
    return operation(typeof text === 'string' ? { ...input, [member]: change(text) } : input);
  });
}

/** The operation refuses texts that it should take. */
export function refuse(name: string, member: string, when: (text: string) => boolean): Bend {
  return bendInput(name, member, (text) => {
    if (when(text)) throw new OperationRefusal('refused by a seeded fault');
    return text;
  });
}

/** The operation answers something else; `input` is what it was given. */
export function bendResult(
  name: string,
  change: (result: Record<string, unknown>, input: Readonly<Record<string, unknown>>) => Record<string, unknown>,
): Bend {
  return bend(name, (operation) => async (input) => change(await operation(input), input));
}
