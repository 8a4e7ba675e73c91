import { fromMarkdown } from "mdast-util-from-markdown";
import { gfm } from "micromark-extension-gfm";
import { gfmFromMarkdown } from "mdast-util-gfm";
import MarkdownIt from "markdown-it";
const md = new MarkdownIt();
for (const t of process.argv.slice(2).map((x) => JSON.parse(x))) {
  const strip = (n) => ({
    type: n.type,
    ...(n.value !== undefined ? { value: n.value } : {}),
    ...(n.children ? { children: n.children.map(strip) } : {}),
  });
  console.log(JSON.stringify(t));
  console.log(JSON.stringify(strip(fromMarkdown(t, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }))));
  console.log(md.render(t));
}
