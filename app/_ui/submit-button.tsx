'use client'

import { useFormStatus } from 'react-dom'
import { Button, type ButtonProps } from './button.tsx'

/**
 * The button that sends its form. While the form is under way none of its buttons can be pressed again, and the one that
 * was pressed is busy.
 */
export function SubmitButton({ variant = 'primary', disabled, ...rest }: Omit<ButtonProps, 'type' | 'pending'>) {
  const { pending, data } = useFormStatus()
  const isOwn = rest.name === undefined || data?.get(rest.name) === rest.value
  return (
    <Button
      {...rest}
      type="submit"
      variant={variant}
      pending={pending && isOwn}
      disabled={disabled === true || pending}
    />
  )
}
