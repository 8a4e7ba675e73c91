/** What a validator found, each with the place as Slack names it (a JSON pointer). */
export class Problems {
  readonly messages: string[] = [];

  add(at: string, what: string): void {
    if (this.messages.length < 20) this.messages.push(`[ERROR] ${what} [json-pointer:${at}]`);
  }
}
