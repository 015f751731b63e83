/** Tells the other tabs of this browser that something was said in a session. */
export class Tabs {
  private readonly channel: BroadcastChannel | null;

  constructor(sessionId: string, onNews: () => void) {
    const name = `lisa.session.${sessionId}`;
    this.channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel(name);
    if (this.channel) this.channel.onmessage = onNews;
  }

  tell(): void {
    this.channel?.postMessage("news");
  }

  close(): void {
    this.channel?.close();
  }
}
