/** How faults about SUBMIT bend a DMAP server, over what all faults of DMAP have. */
import type { ReferenceHooks } from '../target/embedded.js';
import { bendDmap } from './dmap-bending.js';

export const submit = / SUBMIT /i;
export const pending = '\\SubmitPending';
export const submitted = '\\Submitted';

/** When SUBMIT was answered with a code, the session reads another command, and nobody hears the answer. */
export function afterCode(code: string, command: (line: string) => string): ReferenceHooks {
  return bendDmap(() => ({
    line: (line, ask) => {
      const answer = ask(line);
      if (submit.test(line) && answer.includes(`[${code}]`)) ask(command(line));
      return answer;
    },
    response: (response) => (response.startsWith('zz ') ? '' : response),
  }));
}
