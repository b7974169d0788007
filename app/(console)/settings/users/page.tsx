import type { Metadata } from 'next'
import { requireUser } from '#lib/access/session'
import { listUsers } from '#lib/store/users'
import { Card } from '../../../_ui/card.tsx'
import { SettingsHead } from '../settings-head.tsx'
import { AccountRow } from './account-row.tsx'
import { AddUserForm } from './add-user-form.tsx'

export const metadata: Metadata = { title: 'Users' }

export default async function UsersPage() {
  const user = await requireUser('users')
  const accounts = await listUsers()
  return (
    <>
      <SettingsHead user={user} current="users" />
      <div className="flex max-w-[880px] flex-col gap-6">
        <Card
          id="accounts"
          title="Users"
          context="A disabled account is signed out at once and keeps its place in the log."
          flush
        >
          <ul className="divide-y divide-line">
            {accounts.map(({ id, email, name, role, disabledAt, lastSeenAt }) => (
              <AccountRow
                key={id}
                isOwn={id === user.id}
                account={{
                  id,
                  email,
                  name,
                  role,
                  isDisabled: disabledAt !== null,
                  lastSeenAt: lastSeenAt?.toISOString() ?? null,
                }}
              />
            ))}
          </ul>
        </Card>
        <AddUserForm />
      </div>
    </>
  )
}
