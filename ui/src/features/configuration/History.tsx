/** Who changed what, when and why. */
import { useConfigurationHistory, type Version } from "../../api/configuration";
import { configurationText as words } from "../../lib/words/configuration";
import { Changes } from "../../ui/Changes";
import { Moment } from "../../ui/Moment";
import { PagedList } from "../../ui/PagedList";

const LIST = {
  loading: words.historyLoading,
  failed: words.historyFailed,
  shown: words.historyShown,
};

export function History() {
  const list = useConfigurationHistory();
  const versions = list.data ?? [];
  return (
    <section className="mt-10">
      <h2 className="mb-3 text-lg font-semibold">{words.history}</h2>
      <PagedList
        list={list}
        label={words.history}
        words={LIST}
        empty={<p className="text-sm text-muted-foreground">{words.historyEmpty}</p>}
        keyOf={numberOf}
      >
        {(version, position) => (
          <VersionRow
            version={version}
            former={versions[position + 1]}
            isLast={!list.hasNextPage}
          />
        )}
      </PagedList>
    </section>
  );
}

const numberOf = ({ version }: Version) => String(version);

interface RowProps {
  version: Version;
  former: Version | undefined;
  /** No older version is left to be loaded. */
  isLast: boolean;
}

function VersionRow({ version, former, isLast }: RowProps) {
  return (
    <article>
      <h3 className="text-sm font-medium">{words.version(version.version)}</h3>
      <p className="text-xs text-muted-foreground">
        {version.changed_by} {version.changed && <Moment at={version.changed} />}
      </p>
      <p className="mt-1 text-sm">{version.reason || words.noReason}</p>
      <details className="mt-1">
        <summary className="cursor-pointer text-xs text-muted-foreground">{words.changed}</summary>
        <div className="mt-2">
          {former ? (
            <Changes before={former.configuration} after={version.configuration} />
          ) : (
            <p className="text-xs text-muted-foreground">
              {isLast ? words.firstEver : words.first}
            </p>
          )}
        </div>
      </details>
    </article>
  );
}
