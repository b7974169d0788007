import type { ConflictView } from '#lib/store/views-conflicts'
import { displayText } from '#lib/sync/display-text'
import type { FieldMapEntry } from '#lib/sync/field-map'
import type { SideNames } from '#lib/sync/messages'
import type { RecordType } from '#lib/sync/records'
import { isTypeable, typedOptions } from '#lib/sync/typed-value'
import { Badge } from '../../_ui/badge.tsx'
import { Disclosure } from '../../_ui/disclosure.tsx'
import { Time } from '../../_ui/time.tsx'
import { FieldValueText } from './field-value.tsx'
import type { Reading } from './field-words.ts'
import { SettleForm, type SettleFormProps } from './settle-form.tsx'
import type { TypedControl } from './typed-value.tsx'

export interface ConflictCardProps {
  type: RecordType
  conflict: ConflictView
  /** `undefined`: the field is no longer in the field map, so it can only be looked at. */
  entry: FieldMapEntry | undefined
  names: SideNames
  reading: Reading
  canSettle: boolean
  returnTo: string
}

/** A field that both sides changed: both values and the base, and how it is settled (sync-rules §7.2). */
export function ConflictCard({ type, conflict, entry, names, reading, canSettle, returnTo }: ConflictCardProps) {
  const { label, decided } = conflict
  const value = (of: string | null) => (
    <FieldValueText field={entry ?? PLAIN} form="crm" value={of} reading={reading} whole />
  )
  const form = canSettle && entry ? formProps({ type, conflict, entry, names, reading, returnTo }) : null
  return (
    <article aria-label={`Conflict: ${label}`} className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
        <h3 className="text-base">{displayText(label)}</h3>
        <Badge tone={decided ? 'info' : 'warn'}>{decided ? 'Decided' : 'Waits for you'}</Badge>
        <p className="text-sm text-ink-muted">
          found <Time at={conflict.openedAt} />
        </p>
      </div>
      {decided === null ? null : (
        <div className="rounded-control border border-info-line/45 bg-info-tint px-3.5 py-3">
          <p className="text-sm text-ink-muted">
            {displayText(decided.by)} decided <Time at={decided.at} />. The next sync writes this to both sides:
          </p>
          {value(decided.value)}
        </div>
      )}
      {form === null ? (
        <dl className="grid gap-3 md:grid-cols-3">
          <Side title="Last agreed">{value(conflict.base)}</Side>
          <Side title={`${names.erp} now`}>{value(conflict.erp)}</Side>
          <Side title={`${names.crm} now`}>{value(conflict.crm)}</Side>
        </dl>
      ) : decided === null ? (
        <SettleForm
          key={conflict.version}
          {...form}
          base={value(conflict.base)}
          sides={sidesOf(conflict, names, value)}
        />
      ) : (
        <Disclosure summary="Decide otherwise">
          <SettleForm
            key={conflict.version}
            {...form}
            base={value(conflict.base)}
            sides={sidesOf(conflict, names, value)}
          />
        </Disclosure>
      )}
    </article>
  )
}

const PLAIN: Pick<FieldMapEntry, 'transform'> = { transform: { kind: 'text' } }

function sidesOf(
  conflict: ConflictView,
  names: SideNames,
  value: (of: string | null) => React.ReactNode,
): SettleFormProps['sides'] {
  return [
    { side: 'erp', name: names.erp, value: value(conflict.erp) },
    { side: 'crm', name: names.crm, value: value(conflict.crm) },
  ]
}

function formProps({
  type,
  conflict,
  entry,
  names,
  reading,
  returnTo,
}: Omit<ConflictCardProps, 'canSettle' | 'entry'> & { entry: FieldMapEntry }): Omit<SettleFormProps, 'base' | 'sides'> {
  const { id: conflictId, version, field, erpKey, label } = conflict
  const control = controlOf(type, entry, names, reading)
  const suggestion = control?.kind === 'list' ? (conflict.erp ?? '') : ''
  return { type, erpKey, conflictId, version, field, label, returnTo, control, suggestion }
}

function controlOf(
  type: RecordType,
  entry: FieldMapEntry,
  names: SideNames,
  { description }: Reading,
): TypedControl | null {
  if (!isTypeable(entry) || description === null) return null
  const options = typedOptions(entry, description)
  if (options !== null) return options.length === 0 ? null : { kind: 'list', options }
  const { kind } = entry.transform
  if (kind === 'date') return { kind: 'date', help: null }
  if (kind === 'decimal') return { kind: 'amount', help: 'An amount, such as 1250.00. Empty clears it on both sides.' }
  const limit = description.types[type].lengths[entry.crm]
  const room = limit === undefined ? '' : `At most ${limit} characters, as ${names.crm} allows. `
  return { kind: kind === 'memo' ? 'lines' : 'line', help: `${room}Empty clears it on both sides.` }
}

function Side({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <div className="min-w-0 rounded-control border border-line bg-canvas px-3.5 py-3">
      <dt className="text-xs text-ink-muted">{title}</dt>
      <dd>{children}</dd>
    </div>
  )
}
