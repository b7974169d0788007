'use client'

import { PlugZap } from 'lucide-react'
import { useActionState } from 'react'
import type { CredentialField as CredentialName } from '#lib/store/connections'
import { Card } from '../../../_ui/card.tsx'
import { ErrorNote, Note } from '../../../_ui/error-note.tsx'
import { SubmitButton } from '../../../_ui/submit-button.tsx'
import { accessAction } from './actions.ts'
import { CheckList, checkSummary, type SideNames } from './check-list.tsx'
import { CredentialField, type CredentialHint } from './credential-field.tsx'
import { UNTOUCHED } from './state.ts'

interface FieldWords {
  name: CredentialName
  label: string
  help: string
  placeholder?: string
  secret?: boolean
}

const ERP_FIELDS: readonly FieldWords[] = [
  {
    name: 'erpUrl',
    label: 'API address',
    help: 'From Ajera, Utility, Setup Integrations, API Settings, Copy API URL: the whole address with what follows the question mark.',
    placeholder: 'https://ajera.com/V012345/AjeraAPI.ashx?…',
  },
  {
    name: 'erpUsername',
    label: 'User name',
    help: 'An API user made under Setup Integrations, API User. An employee’s own sign-in does not work.',
  },
  { name: 'erpPassword', label: 'Password', help: 'Kept sealed, never shown again.', secret: true },
]

const CRM_FIELDS: readonly FieldWords[] = [
  {
    name: 'crmUrl',
    label: 'Base address',
    help: 'Up to and including /api.',
    placeholder: 'https://firm.deltekfirst.com/Firm/api',
  },
  { name: 'crmDatabase', label: 'Database', help: 'The database name that the API authorization shows.' },
  { name: 'crmClientId', label: 'Client ID', help: 'From Utilities, Integrations, API authorization.' },
  { name: 'crmClientSecret', label: 'Client secret', help: 'Kept sealed, never shown again.', secret: true },
  { name: 'crmUsername', label: 'User name', help: 'A user who may read and write the four hubs.' },
  { name: 'crmPassword', label: 'Password', help: 'Kept sealed, never shown again.', secret: true },
]

export interface AccessFormProps {
  names: SideNames
  /** Of the connection that was entered here before, if any. */
  hints: Partial<Record<CredentialName, CredentialHint>>
}

/** Access to both systems: test as often as you like, then save. */
export function AccessForm({ names, hints }: AccessFormProps) {
  const [state, send] = useActionState(accessAction, UNTOUCHED)
  const isReplacing = Object.keys(hints).length > 0
  const group = (side: string, fields: readonly FieldWords[]) => (
    <fieldset className="flex min-w-0 flex-col gap-4">
      <legend className="pb-3 text-sm font-semibold">{side}</legend>
      {fields.map((field) => (
        <CredentialField key={field.name} {...field} state={state} hint={hints[field.name]} />
      ))}
    </fieldset>
  )
  return (
    <form action={send} noValidate>
      <Card
        id="access"
        title={isReplacing ? 'Change the access' : 'Connect your own systems'}
        context="Tested before it is saved, if you like. A test signs in and reads; it writes nothing."
        footer={
          <>
            <p className="text-sm text-ink-muted">Saving makes it the connection that syncs use.</p>
            <div className="flex flex-wrap gap-2">
              <SubmitButton name="intent" value="test" variant="secondary" icon={PlugZap}>
                Test connection
              </SubmitButton>
              <SubmitButton name="intent" value="save">
                Save connection
              </SubmitButton>
            </div>
          </>
        }
      >
        <div className="flex flex-col gap-5">
          {state.error ? <ErrorNote title={state.error} /> : null}
          {state.done ? <Note tone="ok" role="status" title={state.done} /> : null}
          <div className="grid gap-x-8 gap-y-6 md:grid-cols-2">
            {group(names.erp, ERP_FIELDS)}
            {group(names.crm, CRM_FIELDS)}
          </div>
          {state.findings ? (
            <div className="flex flex-col gap-3 border-t border-line pt-4">
              <p role="status" className="font-medium">
                {checkSummary(state.findings)}
              </p>
              <CheckList findings={state.findings} names={names} />
            </div>
          ) : null}
        </div>
      </Card>
    </form>
  )
}
