/** Rows of a store file, read with their types: what SQLite gives may be anything when the file is damaged. */
import type { SQLiteValue } from 'node-sqlite3-wasm';

export type StoreValue = SQLiteValue;
/** A sign of damage, since the tables say what their columns hold. */
export class WrongColumn extends Error {
  override readonly name = 'WrongColumn';
}

export type StoreRow = Readonly<Record<string, unknown>>;

/** @throws WrongColumn */
export function numberIn(row: StoreRow, column: string): number {
  const value = row[column];
  if (typeof value !== 'number') throw wrong(column, 'number');
  return value;
}

/** @throws WrongColumn */
export function bigintIn(row: StoreRow, column: string): bigint {
  const value = row[column];
  if (typeof value !== 'number' && typeof value !== 'bigint') throw wrong(column, 'integer');
  return BigInt(value);
}

/** @throws WrongColumn */
export function textIn(row: StoreRow, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw wrong(column, 'text');
  return value;
}

/** @throws WrongColumn */
export function octetsIn(row: StoreRow, column: string): Uint8Array {
  const value = row[column];
  if (!(value instanceof Uint8Array)) throw wrong(column, 'octets');
  return value;
}

function wrong(column: string, kind: string): WrongColumn {
  return new WrongColumn(`the column ${column} does not hold ${kind}`);
}
