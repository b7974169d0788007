import { expect, test } from 'vitest'
import { readRunSearch, recordsHref, tabHref } from '#app/(console)/sync/[run]/search-params.ts'

const RUN = '0190f3c1-0000-7000-8000-000000000001'

test('an address without parameters shows all records, 50 a page', () => {
  expect(readRunSearch({})).toEqual({
    tab: 'records',
    filter: { type: null, outcome: null, problem: null, text: null, group: null },
    size: 50,
    after: null,
    before: null,
    asksCancel: false,
    asksUndo: false,
    attached: false,
    ignored: [],
  })
})

test('what cannot be used is left out and named, and the rest of the address is used', () => {
  const search = readRunSearch({
    tab: 'secrets',
    type: 'widget',
    outcome: 'failed',
    problem: "CW-1' OR 1=1",
    size: '-3',
  })
  expect(search).toMatchObject({ tab: 'records', size: 50, filter: { type: null, outcome: 'failed', problem: null } })
  expect(search.ignored).toHaveLength(3)
  expect(search.ignored.join()).toContain('widget')
})

test('a filter survives in the links of the page, and a change of it starts at the first page again', () => {
  const search = readRunSearch({ type: 'project', outcome: 'failed', q: 'Town Hall', after: 'x', size: '100' })
  expect(recordsHref(RUN, search, { outcome: null })).toBe(`/sync/${RUN}?q=Town+Hall&size=100&type=project`)
  expect(recordsHref(RUN, search, { after: 'y' })).toBe(
    `/sync/${RUN}?after=y&outcome=failed&q=Town+Hall&size=100&type=project`,
  )
})

test('the first tab is the page itself', () => {
  expect(tabHref(RUN, 'records')).toBe(`/sync/${RUN}`)
  expect(tabHref(RUN, 'errors')).toBe(`/sync/${RUN}?tab=errors`)
})
