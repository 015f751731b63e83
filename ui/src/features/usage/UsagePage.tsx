/** What was used: one's own, or for administrators everybody's. */
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useMe } from "../../api/identity";
import { type By, type Call, type Span, useCalls, useUsage } from "../../api/usage";
import { usageText } from "../../lib/words/usage";
import { buttonClass } from "../../ui/Button";
import { mainElement } from "../../ui/focus";
import { PagedList } from "../../ui/PagedList";
import { PageHeader } from "../../ui/PageHeader";
import { Empty, Failed, Loading } from "../../ui/states";
import { Breakdown } from "./Breakdown";
import { CallRow } from "./CallRow";
import { Charts } from "./Charts";
import { Choice, Download } from "./Choice";
import { pointsOf, type Range, spanOf } from "./series";
import { Totals } from "./Totals";

const NOBODY = { model: "", subject: "", token: "" };

export function UsagePage() {
  const { data: me } = useMe(true);
  const [range, setRange] = useState<Range>("day");
  const [span, setSpan] = useState<Span>(() => ({ ...spanOf("day"), ...NOBODY }));
  // The button that does this goes away with what is shown.
  const narrow = (by: By, name: string) => {
    setSpan({ ...span, [by]: name });
    mainElement()?.focus({ preventScroll: true });
  };
  const choose = (chosen: Range) => {
    setRange(chosen);
    setSpan({ ...span, ...spanOf(chosen) });
  };
  return (
    <>
      <PageHeader title={usageText.title} intro={me?.admin ? usageText.introAll : usageText.intro}>
        <Download span={span} />
      </PageHeader>
      <Choice range={range} span={span} onRange={choose} onNarrow={narrow} />
      <Used span={span} onNarrow={narrow} />
    </>
  );
}

interface UsedProps {
  span: Span;
  onNarrow: (by: By, name: string) => void;
}

function Used({ span, onNarrow }: UsedProps) {
  const { data, error, isPending, refetch } = useUsage(span, "model", false);
  if (isPending) return <Loading what={usageText.loading} />;
  if (!data)
    return <Failed title={usageText.failed} error={error} onRetry={() => void refetch()} />;
  if (data.total.requests === 0)
    return (
      <Empty title={usageText.emptyTitle} body={usageText.emptyBody}>
        <Link to="/playground" className={buttonClass("primary")}>
          {usageText.playground}
        </Link>
      </Empty>
    );
  return (
    <div className="flex flex-col gap-8">
      <Totals total={data.total} />
      <Charts
        points={pointsOf(data.lines, data.since, data.until, span.bucket)}
        bucket={span.bucket}
      />
      <Breakdown span={span} onNarrow={onNarrow} />
      <Calls key={JSON.stringify(span)} span={span} />
    </div>
  );
}

const CALLS = {
  loading: usageText.callsLoading,
  failed: usageText.callsFailed,
  shown: usageText.callsShown,
};

function Calls({ span }: { span: Span }) {
  const list = useCalls(span);
  return (
    <section>
      <h2 className="mb-3 text-lg font-semibold">{usageText.calls}</h2>
      <PagedList
        list={list}
        label={usageText.calls}
        words={CALLS}
        empty={<p className="text-sm text-muted-foreground">{usageText.callsEmpty}</p>}
        keyOf={idOf}
      >
        {(call) => <CallRow call={call} />}
      </PagedList>
    </section>
  );
}

const idOf = (call: Call) => call.id;
