import { FacetLink, FilterChip } from '#app/_ui/chip.tsx'
import { CONTROL_CLASS } from '#app/_ui/field.tsx'
import { FilterForm, TimeZoneInput } from '#app/_ui/filter-form.tsx'
import { SearchField } from '#app/_ui/search-field.tsx'
import { Select } from '#app/_ui/select.tsx'
import type { LogSeverity } from '#lib/store/log-filter'
import { displayText } from '#lib/sync/display-text'
import type { Query } from '../address.ts'
import { SHOWN_TYPES, TYPE_PLURAL, TYPE_SINGULAR } from '../record-types.ts'
import { type LogSearch, logHref, type Period } from './search-params.ts'

const PERIOD_WORDS: Readonly<Record<Period, string>> = {
  '1h': 'Last hour',
  '24h': 'Last 24 hours',
  '7d': 'Last 7 days',
  '30d': 'Last 30 days',
}

const SEVERITY_FACETS: readonly { label: string; severities: readonly LogSeverity[] }[] = [
  { label: 'All', severities: [] },
  { label: 'Errors and warnings', severities: ['warning', 'error'] },
  { label: 'Errors', severities: ['error'] },
  { label: 'Warnings', severities: ['warning'] },
]

/** Search, selects and severity links; below them what is filtered by now, each to be taken away. */
export function LogFilters({ search, methods }: { search: LogSearch; methods: readonly string[] }) {
  const { query } = search
  const { severity, run, code, key, size } = query
  return (
    <div className="flex flex-col gap-3 pb-4">
      <FilterForm
        label="Filter the log"
        action="/log"
        kept={{
          severity: severity ?? null,
          run: run ?? null,
          code: code ?? null,
          key: key ?? null,
          size: size ?? null,
        }}
        className="group flex flex-wrap items-center gap-2 max-sm:[&>span+span]:min-w-0 max-sm:[&>span+span]:grow max-sm:[&>span+span]:basis-[45%]"
      >
        <SearchField
          key={textOf(query, 'q')}
          name="q"
          label="Search name, key, id and message"
          placeholder="Name, key, id or words of the message"
          defaultValue={textOf(query, 'q')}
          maxLength={200}
          className="min-w-56 flex-1 max-sm:basis-full"
        />
        <Select
          dense
          name="type"
          aria-label="Record type"
          defaultValue={textOf(query, 'type')}
          options={[
            { value: '', label: 'Any record type' },
            ...SHOWN_TYPES.map((type) => ({ value: type, label: TYPE_PLURAL[type] })),
          ]}
        />
        <Select
          dense
          name="method"
          aria-label="Method"
          defaultValue={textOf(query, 'method')}
          options={[
            { value: '', label: 'Any method' },
            ...withChosen(methods, search.filter.methods).map((method) => ({ value: method, label: method })),
          ]}
          className="sm:max-w-56"
        />
        <Select
          dense
          name="period"
          aria-label="Period"
          defaultValue={textOf(query, 'period')}
          options={[
            { value: '', label: 'Any time' },
            ...Object.entries(PERIOD_WORDS).map(([value, label]) => ({ value, label })),
            { value: 'days', label: 'Between two days' },
          ]}
        />
        <DayFields query={query} />
      </FilterForm>
      <div className="flex flex-wrap items-center gap-2">
        {SEVERITY_FACETS.map(({ label, severities }) => (
          <FacetLink
            key={label}
            label={label}
            href={logHref(query, { severity: severities })}
            current={sameValues(severities, search.filter.severities)}
          />
        ))}
        <ActiveChips search={search} />
      </div>
    </div>
  )
}

/** Shown by the choice "Between two days" itself, so that it needs no JavaScript. */
function DayFields({ query }: { query: Query }) {
  const day = (name: 'from' | 'to', label: string) => (
    <label className="flex items-center gap-1.5 text-sm text-ink-muted">
      {label}
      <input
        key={textOf(query, name)}
        type="date"
        name={name}
        defaultValue={textOf(query, name).slice(0, 10)}
        className={`${CONTROL_CLASS} h-8 w-36 text-sm`}
      />
    </label>
  )
  return (
    <div className="hidden flex-wrap items-center gap-2 group-has-[option[value=days]:checked]:flex">
      {day('from', 'From')}
      {day('to', 'to')}
      <TimeZoneInput name="zone" />
    </div>
  )
}

function ActiveChips({ search }: { search: LogSearch }) {
  const chips = activeChips(search)
  if (chips.length === 0) return null
  return (
    <>
      <span aria-hidden className="mx-1 hidden h-5 w-px bg-line sm:block" />
      {chips.map((chip) => (
        <FilterChip key={chip.label} label={chip.label} removeHref={logHref(search.query, chip.without)} />
      ))}
    </>
  )
}

function activeChips({ filter, query }: LogSearch): { label: string; without: Query }[] {
  const chip = (isOn: boolean, label: string, without: Query) => (isOn ? [{ label, without }] : [])
  const isOneSeverityFacet = SEVERITY_FACETS.some(({ severities }) => sameValues(severities, filter.severities))
  const severities = filter.severities.join(', ')
  const types = filter.types.map((type) => TYPE_SINGULAR[type].toLowerCase()).join(', ')
  return [
    ...chip(!isOneSeverityFacet, `Severity: ${severities}`, { severity: null }),
    ...chip(filter.text !== null, `Contains: ${displayText(filter.text ?? '', 40)}`, { q: null }),
    ...chip(filter.types.length > 0, `Type: ${types}`, { type: null }),
    ...chip(filter.methods.length > 0, `Method: ${displayText(filter.methods.join(', '), 60)}`, { method: null }),
    ...chip(filter.erpKey !== null, `Key: ${displayText(filter.erpKey ?? '', 40)}`, { key: null }),
    ...chip(filter.code !== null, `Code: ${filter.code}`, { code: null }),
    ...chip(filter.runId !== null, `Run: ${filter.runId?.slice(-8)}`, { run: null }),
    ...chip(filter.from !== null || filter.to !== null, periodLabel(query), {
      period: null,
      from: null,
      to: null,
      zone: null,
    }),
  ]
}

function periodLabel(query: Query): string {
  const preset = Object.entries(PERIOD_WORDS).find(([value]) => value === textOf(query, 'period'))
  if (preset) return preset[1]
  const from = textOf(query, 'from')
  const to = textOf(query, 'to')
  if (from === '') return `Until ${to}`
  return to === '' ? `Since ${from}` : `${from} to ${to}`
}

function textOf(query: Query, name: string): string {
  const value = query[name] ?? ''
  return typeof value === 'string' ? value : (value[0] ?? '')
}

function sameValues(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((value) => b.includes(value))
}

/** A method that is filtered by stays among the choices even when no line has it. */
function withChosen(methods: readonly string[], chosen: readonly string[]): string[] {
  return [...new Set([...methods, ...chosen])].toSorted()
}
