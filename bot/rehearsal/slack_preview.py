"""An instrument's questions as somebody in Slack will be asked them; nothing is stored or sent."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from bot.cards import Message
from bot.content.model import Instrument, Pack
from bot.domain.chance import SystemChance
from bot.domain.clock import Clock
from bot.domain.languages import Language
from bot.domain.people import NodeRules
from bot.flows.env import Env, Reader
from bot.flows.rounds.answering import View
from bot.flows.rounds.cards import question
from bot.flows.rounds.engine import Path as Steps
from bot.platforms.slack import views
from bot.platforms.slack.escape import Block
from bot.platforms.slack.rendering import Rendering
from bot.privacy.ballots import Ballot
from bot.privacy.keys import KeyStore

_NOWHERE = "https://trivselsbot.example/"
_NEVER = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)


class UnknownQuestion(KeyError):  # noqa: N818 - named for what was asked for
    """The instrument has no question with this id."""


def asked(
    pack: Pack, instrument_id: str, language: Language, only: Sequence[str] = ()
) -> tuple[Block, ...]:
    """Return the views of some questions; without ``only`` of those a person is asked at once.

    Short sets of questions that take turns stand on one view, others each on its own.
    Raises ``KeyError`` for an unknown instrument, ``UnknownQuestion`` for an unknown question.
    """
    instrument = pack.instruments[instrument_id]
    known = [one.id for one in instrument.questions]
    if wrong := [one for one in only if one not in known]:
        raise UnknownQuestion(wrong[0])
    steps = tuple(only) or _at_once(instrument)
    context = Rendering(pack.words(language), lambda path: f"{_NOWHERE}{path}")
    cards = _cards(pack, instrument, context, steps)
    if instrument.order == "rotate":
        return (views.questions(cards, context=context),)
    return tuple(views.questions((card,), context=context) for card in cards)


def _at_once(instrument: Instrument) -> tuple[str, ...]:
    """Return the questions of one round: all, or the anchor and as many others as are drawn."""
    if instrument.order == "fixed":
        return tuple(one.id for one in instrument.questions)
    first = sorted(instrument.questions, key=lambda one: not one.anchor)
    return tuple(one.id for one in first[: instrument.ask[1]])


def _cards(
    pack: Pack, instrument: Instrument, context: Rendering, steps: tuple[str, ...]
) -> tuple[Message, ...]:
    env = Env(
        pack=pack,
        keys=KeyStore(Path("no-key-is-read")),
        clock=Clock(),
        chance=SystemChance(),
        defaults=NodeRules(),
        organisation="",
    )
    reader = Reader(context.words, "Europe/Copenhagen")
    path = Steps(steps, comment=False)
    return tuple(
        question(
            env,
            reader,
            View(
                round="",
                instrument=instrument.id,
                path=path,
                ballot=Ballot.empty(),
                show=step,
                zone=reader.zone,
                closes_at=_NEVER,
                publish_at=_NEVER,
            ),
        )
        for step in steps
    )
