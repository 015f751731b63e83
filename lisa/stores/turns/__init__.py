"""Where turns lie: with their session's items, so that deleting the session deletes them.

| partition     | sort key                     | row                                              |
|---------------|------------------------------|--------------------------------------------------|
| `items#<uid>` | `turn#<turn id>`             | the head: status, lease, what came of it         |
| `items#<uid>` | `asked#<turn id>`            | what was asked, which never changes              |
| `items#<uid>` | `log#<turn id>#<first>[.nn]` | a batch of events as JSON text; expires in a day |

A turn's id holds its session's uid, so it is found without an index. The head is small, for its
lease is renewed every few seconds.
"""
