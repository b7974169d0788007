import { LogOut } from 'lucide-react'
import { ROLE_WORDS } from '#lib/access/roles'
import type { SessionUser } from '#lib/access/session'
import { IconButton } from '../../_ui/button.tsx'
import { signOutAction } from '../frame-actions.ts'
import { ThemeSwitch } from './theme-switch.tsx'

/** Who is signed in, how the pages look, and the way out. */
export function Account({ user }: { user: SessionUser }) {
  return (
    <div className="flex flex-col gap-2.5 border-t border-line pt-3">
      <div className="flex items-center justify-between gap-2">
        <div className="min-w-0 ps-2.5">
          <p className="truncate text-sm font-medium" title={user.email}>
            {user.name}
          </p>
          <p className="text-xs text-ink-muted">{ROLE_WORDS[user.role].label}</p>
        </div>
        <form action={signOutAction}>
          <IconButton type="submit" icon={LogOut} label="Sign out" />
        </form>
      </div>
      <div className="ps-2.5">
        <ThemeSwitch />
      </div>
    </div>
  )
}
