'use client'

import { useActionState } from 'react'
import type { ConnectionSettings } from '#lib/store/connections'
import { Card } from '../../../_ui/card.tsx'
import { ErrorNote, Note } from '../../../_ui/error-note.tsx'
import { TextField } from '../../../_ui/field.tsx'
import { SelectField } from '../../../_ui/select.tsx'
import { SubmitButton } from '../../../_ui/submit-button.tsx'
import { settingsAction } from './actions.ts'
import type { SideNames } from './check-list.tsx'
import { type SettingField, settingGroups } from './settings-fields.ts'
import { UNTOUCHED } from './state.ts'

export interface SettingsFormProps {
  connectionId: string
  settings: ConnectionSettings
  names: SideNames
  /** Why nothing can be changed here, or `null`. */
  locked: string | null
  /** As measured; `null`: not yet. */
  listLagMilliseconds: number | null
}

/** Batches, policies, rates: each with one line of help. */
export function SettingsForm({ connectionId, settings, names, locked, listLagMilliseconds }: SettingsFormProps) {
  const [state, send] = useActionState(settingsAction, UNTOUCHED)
  const field = (one: SettingField) => {
    const saved = settings[one.name]
    const shared = {
      name: one.name,
      label: one.label,
      help: one.help,
      error: state.fields?.[one.name]?.[0],
      disabled: locked !== null,
      defaultValue: state.values[one.name] ?? (saved === null ? '' : String(saved)),
    }
    return one.kind === 'choice' ? (
      <SelectField key={one.name} {...shared} options={one.options} />
    ) : (
      <TextField
        key={`${one.name} ${state.answer}`}
        {...shared}
        suffix={one.suffix}
        placeholder={one.placeholder}
        autoComplete="off"
      />
    )
  }
  return (
    <form action={send} noValidate>
      <input type="hidden" name="connectionId" value={connectionId} />
      <Card
        id="settings"
        title="How it syncs"
        context={locked ?? 'These settings belong to this connection and apply from its next run on.'}
        footer={locked === null ? <SubmitButton className="ms-auto">Save settings</SubmitButton> : undefined}
      >
        <div className="flex flex-col gap-6">
          {state.error ? <ErrorNote title={state.error} /> : null}
          {state.done ? <Note tone="ok" role="status" title={state.done} /> : null}
          {settingGroups(names.erp, names.crm, listLagMilliseconds).map((group) => (
            <fieldset key={group.title} className="min-w-0">
              <legend className="pb-3 text-sm font-semibold">{group.title}</legend>
              <div className="grid gap-x-8 gap-y-4 md:grid-cols-2">{group.fields.map(field)}</div>
            </fieldset>
          ))}
        </div>
      </Card>
    </form>
  )
}
