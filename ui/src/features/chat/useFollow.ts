/** Follows what comes as long as a reader is at the end, and leaves alone whoever reads above. */
import { useCallback, useEffect, useRef, useState } from "react";

const NEARLY = 80;

const distance = () => document.documentElement.scrollHeight - window.innerHeight - window.scrollY;
const toEnd = () => void window.scrollTo(0, document.documentElement.scrollHeight);

export function useFollow(list: HTMLElement | null) {
  const isFollowing = useRef(false);
  const [isAway, setAway] = useState(false);

  useEffect(() => {
    let before = window.scrollY;
    const onScroll = () => {
      const isUp = window.scrollY < before - 1;
      before = window.scrollY;
      isFollowing.current = isUp
        ? isFollowing.current && distance() <= 1
        : isFollowing.current || distance() <= NEARLY;
      setAway(!isFollowing.current && distance() > NEARLY);
    };
    window.addEventListener("scroll", onScroll, { passive: true });
    return () => window.removeEventListener("scroll", onScroll);
  }, []);

  useEffect(() => {
    if (!list) return;
    const sizes = new ResizeObserver(() => {
      if (isFollowing.current) toEnd();
      else setAway(distance() > NEARLY);
    });
    sizes.observe(list);
    return () => sizes.disconnect();
  }, [list]);

  const follow = useCallback(() => {
    isFollowing.current = true;
    setAway(false);
    toEnd();
  }, []);
  return { isAway, follow };
}
