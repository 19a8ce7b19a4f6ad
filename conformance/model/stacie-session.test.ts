import { describe, expect, it } from 'vitest';
import { StacieSessionModel } from './stacie-session.js';

const right = { nonce: 0, token: 'right' } as const;

describe('the model of a STACIE server', () => {
  it('lets a nonce serve once, right or wrong', () => {
    const model = new StacieSessionModel();
    model.offered(false);
    expect(model.expect({ kind: 'authenticate', ...right }).answer).toEqual({ shards: [] });
    expect(model.expect({ kind: 'authenticate', ...right })).toEqual({ requirement: 'STACIE-183', answer: 'refused' });
    model.offered(false);
    expect(model.expect({ kind: 'fetch', nonce: 0, token: 'wrong' })).toMatchObject({ requirement: 'STACIE-186' });
    expect(model.expect({ kind: 'fetch', ...right })).toEqual({ requirement: 'STACIE-183', answer: 'refused' });
  });

  it('takes neither a nonce of somebody else nor one that was never given', () => {
    const model = new StacieSessionModel();
    expect(model.expect({ kind: 'authenticate', ...right }).answer).toBe('refused');
    model.offered(true);
    expect(model.expect({ kind: 'authenticate', ...right }).answer).toBe('refused');
  });

  it('counts the shards of each realm, and loses none in a change', () => {
    const model = new StacieSessionModel();
    for (const label of ['mail', 'keys', 'mail']) {
      model.offered(false);
      model.expect({ kind: 'add', label, ...right });
    }
    expect(model.shards.map(({ label, index }) => `${label} ${index}`)).toEqual(['mail 0', 'keys 0', 'mail 1']);
    model.offered(false);
    expect(model.expect({ kind: 'change', key: true, complete: false, ...right })).toEqual({
      requirement: 'STACIE-195',
      answer: 'refused',
    });
    model.offered(false);
    model.expect({ kind: 'change', key: true, complete: true, ...right });
    expect(model.shards.map(({ version }) => version)).toEqual([1, 1, 1]);
    model.offered(false);
    expect(model.expect({ kind: 'authenticate', nonce: 0, token: 'old' })).toEqual({
      requirement: 'STACIE-193',
      answer: 'refused',
    });
  });
});
