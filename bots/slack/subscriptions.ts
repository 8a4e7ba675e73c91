/** Events that have a listener in `app.ts`, and what the manifest subscribes to so that they come. */
const subscriptions = {
  app_mention: ["app_mention"],
  message: ["message.channels", "message.groups", "message.im", "message.mpim"],
} as const;

export const handledEvents = Object.keys(subscriptions) as (keyof typeof subscriptions)[];
export const subscribedEvents = handledEvents.flatMap((type) => [...subscriptions[type]]);
