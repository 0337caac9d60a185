"""Replies kept ready: what everybody who has come to the same step is shown alike.

Most people go straight through a round: at each step they see the same card, in their language,
as their colleagues do. Nothing anybody has answered can be in it, for it is drawn from an *empty*
ballot. As soon as a reply would show something of the person's own (a choice marked, a comment, a
remark on his click or his ballot, his representatives) it is drawn for him alone and not kept.
"""

from collections.abc import Callable, Hashable
from dataclasses import replace

from bot.cards import Ask, Reply, Show
from bot.flows.env import Env, Reader
from bot.flows.rounds.answering import View
from bot.flows.rounds.engine import COMMENT
from bot.privacy.ballots import Ballot


def ready(env: Env, reader: Reader, view: View, draw: Callable[[View], Reply]) -> Reply:
    """Return what ``draw`` makes of the view, from memory where that is the same for all."""
    if shows_something_of_ones_own(view):
        return draw(view)
    return _kept(env, reader, view, view.show, draw)


def ready_sheet(
    env: Env, reader: Reader, view: View, first: str, draw: Callable[[View], Reply]
) -> Reply:
    """Return what ``draw`` makes of a view of all questions at once, headed by ``first``, likewise.

    All who have answered nothing yet are shown the same.
    """
    if view.stale or view.lost or not view.ballot.is_empty:
        return draw(view)
    return _kept(env, reader, view, (first,), draw)


def shows_something_of_ones_own(view: View) -> bool:
    """Tell whether a reply to this view may differ from that to a colleague at the same step."""
    ballot, step = view.ballot, view.show
    if view.stale or view.lost or view.listeners:
        return True
    if step is None:
        return False
    if step == COMMENT:
        return ballot.comment is not None
    # Before the first answer the first question offers more: later, and not for me.
    begun = step == view.path.steps[0] and not ballot.is_empty
    return begun or ballot.answers.get(step, view.before) is not None


def _kept(
    env: Env, reader: Reader, view: View, what: Hashable, draw: Callable[[View], Reply]
) -> Reply:
    revision = view.ballot.revision
    key = view.round, what, revision, reader.words.language, reader.zone
    return env.ready.get(
        key, lambda: _common(draw(replace(view, ballot=Ballot.empty(revision), before=None)))
    )


def _common(reply: Reply) -> Reply:
    return replace(reply, common=True) if isinstance(reply, Show | Ask) else reply
