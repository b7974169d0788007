import { oneValue, type SearchParams } from '../address.ts'

const DONE = [
  'paired',
  'restored',
  'create-again',
  'unpaired',
  'never',
  'allowed',
  'decided',
  'pinned',
  'unpinned',
] as const

/** What was just done, as the address carries it to the next page: a word and a key, never a sentence to be trusted. */
export interface Notice {
  readonly done: (typeof DONE)[number]
  readonly erpKey: string
  /** Of a decision or a pin: the CRM field name. */
  readonly field: string | null
  /** Of *never match*: the CRM record that was meant. */
  readonly crmId: string | null
}

export function afterwards(
  returnTo: string,
  done: Notice['done'],
  record: { readonly type: string; readonly erpKey: string; readonly field?: string; readonly crmId?: string },
): string {
  const [path = '', query] = returnTo.split('?')
  const search = new URLSearchParams(query)
  // The page of a record has its type in its path.
  if (!path.startsWith('/records/')) search.set('type', record.type)
  search.set('done', done)
  search.set('key', record.erpKey)
  for (const name of ['field', 'crmId'] as const) {
    const value = record[name]
    if (value === undefined) search.delete(name)
    else search.set(name, value)
  }
  return `${path}?${search}`
}

export function readNotice(params: SearchParams): Notice | null {
  const done = DONE.find((each) => each === oneValue(params, 'done'))
  const erpKey = oneValue(params, 'key')
  if (done === undefined || erpKey === null || erpKey.length > 255 || erpKey.includes('\u0000')) return null
  return { done, erpKey, field: oneValue(params, 'field'), crmId: oneValue(params, 'crmId') }
}
