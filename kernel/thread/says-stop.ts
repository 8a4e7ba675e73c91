/** Whether a message only asks to stop. */
export const saysStop = (text: string): boolean =>
  /^\s*(?:please\s+)?(?:stop|cancel|halt)(?:\s+(?:it|that|please))?[.!]*\s*$/i.test(text);
