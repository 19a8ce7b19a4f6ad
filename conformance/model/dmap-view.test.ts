import { expect, it } from 'vitest';
import { believedFlags, ClientView } from './dmap-view.js';

it('follows what it is told', () => {
  const view = new ClientView(2);
  expect(view.take({ kind: 'fetch', number: 2, items: [{ item: 'UID', uid: 7 }] })).toBeNull();
  expect(view.take({ kind: 'expunge', number: 1 })).toBeNull();
  expect(view.placeOf(7)).toBe(1);
  expect(view.take({ kind: 'exists', count: 3 })).toBeNull();
  expect(view.messages).toHaveLength(3);
});

it('says what a right server would not have told', () => {
  const view = new ClientView(2);
  expect(view.take({ kind: 'exists', count: 1 })?.requirement).toBe('DMAP-139');
  expect(view.take({ kind: 'expunge', number: 3 })?.requirement).toBe('DMAP-066');
  expect(view.take({ kind: 'fetch', number: 3, items: [] })?.requirement).toBe('DMAP-392');
});

it('compares flags by their names alone', () => {
  expect(believedFlags(['\\Seen', '\\FLAGGED', '\\seen', '\\Recent'])).toBe('\\flagged \\seen');
});
