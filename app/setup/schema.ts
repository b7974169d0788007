import { z } from 'zod'
import { emailAddress } from '#lib/access/accounts'
import { passwordProblem } from '#lib/access/password-rule'
import { unknownFields } from '../_ui/form-values.ts'

export const setupForm = z
  .strictObject(
    {
      token: z.string().min(1).max(200),
      name: z
        .string()
        .trim()
        .min(1, 'Enter your name, as others should see it.')
        .max(120, 'Use at most 120 characters.'),
      email: emailAddress,
      password: z.string().max(1024, 'Use at most 256 characters.'),
    },
    { error: unknownFields },
  )
  .superRefine(({ password, email, name }, context) => {
    const problem = passwordProblem(password, [email, name])
    if (problem) context.addIssue({ code: 'custom', path: ['password'], message: problem })
  })
