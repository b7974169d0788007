/** The text fields of a form, without what the framework itself puts there. A file or a repeated name is no text. */
export function formValues(form: FormData): Record<string, string> {
  const names = [...new Set(form.keys())].filter((name) => !name.startsWith('$ACTION_'))
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = form.get(name)
      return typeof value === 'string' ? [[name, value]] : []
    }),
  )
}

/** For zod's strict objects: names the fields of a form that was not sent by its page. */
export function unknownFields(issue: { code?: string; keys?: readonly string[] }): string | undefined {
  if (issue.code !== 'unrecognized_keys') return undefined
  return `This form was sent with fields that do not belong to it (${issue.keys?.join(', ')}). Nothing was changed.`
}
