import type { RecordName } from '#lib/store/failed-items'

/** The record a form is about. */
export function RecordFields({ record }: { record: RecordName }) {
  return (
    <>
      <input type="hidden" name="type" value={record.type} />
      <input type="hidden" name="side" value={record.side} />
      <input type="hidden" name="key" value={record.key} />
    </>
  )
}
