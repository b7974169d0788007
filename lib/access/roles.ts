/** Who may do what, in one place (guide/security.md, Roles). What is not listed is refused. */
export const ROLES = ['viewer', 'operator', 'admin'] as const
export type Role = (typeof ROLES)[number]

export const PERMISSIONS = ['read', 'export', 'run', 'pair', 'settings', 'users'] as const
export type Permission = (typeof PERMISSIONS)[number]

const MATRIX: Readonly<Record<Role, readonly Permission[]>> = {
  viewer: ['read', 'export'],
  operator: ['read', 'export', 'run', 'pair'],
  admin: ['read', 'export', 'run', 'pair', 'settings', 'users'],
}

export function may(role: Role, permission: Permission): boolean {
  return MATRIX[role].includes(permission)
}

/** What a role is called and what it is for, for people who give it. */
export const ROLE_WORDS: Readonly<Record<Role, { readonly label: string; readonly help: string }>> = {
  viewer: { label: 'Viewer', help: 'sees everything and exports, changes nothing' },
  operator: { label: 'Operator', help: 'also runs syncs and pairs records' },
  admin: { label: 'Administrator', help: 'also changes settings and users' },
}

/** The sentence for somebody who asked for more than their role allows. */
export function refusal(permission: Permission): string {
  const least = ROLES.find((role) => may(role, permission)) ?? 'admin'
  return `Your role does not allow this: it needs ${ROLE_WORDS[least].label.toLowerCase()}. Ask an administrator.`
}
