/** Milliseconds of a Slack stamp ("1721000000.000100"). A stamp that is none is 0. */
export function stampMs(ts: string): number {
  const value = Number.parseFloat(ts);
  return Number.isFinite(value) ? Math.round(value * 1000) : 0;
}

type Options = Intl.DateTimeFormatOptions;
const format = (ms: number, options: Options, timeZone?: string): string =>
  new Intl.DateTimeFormat("en-GB", timeZone === undefined ? options : { ...options, timeZone }).format(ms);

/** The calendar day in the reader's zone, as a key: "2026-11-21". */
export const dayKey = (ms: number, timeZone?: string): string =>
  format(ms, { year: "numeric", month: "2-digit", day: "2-digit" }, timeZone).split("/").toReversed().join("-");

export const clock = (ms: number, timeZone?: string): string =>
  format(ms, { hour: "2-digit", minute: "2-digit" }, timeZone);

export const fullTime = (ms: number, timeZone?: string): string =>
  format(
    ms,
    { weekday: "long", day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit" },
    timeZone,
  );

const dayMs = 24 * 60 * 60 * 1000;

/** "Today", "Yesterday", else the date; the year only when it is another one. */
export function dayName(ms: number, now: number, timeZone?: string): string {
  const key = dayKey(ms, timeZone);
  if (key === dayKey(now, timeZone)) return "Today";
  if (key === dayKey(now - dayMs, timeZone)) return "Yesterday";
  const sameYear = key.slice(0, 4) === dayKey(now, timeZone).slice(0, 4);
  return format(
    ms,
    { weekday: "long", day: "numeric", month: "long", ...(sameYear ? {} : { year: "numeric" }) },
    timeZone,
  );
}

/** "just now", "2 min ago", "3 h ago", "4 days ago". */
export function ago(ms: number, now: number): string {
  const minutes = Math.floor((now - ms) / 60_000);
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ago`;
  const days = Math.floor(hours / 24);
  return days === 1 ? "1 day ago" : `${days} days ago`;
}

/** Slack's `<!date^…>` tokens; one that is not known stays as it is written. */
export function dateToken(seconds: number, pattern: string, now: number, timeZone?: string): string {
  const ms = seconds * 1000;
  const long: Options = { day: "numeric", month: "long", year: "numeric" };
  const short: Options = { day: "numeric", month: "short", year: "numeric" };
  const pretty = (options: Options) => {
    const name = dayName(ms, now, timeZone);
    return name === "Today" || name === "Yesterday" ? name.toLowerCase() : format(ms, options, timeZone);
  };
  return pattern.replace(/\{([a-z_]+)\}/g, (whole, token: string) => {
    switch (token) {
      case "date_num":
        return dayKey(ms, timeZone);
      case "date":
        return format(ms, long, timeZone);
      case "date_short":
        return format(ms, short, timeZone);
      case "date_long":
        return format(ms, { ...long, weekday: "long" }, timeZone);
      case "date_pretty":
        return pretty(long);
      case "date_short_pretty":
        return pretty(short);
      case "date_long_pretty":
        return pretty({ ...long, weekday: "long" });
      case "time":
        return clock(ms, timeZone);
      case "time_secs":
        return format(ms, { hour: "2-digit", minute: "2-digit", second: "2-digit" }, timeZone);
      case "ago":
        return ago(ms, now);
      default:
        return whole;
    }
  });
}

/** "4.2 MB" for a person; powers of 1024. */
export function bytes(size: number): string {
  if (size < 1024) return `${size} B`;
  const units = ["KB", "MB", "GB"];
  let value = size / 1024;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value < 10 ? value.toFixed(1).replace(/\.0$/, "") : Math.round(value)} ${units[unit]}`;
}
