'use client'

import { ArrowRight, Plus } from 'lucide-react'
import { useState } from 'react'
import type { SeenValue } from '#lib/store/views-field-map'
import type { CodeEntry } from '#lib/sync/ports'
import { Button } from '../../../_ui/button.tsx'
import { CONTROL_CLASS } from '../../../_ui/field.tsx'
import { Select } from '../../../_ui/select.tsx'
import type { ValueRow } from './state.ts'

/** So many rows to fill in are there without JavaScript; the form gives as many again after it was saved. */
const SPARE = 3
/** Longer lists are typed with suggestions and not unrolled. */
const MOST_OPTIONS = 30

export interface ValueRowsProps {
  rows: readonly ValueRow[]
  /** Values that occur in the ERP and have no row. */
  seen: readonly SeenValue[]
  /** What the CRM takes, where it is known. */
  known: readonly CodeEntry[] | null
  /** What becomes of a value without a right side. */
  otherwise: string
  names: { readonly erp: string; readonly crm: string }
  error: string | undefined
}

/** The rows of a value map, from → to, with the values that occur and have no row yet offered at the end. */
export function ValueRows({ rows, seen, known, otherwise, names, error }: ValueRowsProps) {
  const [spare, setSpare] = useState(SPARE)
  const filled = rows.filter(({ from, to }) => from !== '' || to !== '')
  const offered = seen.filter(({ value }) => !filled.some(({ from }) => from === value))
  const counts = new Map(seen.map(({ value, count }) => [value, count]))
  const blank = Array.from({ length: spare }, () => ({ from: '', to: '' }))
  const shown = [...filled, ...offered.map(({ value }) => ({ from: value, to: '' })), ...blank]
  return (
    <fieldset className="flex min-w-0 flex-col gap-2" aria-describedby="values-note">
      <legend className="pb-2 text-sm font-medium">What becomes of each value</legend>
      <div aria-hidden className={`${GRID} pb-0.5 text-xs text-ink-muted`}>
        <span>{names.erp}</span>
        <span />
        <span>{names.crm}</span>
      </div>
      {shown.map(({ from, to }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows are told apart by their place alone
        <div key={index} className={GRID}>
          <input
            name="from"
            aria-label={`${names.erp} value ${index + 1}`}
            defaultValue={from}
            maxLength={400}
            autoComplete="off"
            className={`${CONTROL_CLASS} h-8 text-sm`}
          />
          <ArrowRight aria-hidden size={14} className="shrink-0 text-ink-faint" />
          <ToValue label={`${names.crm} value ${index + 1}`} value={to} known={known} otherwise={otherwise} />
          {counts.has(from) ? (
            <p className="text-xs text-ink-muted max-sm:-mt-1 sm:text-end">{recordsWords(counts.get(from) ?? 0)}</p>
          ) : null}
        </div>
      ))}
      <KnownList known={known} />
      <div className="flex flex-wrap items-start justify-between gap-3 pt-1">
        <p id="values-note" className={`min-w-0 flex-1 text-sm text-pretty ${error ? 'text-bad' : 'text-ink-muted'}`}>
          {error ?? `A value without a right side is ${otherwise}. ${offeredWords(offered.length, names.erp)}`}
        </p>
        <Button size="small" icon={Plus} onClick={() => setSpare(spare + SPARE)}>
          Add rows
        </Button>
      </div>
    </fieldset>
  )
}

const GRID =
  'grid grid-cols-[minmax(0,1fr)_14px_minmax(0,1fr)] items-center gap-2 sm:grid-cols-[minmax(0,1fr)_14px_minmax(0,1fr)_84px]'

function ToValue({
  label,
  value,
  known,
  otherwise,
}: {
  label: string
  value: string
  known: readonly CodeEntry[] | null
  otherwise: string
}) {
  const isChoice =
    known !== null && known.length <= MOST_OPTIONS && (value === '' || known.some(({ code }) => code === value))
  if (!isChoice) {
    return (
      <input
        name="to"
        aria-label={label}
        defaultValue={value}
        maxLength={400}
        autoComplete="off"
        list={known ? 'known-values' : undefined}
        placeholder={otherwise}
        className={`${CONTROL_CLASS} h-8 text-sm`}
      />
    )
  }
  const options = known.map(({ code, description }) => ({
    value: code,
    label: code === description ? code : `${code} (${description})`,
  }))
  return (
    <Select
      dense
      name="to"
      aria-label={label}
      options={[{ value: '', label: otherwise }, ...options]}
      defaultValue={value}
    />
  )
}

function KnownList({ known }: { known: readonly CodeEntry[] | null }) {
  if (!known) return null
  return (
    <datalist id="known-values">
      {known.map(({ code, description }) => (
        <option key={code} value={code}>
          {description}
        </option>
      ))}
    </datalist>
  )
}

function recordsWords(count: number): string {
  return `${count.toLocaleString('en-US')} record${count === 1 ? '' : 's'}`
}

function offeredWords(count: number, erp: string): string {
  if (count === 0) return ''
  return count === 1
    ? `1 value occurs in ${erp} and has none yet.`
    : `${count} values occur in ${erp} and have none yet.`
}
