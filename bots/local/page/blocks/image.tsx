import { useState } from "preact/hooks";
import { Icon } from "../parts/icons.tsx";
import { Link } from "../parts/rich.tsx";
import { useDeck } from "../parts/deck.ts";
import { ownUrl, safeUrl } from "../text/links.ts";
import { record, str, textOf, type Json } from "../text/json.ts";

/** An image of this workspace; one from elsewhere is named by its alternative text and not fetched. */
export function Image({ image, size }: { image: Json; size: "tiny" | "small" | "large" }) {
  const { model } = useDeck();
  const [broken, setBroken] = useState(false);
  const alt = str(image, "alt_text") || "Image";
  const address = str(image, "image_url") || str(record(image["slack_file"]), "url");
  const own = ownUrl(address, location.origin);
  if (own !== null && address !== "" && !broken) {
    const src = own.startsWith("/local/files/") && !own.includes("?") ? `${own}?as=${model.me}` : own;
    return <img class={`image ${size}`} src={src} alt={alt} loading="lazy" onError={() => setBroken(true)} />;
  }
  const url = safeUrl(address);
  const shown = (
    <span class="image-alt">
      <Icon name="image" size={16} /> {alt}
    </span>
  );
  return url === null ? shown : <Link url={url}>{shown}</Link>;
}

export function ImageBlock({ block }: { block: Json }) {
  const title = textOf(block, "title");
  return (
    <figure class="block-image">
      {title !== "" && <figcaption>{title}</figcaption>}
      <Image image={block} size="large" />
    </figure>
  );
}
