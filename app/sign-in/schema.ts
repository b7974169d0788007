import { z } from 'zod'
import { unknownFields } from '../_ui/form-values.ts'

export const signInForm = z.strictObject(
  {
    email: z.string().trim().min(1, 'Enter your e-mail address.').max(320, 'This is too long for an e-mail address.'),
    password: z.string().min(1, 'Enter your password.').max(1024, 'This is too long for a password.'),
    next: z.string().max(2000).optional(),
  },
  { error: unknownFields },
)

/** Where to go after signing in: only ever a page of ours. */
export function safeNext(next: string | undefined): string {
  if (!next?.startsWith('/') || /^\/[/\\]|[\\\p{Cc}]/u.test(next)) return '/'
  return next.startsWith('/sign-in') || next.startsWith('/setup') || next.startsWith('/api/') ? '/' : next
}
