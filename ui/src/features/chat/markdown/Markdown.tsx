/** What a model wrote, as a reader reads it. Nothing of it runs, and nothing of it is fetched. */
import { type ComponentProps, memo, useMemo, useRef } from "react";
import { type Components, defaultRehypePlugins, Streamdown } from "streamdown";
import { CITED } from "../../../chat/citations";
import { chatText } from "../../../lib/words/chat";
import { Marker } from "../message/Marker";
import { usePlugins } from "./plugins";
import { hasDiagram, prepared } from "./prepare";
import { useIsDark } from "./useIsDark";
import { useReachableScroll } from "./useReachableScroll";

type Harden = [plugin: never, options: Record<string, unknown>];

const { raw, sanitize, harden } = defaultRehypePlugins;
const [hardener, hardenOptions] = harden as unknown as Harden;

// An image from elsewhere would tell its server what was read here; the default lets all through.
const OWN_IMAGES_ONLY = [
  raw,
  sanitize,
  [
    hardener,
    {
      ...hardenOptions,
      defaultOrigin: window.location.origin,
      allowedImagePrefixes: [window.location.origin],
      allowDataImages: false,
      allowedProtocols: ["http", "https", "mailto"],
    },
  ],
] as ComponentProps<typeof Streamdown>["rehypePlugins"];

const COMPONENTS: Components = {
  a: ({ node: _, href, children, ...rest }) =>
    href?.startsWith(CITED) ? (
      <Marker number={Number(href.slice(CITED.length))} />
    ) : (
      <a
        {...rest}
        href={href}
        target="_blank"
        rel="noopener noreferrer"
        title={href}
        className="text-primary underline underline-offset-2"
      >
        {children}
        <span className="sr-only"> ({chatText.markdown.newTab})</span>
      </a>
    ),
  input: ({ node: _, ...rest }) => (
    <input {...rest} aria-label={chatText.markdown.checkbox(rest.checked === true)} />
  ),
};

const CONTROLS = {
  code: { copy: true, download: false },
  table: { copy: true, download: false, fullscreen: false },
  mermaid: { copy: true, download: false, fullscreen: true, panZoom: true },
  image: false,
} as const;

interface Props {
  text: string;
  isGrowing: boolean;
}

export default memo(function Markdown({ text, isGrowing }: Props) {
  const markdown = useMemo(() => prepared(text), [text]);
  const plugins = usePlugins(markdown);
  const theme = useIsDark() ? "dark" : "default";
  const drawn = hasDiagram(markdown) ? theme : ""; // a diagram keeps the theme it was drawn in
  const extras = [...Object.keys(plugins), drawn].join(" ");
  const box = useRef<HTMLDivElement>(null);
  useReachableScroll(box, isGrowing);
  return (
    <div ref={box} className="markdown">
      <Streamdown
        key={extras}
        mermaid={{ config: { theme, securityLevel: "strict" } }}
        mode="streaming" // also when it is whole: changing it would draw everything anew
        isAnimating={isGrowing}
        plugins={plugins}
        components={COMPONENTS}
        rehypePlugins={OWN_IMAGES_ONLY}
        controls={CONTROLS}
        linkSafety={{ enabled: false }}
        lineNumbers={false}
        codeBlockMaxHeight={Number.POSITIVE_INFINITY}
        tableMaxHeight={Number.POSITIVE_INFINITY}
      >
        {markdown}
      </Streamdown>
    </div>
  );
});
