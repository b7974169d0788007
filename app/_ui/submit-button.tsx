'use client'

import { useFormStatus } from 'react-dom'
import { Button, type ButtonProps } from './button.tsx'

/** The button that sends its form. While the form is under way it is busy and cannot be pressed twice. */
export function SubmitButton({ variant = 'primary', pending, ...rest }: Omit<ButtonProps, 'type'>) {
  const status = useFormStatus()
  return <Button {...rest} type="submit" variant={variant} pending={pending ?? status.pending} />
}
