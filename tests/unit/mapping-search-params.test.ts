import { describe, expect, it } from 'vitest'
import { defaultFieldMap } from '#lib/default-field-map'
import { toParams } from '../../app/(console)/address.ts'
import { comparedFields } from '../../app/(console)/mapping/compared-fields.ts'
import { afterwards, readNotice } from '../../app/(console)/mapping/notice.ts'
import { pairSchema, unpairSchema } from '../../app/(console)/mapping/schema.ts'
import { mappingHref, readMappingSearch } from '../../app/(console)/mapping/search-params.ts'

const params = (query: string) => toParams(new URLSearchParams(query))
const read = (query: string) => readMappingSearch(params(query))

describe('the address of the mapping table', () => {
  it('without parameters shows projects by name', () => {
    const search = read('')
    expect(search.filter).toEqual({ type: 'project', statuses: [], text: null })
    expect(search.order).toEqual({ column: 'erpName', direction: 'asc' })
    expect(search.ignored).toEqual([])
  })

  it('reads type, statuses, search and order', () => {
    const search = read('type=client&status=active&status=removed&q=mill&sort=-lastSyncedAt&size=200')
    expect(search.filter).toEqual({ type: 'client', statuses: ['active', 'removed'], text: 'mill' })
    expect(search.order).toEqual({ column: 'lastSyncedAt', direction: 'desc' })
    expect(search.size).toBe(200)
  })

  it('takes “review” for everything that waits for a person', () => {
    expect(read('status=review').filter.statuses).toEqual(['conflict', 'ambiguous', 'suggested', 'no_match'])
    expect(read('status=all').filter.statuses).toEqual([])
  })

  it('leaves out what cannot be used and names it', () => {
    const search = read('type=widget&status=lost&status=active&sort=colour&q=%00&size=1000000')
    expect(search.filter).toEqual({ type: 'project', statuses: ['active'], text: null })
    expect(search.order.column).toBe('erpName')
    expect(search.size).toBe(50)
    expect(search.ignored).toEqual(['type “widget”', 'search “”', 'status “lost”', 'sort “colour”'])
  })

  it('reads its own links back as the same filter and order', () => {
    for (const query of ['type=contact&status=review&q=a%26b&sort=-crmId&size=25', 'status=no_match', '']) {
      const search = read(query)
      const again = read(mappingHref(search.query).split('?')[1] ?? '')
      expect([again.filter, again.order, again.size]).toEqual([search.filter, search.order, search.size])
    }
  })
})

describe('the forms of pairing', () => {
  const fields = { type: 'project', erpKey: '1', crmId: 'P' }

  it('lead back to a page of the mapping screen and nowhere else', () => {
    const back = (returnTo: string) => pairSchema.parse({ ...fields, returnTo }).returnTo
    for (const own of ['/mapping', '/mapping?type=client&q=a', '/mapping/pair?type=project&key=1']) {
      expect(back(own)).toBe(own)
    }
    const foreign = [
      'https://evil.example',
      '//evil.example',
      '/mapping.evil.example',
      '/mapping\\@evil',
      '/log',
      '',
      'x',
    ]
    for (const other of foreign) expect(back(other)).toBe('/mapping')
  })

  it('refuse fields that are missing, unknown or impossible', () => {
    for (const form of [
      { type: 'project', erpKey: '1' },
      { ...fields, role: 'admin' },
      { ...fields, type: 'widget' },
    ]) {
      expect(pairSchema.safeParse({ ...form, returnTo: '/mapping' }).success).toBe(false)
    }
    expect(pairSchema.safeParse({ ...fields, erpKey: 'a\u0000', returnTo: '/mapping' }).success).toBe(false)
    expect(unpairSchema.safeParse({ type: 'project', erpKey: '1', never: 'yes', returnTo: '/mapping' }).success).toBe(
      false,
    )
  })

  it('tell the next page what was done by a word and a key', () => {
    const next = afterwards('/mapping?status=review&q=a', 'paired', { type: 'client', erpKey: 'a&b' })
    const search = params(next.split('?')[1] ?? '')
    expect(readNotice(search)).toEqual({ done: 'paired', erpKey: 'a&b', field: null, crmId: null })
    expect(search).toMatchObject({ status: ['review'], q: ['a'], type: ['client'] })
    expect(readNotice(params('done=hacked&key=1'))).toBeNull()
    expect(readNotice(params('done=paired'))).toBeNull()
  })
})

describe('candidates side by side', () => {
  it('show what tells them apart, equal values marked, empty fields left out', () => {
    const erp = { ID: '2021-014', StartDate: '2026-01-05', TotalContractAmount: '1375412.5', Description: 'Mill' }
    const candidates = [
      { crmId: '2021-014', fields: { StartDate: '2026-01-05', Fee: '1375412.50' } },
      { crmId: '2020-001', fields: { StartDate: null, Fee: '0' } },
    ]
    expect(comparedFields(defaultFieldMap, 'project', erp, candidates)).toEqual([
      {
        label: 'Project number',
        erp: '2021-014',
        crm: [
          { value: '2021-014', isSame: true },
          { value: '2020-001', isSame: false },
        ],
      },
      {
        label: 'Start date',
        erp: '2026-01-05',
        crm: [
          { value: '2026-01-05', isSame: true },
          { value: null, isSame: false },
        ],
      },
      {
        label: 'Contract amount',
        erp: '1,375,412.50',
        crm: [
          { value: '1,375,412.50', isSame: true },
          { value: '0.00', isSame: false },
        ],
      },
    ])
  })
})
