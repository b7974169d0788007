'use client'

import { CheckboxRow } from '../../../_ui/checkbox-row.tsx'
import { TextField } from '../../../_ui/field.tsx'
import { SelectField } from '../../../_ui/select.tsx'
import type { EntryFieldsProps } from './entry-fields.tsx'
import { SENDING_KINDS, sendingLabel } from './map-words.ts'
import { ValueRows } from './value-rows.tsx'

const SENDING_OPTIONS = SENDING_KINDS.map((kind) => ({ value: kind, label: sendingLabel(kind) }))
const PLACES = Array.from({ length: 7 }, (_, places) => ({ value: String(places), label: String(places) }))

const ONLY_FIELD = 'hidden group-has-[[name=source][value=field]:checked]/entry:flex'
const NOT_SHOWN_ONLY = 'group-has-[[name=source][value=none]:checked]/entry:hidden'

/** How the value is sent: its form, the value map, and whether it fills only what is empty. */
export function SendingFields({ choices, start, rows, seen, known, state }: EntryFieldsProps) {
  const value = (name: string) => state.values?.[name] ?? start[name] ?? ''
  const { erp, crm } = choices.names
  // What was chosen is kept through an answer; a box that is not ticked is not sent at all.
  const isOnlyIfEmpty = state.values ? state.values.onlyIfEmpty === 'on' : start.onlyIfEmpty === 'on'
  return (
    <>
      <div className={`${ONLY_FIELD} flex-col gap-4`}>
        <div className="grid gap-4 sm:grid-cols-2">
          <SelectField
            name="sending"
            label="How it is sent"
            options={SENDING_OPTIONS}
            defaultValue={value('sending') || 'auto'}
            error={state.errors.transform?.join(' ')}
          />
          <div className="hidden group-has-[option[value=decimal]:checked]/entry:block">
            <SelectField name="places" label="Decimals" options={PLACES} defaultValue={value('places') || '2'} />
          </div>
          <div className="hidden group-has-[option[value=reference]:checked]/entry:block">
            <SelectField
              name="reference"
              label="Record type"
              options={choices.references}
              defaultValue={value('reference') || 'client'}
            />
          </div>
          <div className="hidden group-has-[option[value=code]:checked]/entry:block group-has-[option[value=listed-name]:checked]/entry:block">
            <TextField
              name="table"
              label={`List in ${crm}`}
              list="tables"
              defaultValue={value('table')}
              autoComplete="off"
              spellCheck={false}
              className="font-mono text-sm"
              help={`Looked up by description; what is not in the list is left out.`}
            />
            <datalist id="tables">
              {choices.tables.map((table) => (
                <option key={table} value={table} />
              ))}
            </datalist>
          </div>
        </div>
        <div className="hidden group-has-[option[value=listed-name]:checked]/entry:block group-has-[option[value=values]:checked]/entry:block">
          <ValueRows
            rows={state.rows ?? rows}
            seen={state.seen ?? seen}
            known={known}
            otherwise={value('sending') === 'listed-name' ? 'sent as it is' : 'left out'}
            names={choices.names}
            error={state.errors.values?.join(' ')}
          />
        </div>
      </div>
      <div className={`${NOT_SHOWN_ONLY} flex flex-col gap-1.5`}>
        <div className="overflow-hidden rounded-card border border-line">
          <CheckboxRow
            name="onlyIfEmpty"
            value="on"
            title="Only if it is empty"
            help={`Fills a field that holds nothing in ${crm} (or in ${erp}, where it travels back). What is there is never overwritten.`}
            defaultChecked={isOnlyIfEmpty}
          />
        </div>
        {state.errors.onlyIfEmpty ? (
          <p role="alert" className="text-sm text-bad text-pretty">
            {state.errors.onlyIfEmpty.join(' ')}
          </p>
        ) : null}
      </div>
    </>
  )
}
