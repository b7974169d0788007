import { z } from 'zod'
import { emailAddress } from '#lib/access/accounts'
import { ROLES } from '#lib/access/roles'
import { unknownFields } from '../../../_ui/form-values.ts'

const role = z.enum(ROLES, 'Choose a role.')

export const addUserForm = z.strictObject(
  {
    email: emailAddress,
    name: z.string().trim().max(120, 'Use at most 120 characters.'),
    role,
  },
  { error: unknownFields },
)

/** One form per account; the button that was pressed says what to do. */
export const accountForm = z.discriminatedUnion('intent', [
  z.strictObject({ intent: z.literal('role'), userId: z.uuid(), role }, { error: unknownFields }),
  z.strictObject({ intent: z.enum(['disable', 'enable', 'reset']), userId: z.uuid() }, { error: unknownFields }),
])
