"""Where usage lies, counted and listed by when calls ended.

| partition              | sort key                              | row                            |
|------------------------|---------------------------------------|--------------------------------|
| `calls#<date>#<shard>` | `<time>#<batch>#<n>`                  | a subject's calls, of one hour |
| `hours#<date>#<shard>` | `<who>#<hour>#<model>#<token>#<lane>` | sums                           |
| `days#<month>#<shard>` | `<who>#<day>#<model>#<token>#<lane>`  | sums                           |
| `hours#<date>#all`     | `#<hour>#<model>##<lane>`             | sums over everybody            |
| `days#<month>#all`     | `#<day>#<model>##<lane>`              | sums over everybody            |
| `people#<shard>`       | `<subject>`                           | first and last call, groups    |

A subject's shard follows from its name, `who` is a hash of it. Of many processes that add to the
same sums each keeps to a lane, so that they seldom meet in a row. The calls that one process tells
of together lie in one row for each subject, since a row for each call costs more than the call.
"""
