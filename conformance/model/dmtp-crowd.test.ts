import { describe, expect, it } from 'vitest';
import { CrowdModel, type FinalAnswer } from './dmtp-crowd.js';

const answer = (letter: string, code: number, text: string, fate: FinalAnswer['fate'] = 'stored'): FinalAnswer => ({
  letter,
  fate,
  code,
  text,
});
const requirementOf = (model: CrowdModel, ...answers: FinalAnswer[]): string | undefined =>
  model.learn(answers)?.requirement;

describe('the model of several clients', () => {
  it('wants another id for each message, whoever sends it', () => {
    const model = new CrowdModel(false);
    expect(model.learn([answer('a', 250, 'OK [1]'), answer('a', 250, 'OK [2]')])).toBeNull();
    expect(requirementOf(model, answer('b', 250, 'OK [2]'))).toBe('DMTP-105');
    expect(requirementOf(model, answer('b', 250, 'OK'))).toBe('DMTP-055');
    expect(requirementOf(model, answer('b', 451, 'BUSY'))).toBe('DMTP-055');
  });

  it('knows what a message that is wrong gets', () => {
    const model = new CrowdModel(false);
    expect(model.learn([answer('a', 554, 'INVALID', 'damaged')])).toBeNull();
    expect(requirementOf(model, answer('a', 250, 'OK [1]', 'damaged'))).toBe('DMTP-101');
    expect(requirementOf(model, answer('a', 551, 'ELSEWHERE', 'unknown recipient'))).toBe('DMTP-102');
  });

  it('lets one of those who send the same message at once be first, in numbered-codes', () => {
    const [first, later] = [answer('a', 254, 'ACCEPTED=x'), answer('a', 255, 'DUPLICATE=x')];
    expect(new CrowdModel(true).learn([later, first, later])).toBeNull();
    expect(requirementOf(new CrowdModel(true), first, first)).toBe('DMTP-020');
    expect(requirementOf(new CrowdModel(true), later)).toBe('DMTP-020');
    expect(requirementOf(new CrowdModel(true), first, answer('a', 255, 'DUPLICATE=y'))).toBe('DMTP-020');
    expect(requirementOf(new CrowdModel(true), first, answer('b', 254, 'ACCEPTED=x'))).toBe('DMTP-105');
  });
});
