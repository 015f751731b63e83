/** Catches what a component throws, so that a mistake of ours is a sentence and not a blank page. */
import { Component, type ReactNode } from "react";
import { text } from "../lib/strings";
import { Failed } from "../ui/states";

interface Props {
  children: ReactNode;
}

export class ErrorBoundary extends Component<Props, { error: unknown }> {
  override state = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    if (this.state.error === null) return this.props.children;
    return (
      <main className="p-6">
        <ErrorPage error={this.state.error} reset={() => this.setState({ error: null })} />
      </main>
    );
  }
}

export function ErrorPage({ error, reset }: { error: unknown; reset: () => void }) {
  return <Failed title={text.unexpectedTitle} error={error} onRetry={reset} />;
}
