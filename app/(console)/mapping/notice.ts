import { oneValue, type SearchParams } from '../address.ts'

/** What was just done, as the address carries it to the next page: a word and a key, never a sentence to be trusted. */
export interface Notice {
  readonly done: 'paired' | 'unpaired' | 'never'
  readonly erpKey: string
}

const DONE = ['paired', 'unpaired', 'never'] as const

export function afterwards(
  returnTo: string,
  done: Notice['done'],
  record: { readonly type: string; readonly erpKey: string },
): string {
  const [path, query] = returnTo.split('?')
  const search = new URLSearchParams(query)
  search.set('type', record.type)
  search.set('done', done)
  search.set('key', record.erpKey)
  return `${path}?${search}`
}

export function readNotice(params: SearchParams): Notice | null {
  const done = DONE.find((each) => each === oneValue(params, 'done'))
  const erpKey = oneValue(params, 'key')
  return done === undefined || erpKey === null || erpKey.includes('\u0000') ? null : { done, erpKey }
}
