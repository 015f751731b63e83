"""Where sessions lie.

| partition       | sort key          | row                                              |
|-----------------|-------------------|--------------------------------------------------|
| `user#<owner>`  | `session#<id>`    | the head: name, configuration, counters          |
| `user#<owner>`  | `gone#<id>`       | the tombstone of a deleted session               |
| `items#<uid>`   | `item#<sequence>` | an item; a part over 64 KB lies in the blob port |
| `items#<uid>`   | `mark#<item id>`  | that this id is taken, by which item             |
| `text#<owner>`  | see `texts`       | what is searched                                 |

An owner reaches only the own partition, so nobody reads another's session by guessing its id.
"""
