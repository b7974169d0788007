/**
 * Fields that are never read, kept, offered or written, whatever a field map says (sync-rules §3.5): social security,
 * birth, gender and the like, pay and cost rates, cards, bank and tax.
 */
const SENSITIVE = [
  /social|ssn|birth|gender|ethnic|marital|disability|veteranstatus|passport|driverslicense|citizen|eeo(code)?$/i,
  /pay(rate|roll|ment)|paytype|otherpay|pay(ovt|special)|(job|prov)cost|provbill|costrate|directdeposit|exemption/i,
  /creditcard|bank|routing|account(id|number)|tax|^ein$|w9/i,
]

/** Whether a field of this name, of either system, must be left where it is. */
export function isSensitive(field: string): boolean {
  return SENSITIVE.some((pattern) => pattern.test(field))
}
