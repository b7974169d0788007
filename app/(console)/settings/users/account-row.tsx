'use client'

import { useActionState } from 'react'
import { ROLE_WORDS, ROLES, type Role } from '#lib/access/roles'
import { Badge } from '../../../_ui/badge.tsx'
import { ErrorNote } from '../../../_ui/error-note.tsx'
import { Select } from '../../../_ui/select.tsx'
import { SubmitButton } from '../../../_ui/submit-button.tsx'
import { Time } from '../../../_ui/time.tsx'
import { accountAction } from './actions.ts'
import { HandoverNote } from './handover-note.tsx'

export interface Account {
  id: string
  email: string
  name: string
  role: Role
  isDisabled: boolean
  lastSeenAt: string | null
}

const ROLE_OPTIONS = ROLES.map((role) => ({ value: role, label: ROLE_WORDS[role].label }))

/** One account: who it is, when it was last here, and what may be changed. One's own is changed by somebody else. */
export function AccountRow({ account, isOwn }: { account: Account; isOwn: boolean }) {
  const [state, send] = useActionState(accountAction, {})
  return (
    <li className="flex flex-col gap-3 px-4 py-3.5 sm:px-5">
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
        <div className="min-w-0">
          <p className="flex items-center gap-2">
            <span className="truncate font-medium">{account.name}</span>
            {account.isDisabled ? <Badge tone="idle">Disabled</Badge> : null}
          </p>
          <p className="flex flex-wrap gap-x-2 text-sm text-ink-muted">
            <span className="[overflow-wrap:anywhere]">{account.email}</span>
            {account.lastSeenAt ? (
              <span>
                seen <Time at={account.lastSeenAt} />
              </span>
            ) : (
              <span>never signed in</span>
            )}
          </p>
        </div>
        {isOwn ? (
          <p className="text-sm text-ink-muted">{ROLE_WORDS[account.role].label}, this is you</p>
        ) : (
          <AccountForms account={account} send={send} />
        )}
      </div>
      {state.error ? <ErrorNote title={state.error} /> : null}
      {state.handover ? <HandoverNote handover={state.handover} /> : null}
    </li>
  )
}

function AccountForms({ account, send }: { account: Account; send: (form: FormData) => void }) {
  return (
    <div className="flex flex-wrap items-center gap-2">
      <form action={send} className="flex items-center gap-2">
        <input type="hidden" name="userId" value={account.id} />
        <Select
          dense
          name="role"
          aria-label={`Role of ${account.email}`}
          options={ROLE_OPTIONS}
          defaultValue={account.role}
          className="w-36"
        />
        <SubmitButton name="intent" value="role" variant="secondary" aria-label={`Save role of ${account.email}`}>
          Save role
        </SubmitButton>
      </form>
      <form action={send} className="flex items-center gap-1">
        <input type="hidden" name="userId" value={account.id} />
        <SubmitButton
          name="intent"
          value="reset"
          variant="quiet"
          aria-label={`New password for ${account.email}`}
          title="Makes a new password and ends their sessions"
        >
          New password
        </SubmitButton>
        <SubmitButton
          name="intent"
          value={account.isDisabled ? 'enable' : 'disable'}
          variant={account.isDisabled ? 'secondary' : 'danger'}
          aria-label={`${account.isDisabled ? 'Enable' : 'Disable'} ${account.email}`}
        >
          {account.isDisabled ? 'Enable' : 'Disable'}
        </SubmitButton>
      </form>
    </div>
  )
}
