import type { PageMessage } from "../../workspace/page-api.ts";
import { Blocks } from "../blocks/blocks.tsx";
import { safeUrl } from "../text/links.ts";
import { Text } from "../blocks/text.tsx";

/** What the app showed of the links in a message. */
export function Unfurls({ message }: { message: PageMessage }) {
  return (
    <>
      {(message.unfurls ?? []).map((unfurl) => {
        const url = safeUrl(unfurl.url);
        return (
          <div class="unfurl" key={unfurl.url} data-testid="unfurl">
            {unfurl.title !== "" && (
              <div class="block-card-title">
                {url === null ? (
                  unfurl.title
                ) : (
                  <a href={url} target="_blank" rel="noopener noreferrer">
                    {unfurl.title}
                  </a>
                )}
              </div>
            )}
            {unfurl.text !== "" && <Text text={{ type: "mrkdwn", text: unfurl.text }} />}
            {unfurl.blocks.length > 0 && <Blocks blocks={unfurl.blocks} channel={message.channel} ts={message.ts} />}
          </div>
        );
      })}
    </>
  );
}
