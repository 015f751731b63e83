/** One sign-in for all tabs of a browser: who has it tells, who renews it tells the others. */
import type { Kept } from "./kept";

type Said = { what: "ask" } | { what: "have"; kept: string } | { what: "gone" };

export const PATIENCE_MS = 150;

/** What a tab's own sign-in does when another tab speaks. */
export interface Listener {
  kept: Kept;
  /** Another tab shows what it has. */
  onOffer: (kept: string) => void;
  /** Another tab signed out. */
  onGone: () => void;
}

export class Tabs {
  private readonly channel: BroadcastChannel;

  constructor(name: string, listener: Listener) {
    this.channel = new BroadcastChannel(name);
    this.channel.onmessage = ({ data }: MessageEvent<Said>) => {
      if (data.what === "ask") this.offer(listener.kept);
      else if (data.what === "have") listener.onOffer(data.kept);
      else listener.onGone();
    };
  }

  offer(kept: Kept): void {
    const written = kept.written();
    if (written) this.say({ what: "have", kept: written });
  }

  sayGone(): void {
    this.say({ what: "gone" });
  }

  /** Asks, and waits long enough for a tab that is awake to answer. */
  async ask(): Promise<void> {
    this.say({ what: "ask" });
    await new Promise((done) => setTimeout(done, PATIENCE_MS));
  }

  close(): void {
    this.channel.close();
  }

  private say(said: Said): void {
    this.channel.postMessage(said);
  }
}
