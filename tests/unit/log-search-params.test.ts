import { describe, expect, it } from 'vitest'
import { NO_LOG_FILTER } from '#lib/store/log-filter'
import { toParams } from '../../app/(console)/address.ts'
import { logHref, readLogSearch } from '../../app/(console)/log/search-params.ts'
import { dayStart } from '../../app/(console)/log/zoned-day.ts'

const NOW = new Date('2026-05-20T12:00:00Z')
const read = (query: string) => readLogSearch(toParams(new URLSearchParams(query)), NOW)

describe('the address of the log', () => {
  it('without parameters lets everything pass', () => {
    const search = read('')
    expect(search.filter).toEqual(NO_LOG_FILTER)
    expect(search.ignored).toEqual([])
    expect(search.size).toBe(50)
  })

  it('names every filter, several values of one included', () => {
    const search = read(
      'severity=warning&severity=error&method=Map+Project&type=client&code=CW-1201&key=1042&q=+harbor+&size=100' +
        '&run=0198a000-0000-7000-8000-00000000000a',
    )
    expect(search.filter).toEqual({
      ...NO_LOG_FILTER,
      severities: ['warning', 'error'],
      methods: ['Map Project'],
      types: ['client'],
      code: 'CW-1201',
      erpKey: '1042',
      text: 'harbor',
      runId: '0198a000-0000-7000-8000-00000000000a',
    })
    expect(search.size).toBe(100)
    expect(search.ignored).toEqual([])
  })

  it('leaves out what cannot be used, names it, and keeps the rest', () => {
    const search = read(
      'severity=fatal&severity=error&type=widget&run=7&code=42&period=eternity&from=soon&q=mill&size=7&zone=Mars/Base',
    )
    expect(search.filter).toEqual({ ...NO_LOG_FILTER, severities: ['error'], text: 'mill' })
    expect(search.ignored.toSorted()).toEqual(
      [
        'code “42”',
        'from “soon”',
        'period “eternity”',
        'run “7”',
        'severity “fatal”',
        'time zone “Mars/Base”',
        'type “widget”',
      ].toSorted(),
    )
    expect(search.size).toBe(50)
  })

  it('survives hostile values', () => {
    const nul = read('q=%00&key=a%00b&method=%00')
    expect(nul.filter).toEqual(NO_LOG_FILTER)
    expect(nul.ignored).toHaveLength(3)
    expect(read(`q=${'x'.repeat(5_000)}`).ignored[0]?.length).toBeLessThan(60)
    expect(read('__proto__=1&constructor=2&period=toString').filter).toEqual(NO_LOG_FILTER)
  })

  it('reads a period that ends now', () => {
    expect(read('period=24h').filter).toMatchObject({ from: '2026-05-19T12:00:00.000Z', to: null })
  })

  it('reads days in the viewer’s zone, the last one with all its hours', () => {
    const search = read('period=days&from=2026-05-04&to=2026-05-04&zone=Asia/Kathmandu')
    expect(search.filter).toMatchObject({ from: '2026-05-03T18:15:00.000Z', to: '2026-05-04T18:15:00.000Z' })
    expect(read('from=2026-05-04').filter.from).toBe('2026-05-04T00:00:00.000Z')
    expect(read('from=2026-05-04T10:00:00%2B02:00').filter.from).toBe('2026-05-04T10:00:00+02:00')
    expect(read('from=2026-02-30').ignored).toEqual(['from “2026-02-30”'])
  })

  it('reads its own links back as the same filter', () => {
    const query = 'severity=error&method=Map+Project&q=a%26b&period=days&from=2026-05-04&zone=Europe%2FBerlin&size=25'
    const search = read(query)
    const again = read(logHref(search.query).split('?')[1] ?? '')
    expect(again.filter).toEqual(search.filter)
    expect(again.size).toBe(25)
  })
})

describe('the beginning of a day', () => {
  it('follows the clock changes of the zone', () => {
    expect(dayStart('2026-03-29', 'Europe/Berlin')).toBe('2026-03-28T23:00:00.000Z')
    expect(dayStart('2026-03-30', 'Europe/Berlin')).toBe('2026-03-29T22:00:00.000Z')
    expect(dayStart('2026-10-26', 'Europe/Berlin')).toBe('2026-10-25T23:00:00.000Z')
    expect(dayStart('2026-11-01', 'America/New_York', 1)).toBe('2026-11-02T05:00:00.000Z')
  })

  it('is the first instant that exists where midnight is skipped', () => {
    // Santiago goes from 24:00 to 01:00.
    expect(dayStart('2026-09-06', 'America/Santiago')).toBe('2026-09-06T04:00:00.000Z')
  })

  it('is nothing for a day that no calendar has', () => {
    for (const day of ['2026-13-01', '2026-02-29', 'today', '']) expect(dayStart(day, 'UTC')).toBeNull()
  })
})
