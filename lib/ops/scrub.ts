const HIDDEN = '[hidden]'
/** Names under which a value is never logged, whatever it holds. */
const SECRET_NAME =
  /pass(word|phrase)?$|secret|token|authorization|cookie|credential|api[-_]?key|session[-_]?id$|^sealed$|encryption[-_]?key|ssn|social[-_]?security|birth|salary|pay[-_]?rate|bank|card[-_]?number/i
/** Names of environment variables whose values must not appear even inside another text. */
const SECRET_VARIABLE = /PASSWORD|SECRET|TOKEN|ENCRYPTION_KEY|CLIENT_ID$/
const DEPTH_LIMIT = 8
const SHORTEST_SECRET = 6

/**
 * A copy that may be logged: values under secret names are hidden; in every text, also of errors and their causes, URLs lose
 * their query and their password (Ajera's address carries its key there), bearer tokens and known secrets are hidden.
 */
export function scrub(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return scrubText(value)
  if (typeof value !== 'object' || value === null) return value
  if (depth > DEPTH_LIMIT) return '[deeper]'
  if (value instanceof Date) return value
  if (value instanceof URL) return scrubText(value.href)
  if (value instanceof Error) return scrubError(value, depth)
  if (Array.isArray(value)) return value.map((entry) => scrub(entry, depth + 1))
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`
  return scrubRecord(value, depth)
}

/** The same for the members of an object. */
export function scrubRecord(record: object, depth = 0): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(record).map(([name, entry]) => [name, isSecret(name, entry) ? HIDDEN : scrub(entry, depth + 1)]),
  )
}

/** The same for one text. */
export function scrubText(text: string): string {
  let clean = text
    .replace(/([a-z][a-z0-9+.-]*:\/\/)[^\s/?#"'@]*@/gi, `$1${HIDDEN}@`)
    .replace(/([a-z][a-z0-9+.-]*:\/\/[^\s?"'<>)]*)\?[^\s"'<>)]*/gi, `$1?${HIDDEN}`)
    .replace(/\b(Bearer|Basic)\s+[A-Za-z0-9+/=._~-]+/gi, `$1 ${HIDDEN}`)
    .replace(
      /(["']?[\w-]*(?:password|secret|token|sessionid)["']?\s*[:=]\s*)("[^"]*"|'[^']*'|[^\s,;&}"']+)/gi,
      `$1${HIDDEN}`,
    )
  for (const secret of knownSecrets()) clean = clean.replaceAll(secret, HIDDEN)
  return clean
}

function scrubError(error: Error, depth: number): Record<string, unknown> {
  const { name, message, stack, cause, ...rest } = error
  return {
    ...scrubRecord(rest, depth),
    type: name ?? error.name,
    message: scrubText(message ?? error.message),
    stack: stack === undefined ? undefined : scrubText(stack),
    cause: cause === undefined ? undefined : scrub(cause, depth + 1),
  }
}

function isSecret(name: string, value: unknown): boolean {
  return SECRET_NAME.test(name) && value !== null && value !== undefined && typeof value !== 'boolean'
}

let known: { size: number; secrets: string[] } | null = null

/** Read again only when variables came or went: it is asked for every line of the log. */
function knownSecrets(): string[] {
  const names = Object.keys(process.env)
  if (known?.size !== names.length) {
    const values = names.filter((name) => SECRET_VARIABLE.test(name)).map((name) => process.env[name] ?? '')
    known = { size: names.length, secrets: values.filter((value) => value.length >= SHORTEST_SECRET) }
  }
  return known.secrets
}
