"""Which passwords are good enough."""

from typing import Final

from lisa.domain.accounts import LONGEST_PASSWORD, SHORTEST_PASSWORD
from lisa.domain.errors import Invalid

# Of the most common ones, those that are long enough to be chosen here.
TRIED_FIRST: Final = """
0123456789 0987654321 1111111111 1122334455 1223334444 1234512345 123456789a 1234567890
12345678900 12345678910 123456789012 1234567891 1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx3edc
987654321a 9876543210 abcdefghij abcdefghijk administrator adminadmin asdfasdfasdf asdfghjkl1
asdfghjkl; basketball changeme12 changeme123 changemenow defaultpassword football123
helloworld iloveyou12 iloveyou123 letmein123 letmeinnow liverpool1 manchester master1234
mypassword p@ssw0rd123 passw0rd123 password01 password10 password12 password123 password1234
password12345 passwordpassword princess123 q1w2e3r4t5 qazwsxedcrfv qwerty1234 qwerty12345
qwerty123456 qwertyuiop qwertyuiop123 sunshine123 superman123 temppassword welcome123
welcome1234 zaq12wsxcde3 zxcvbnm123
"""
COMMON: Final = frozenset(TRIED_FIRST.split())


def refuse_weak(password: str, name: str) -> None:
    """Raise `Invalid` for a password that is too short, too long or too easily guessed."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise _weak(f"a password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters")
    guess = password.casefold()
    if guess in COMMON or len(set(guess)) == 1:
        raise _weak("this is one of the passwords that are tried first")
    if guess == name.casefold():
        raise _weak("a password may not be the account's name")


def _weak(why: str) -> Invalid:
    return Invalid(why, next_step="choose another, like four words at random", code="weak_password")
