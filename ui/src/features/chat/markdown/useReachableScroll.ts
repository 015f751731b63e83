/** What is wider than the page is scrolled by itself: it must be reached by the keyboard as well. */
import { type RefObject, useEffect } from "react";
import { chatText } from "../../../lib/words/chat";

const WIDE =
  "[data-streamdown=code-block-body], [data-streamdown=table-wrapper] div, .katex-display";

export function useReachableScroll(root: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = root.current;
    if (!element) return;
    let frame = 0;
    const look = () => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => {
        for (const one of element.querySelectorAll<HTMLElement>(WIDE)) mark(one);
      });
    };
    const sizes = new ResizeObserver(look);
    const changes = new MutationObserver(look);
    sizes.observe(element);
    changes.observe(element, { childList: true, subtree: true });
    return () => {
      cancelAnimationFrame(frame);
      sizes.disconnect();
      changes.disconnect();
    };
  }, [root]);
}

function mark(element: HTMLElement): void {
  const isWide = element.scrollWidth > element.clientWidth;
  if (isWide === element.hasAttribute("tabindex")) return;
  element.toggleAttribute("tabindex", isWide);
  if (!isWide) return;
  element.tabIndex = 0;
  element.role = "group";
  element.ariaLabel = chatText.markdown.wide;
}
