'use client'

import type { FieldOwner } from '#lib/sync/field-map'
import type { MapPart } from '#lib/sync/map-fields'
import { CheckboxRow, ChoiceRows } from '../../../_ui/checkbox-row.tsx'
import { TextField } from '../../../_ui/field.tsx'
import type { EntryFormProps } from './entry-form.tsx'
import { OWNERS, ownerWords } from './map-words.ts'
import { SendingFields } from './sending-fields.tsx'
import type { EntryState } from './state.ts'

/** What can be chosen from, as both systems have it. */
export interface EntryChoices {
  readonly names: { readonly erp: string; readonly crm: string }
  readonly erpFields: readonly { readonly name: string; readonly label: string }[]
  readonly crmFields: readonly { readonly name: string; readonly label: string }[]
  readonly tables: readonly string[]
  readonly references: readonly { readonly value: string; readonly label: string }[]
}

export interface EntryFieldsProps extends EntryFormProps {
  state: EntryState
}

/** Parts that a choice calls for show by CSS alone, so that the form is the same without JavaScript. */
export function EntryFields(props: EntryFieldsProps) {
  const { open, choices, state } = props
  const value = (name: string) => state.values?.[name] ?? props.start[name] ?? ''
  const error = (part: MapPart) => state.errors[part]?.join(' ')
  const { erp, crm } = choices.names
  return (
    <div className="group/entry flex flex-col gap-6">
      {open === 'all' ? <Source {...props} /> : null}
      {open === 'label' ? null : (
        <>
          <TextField
            name="crm"
            label={`Field in ${crm}`}
            list="crm-fields"
            defaultValue={value('crm')}
            error={error('crm')}
            autoComplete="off"
            spellCheck={false}
            className="font-mono text-sm"
            help={`Where the value goes. Custom fields begin with Cust. What ${crm} fills itself cannot be chosen.`}
          />
          <Options id="crm-fields" options={choices.crmFields} />
        </>
      )}
      {open === 'all' ? <Owner {...props} /> : null}
      {open === 'all' ? <SendingFields {...props} /> : null}
      <TextField
        name="label"
        label="What people call it"
        mark="optional"
        defaultValue={value('label')}
        error={error('label')}
        maxLength={60}
        autoComplete="off"
        help={`In the log and on screens. Empty: the name that ${erp} gives it.`}
      />
    </div>
  )
}

const SOURCES = [
  { value: 'field', help: 'The value of one of its fields.' },
  { value: 'constant', help: 'Every record is given the same value.' },
  { value: 'none', help: 'Nothing is sent; the field is read and shown beside the others.' },
] as const

function Source({ choices, start, state }: EntryFieldsProps) {
  const { erp, crm } = choices.names
  const chosen = state.values?.source ?? start.source ?? 'field'
  const title = {
    field: `A field of ${erp}`,
    constant: 'A fixed value',
    none: `Nothing: a field of ${crm} that is only shown`,
  }
  return (
    <div className="flex flex-col gap-4">
      <ChoiceRows legend="Where the value comes from">
        {SOURCES.map(({ value, help }) => (
          <CheckboxRow
            key={value}
            type="radio"
            id={`source-${value}`}
            name="source"
            value={value}
            title={title[value]}
            help={help}
            defaultChecked={chosen === value}
          />
        ))}
      </ChoiceRows>
      <div className="hidden group-has-[[name=source][value=field]:checked]/entry:block">
        <TextField
          name="erp"
          label={`Field in ${erp}`}
          list="erp-fields"
          defaultValue={state.values?.erp ?? start.erp ?? ''}
          error={state.errors.erp?.join(' ')}
          autoComplete="off"
          spellCheck={false}
          className="font-mono text-sm"
          help={`Type a part of its name to find it. ${openHint(choices)}`}
        />
        <Options id="erp-fields" options={choices.erpFields} />
      </div>
      <div className="hidden group-has-[[name=source][value=constant]:checked]/entry:block">
        <TextField
          name="constant"
          label="The value"
          defaultValue={state.values?.constant ?? start.constant ?? ''}
          error={state.errors.constant?.join(' ')}
          autoComplete="off"
          help={`As ${crm} holds it: a code and not its description, a date as 2026-03-31, yes or no as Y or N.`}
        />
      </div>
    </div>
  )
}

function openHint({ erpFields, names }: EntryChoices): string {
  const open = erpFields.find(({ name }) => name.endsWith('.'))
  return open ? `A custom field of ${names.erp} is typed as ${open.name}Name, with its own name at the end.` : ''
}

function Options({
  id,
  options,
}: {
  id: string
  options: readonly { readonly name: string; readonly label: string }[]
}) {
  return (
    <datalist id={id}>
      {options.map(({ name, label }) => (
        <option key={name} value={name}>
          {label}
        </option>
      ))}
    </datalist>
  )
}

const HIDDEN_IF_SHOWN_ONLY = 'group-has-[[name=source][value=none]:checked]/entry:hidden'

function Owner({ choices, start, state }: EntryFieldsProps) {
  const chosen = state.values?.owner ?? start.owner ?? 'erp'
  const problem = state.errors.owner?.join(' ')
  return (
    <div className={HIDDEN_IF_SHOWN_ONLY}>
      <ChoiceRows legend="Who owns it">
        {OWNERS.map((owner: FieldOwner) => {
          const { label, help } = ownerWords(owner, choices.names)
          return (
            <CheckboxRow
              key={owner}
              type="radio"
              id={`owner-${owner}`}
              name="owner"
              value={owner}
              title={label}
              help={help}
              defaultChecked={chosen === owner}
              aria-invalid={problem && chosen === owner ? true : undefined}
            />
          )
        })}
      </ChoiceRows>
      {problem ? (
        <p role="alert" className="pt-1.5 text-sm text-bad text-pretty">
          {problem}
        </p>
      ) : null}
    </div>
  )
}
