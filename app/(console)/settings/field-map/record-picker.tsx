import { FilterForm } from '#app/_ui/filter-form.tsx'
import { TextLink } from '#app/_ui/link-button.tsx'
import { SearchField } from '#app/_ui/search-field.tsx'
import { Time } from '#app/_ui/time.tsx'
import type { TestPair } from '#lib/store/views-field-map'
import { displayText } from '#lib/sync/display-text'
import type { RecordType } from '#lib/sync/records'
import { TYPE_PLURAL } from '../../record-types.ts'
import { mapHref } from './search-params.ts'

export interface RecordPickerProps {
  type: RecordType
  /** The record whose values stand beside the entries. */
  pair: TestPair | null
  /** What was looked for, and what was found. */
  find: string | null
  found: readonly TestPair[]
  /** Parameters of the address that stay. */
  kept: { readonly q: string | null }
}

/** Which real record the map is tried on, and the way to another one. */
export function RecordPicker({ type, pair, find, found, kept }: RecordPickerProps) {
  if (pair === null && find === null) {
    return (
      <p className="text-sm text-ink-muted text-pretty">
        No {TYPE_PLURAL[type].toLowerCase()} are paired yet. After the first sync, the values of a real record stand
        beside each entry.
      </p>
    )
  }
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
      <p className="min-w-0 flex-1 basis-64 text-sm text-pretty">
        <span className="text-ink-muted">Tried on </span>
        {pair ? (
          <>
            <span className="font-medium wrap-anywhere">
              {displayText(pair.erpName, 120) || 'a record without a name'}
            </span>{' '}
            <span className="font-mono text-xs text-ink-muted">
              {displayText(pair.erpKey)} ↔ {displayText(pair.crmId)}
            </span>
            {pair.lastSyncedAt ? (
              <span className="text-ink-muted">
                , synced <Time at={pair.lastSyncedAt} />
              </span>
            ) : null}
          </>
        ) : (
          <span className="text-ink-muted">no record: this one is not paired any more.</span>
        )}
      </p>
      <FilterForm
        label="Find a record to try the map on"
        action="/settings/field-map"
        verb="Find"
        kept={{ type, q: kept.q, record: pair?.erpKey ?? null }}
        className="flex w-full min-w-0 items-center gap-2 sm:w-auto"
      >
        <SearchField
          key={find ?? ''}
          name="find"
          label="Name or key of another record"
          placeholder="Another record: name or key"
          defaultValue={find ?? ''}
          maxLength={200}
          className="w-full sm:w-64"
        />
      </FilterForm>
      {find === null ? null : <Found type={type} found={found} find={find} kept={kept} />}
    </div>
  )
}

function Found({ type, found, find, kept }: Pick<RecordPickerProps, 'type' | 'found' | 'kept'> & { find: string }) {
  if (found.length === 0) {
    return (
      <p role="status" className="w-full text-sm text-ink-muted">
        No paired record has “{displayText(find, 60)}” in its name or key.
      </p>
    )
  }
  return (
    <ul aria-label="Records found" className="flex w-full flex-wrap gap-x-5 gap-y-1.5 text-sm">
      {found.map((one) => (
        <li key={one.erpKey} className="min-w-0">
          <TextLink href={mapHref({ type, q: kept.q, record: one.erpKey })} className="wrap-anywhere">
            {displayText(one.erpName, 80) || '(without a name)'}
          </TextLink>{' '}
          <span className="font-mono text-xs text-ink-muted">{displayText(one.erpKey)}</span>
        </li>
      ))}
    </ul>
  )
}
