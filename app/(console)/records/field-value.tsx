import type { RecordField } from '#lib/sync/record-fields'
import type { FieldValue } from '#lib/sync/records'
import { classNames } from '../../_ui/class-names.ts'
import { type Reading, shownField } from './field-words.ts'

export interface FieldValueProps {
  field: Pick<RecordField, 'transform'>
  form: 'erp' | 'crm'
  value: FieldValue | undefined
  reading: Reading
  /** What is said where there is no value to read. */
  unread?: string
  strong?: boolean
  /** As long as it is; without it, four lines. */
  whole?: boolean
}

/** Thirty-two characters of an id tell a person nothing; the whole of it is on hover. */
const LONGEST_KEY = 12

/** One value of one side: as people call it, with what the system stores beside it in small. */
export function FieldValueText({ field, form, value, reading, unread = 'Not read', strong, whole }: FieldValueProps) {
  const shown = shownField(field, form, value, reading)
  if (shown.is === 'unread') return <span className="text-ink-faint">{unread}</span>
  if (shown.is === 'empty') return <span className="text-ink-faint">Empty</span>
  return (
    <span
      title={whole || shown.key !== null ? undefined : shown.text}
      className={classNames(
        'tabular wrap-anywhere',
        field.transform.kind === 'memo' && 'whitespace-pre-line',
        whole ? 'block max-h-60 overflow-y-auto' : 'line-clamp-4',
        strong && 'font-medium',
      )}
    >
      {shown.text}
      {shown.key === null ? null : (
        <span title={shown.key} className="ps-1.5 font-mono text-xs text-ink-muted">
          {shown.key.length > LONGEST_KEY ? `${shown.key.slice(0, 6)}…` : shown.key}
        </span>
      )}
    </span>
  )
}
